namespace TokenGovernance.Configuration;

/// <summary>What the configuration file says; NULL is "it does not say".</summary>
sealed record Settings
{
    /// <summary>The settings where there is no file.</summary>
    public static Settings None { get; } = new();

    /// <summary>Full path of the file that was read; NULL if there was none.</summary>
    public string? Path { get; init; }

    /// <summary>The store, as it is written.</summary>
    public string? Db { get; init; }

    /// <summary>OpenClaw's state directories, as they are written.</summary>
    public IReadOnlyList<string>? OpenClawHomes { get; init; }

    public string? OpenClawBin { get; init; }

    /// <summary>A file with list prices besides OpenClaw's own, in LiteLLM's format, as it is written.</summary>
    public string? Prices { get; init; }

    /// <summary>Whose days; the machine's if it is not said.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>NULL: the file says nothing of it, and a daemon does not serve.</summary>
    public ServeSettings? Serve { get; init; }

    /// <summary>Programs whose own files are read, too, besides those in OpenClaw's homes.</summary>
    public RuntimeSettings Runtimes { get; init; } = new();

    public CollectSettings Collect { get; init; } = new();

    /// <summary>NULL: nothing is pushed anywhere.</summary>
    public FleetSettings? Fleet { get; init; }

    public IReadOnlyList<BudgetSettings> Budgets { get; init; } = [];

    public IReadOnlyList<QuotaSettings> Quotas { get; init; } = [];

    /// <summary>NULL: nobody wants to hear of runaways.</summary>
    public RunawaySettings? Runaway { get; init; }

    public IReadOnlyList<DestinationSettings> Destinations { get; init; } = [];

    /// <summary>There is something to watch.</summary>
    public bool HasLimits => Budgets.Count > 0 || Quotas.Count > 0 || Runaway is not null;

    /// <summary>A secret stands in the file itself.</summary>
    public bool HoldsSecrets => Destinations.Any(one => one.Webhook is { } webhook
        && ((webhook.Url.IsInConfiguration && webhook.Format is not WebhookFormat.Alertmanager) || webhook.Secret is { IsInConfiguration: true } || webhook.Token is { IsInConfiguration: true }));

    /// <summary>What a user should know of the file, though nothing is wrong in it.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>Runtimes whose files lie outside of OpenClaw's homes: they are read for whoever asks for it.</summary>
sealed record RuntimeSettings
{
    /// <summary>Sessions of Claude Code that OpenClaw uses.</summary>
    public bool Claude { get; init; }
}

/// <summary>What `collect` takes as options.</summary>
sealed record CollectSettings
{
    public static readonly Limits IntervalSecLimits = new(0.01, 86_400);
    public static readonly Limits StatusEveryLimits = new(1, int.MaxValue);
    public static readonly Limits StatusTimeoutSecLimits = new(1, 3600);
    public static readonly Limits StatusKeepMinLimits = new(0, 1440);
    public static readonly string[] LogFormats = ["text", "json"];

    public double? IntervalSec { get; init; }

    public int? StatusEvery { get; init; }

    public bool NoStatus { get; init; }

    public bool NoAlerts { get; init; }

    public IReadOnlyList<string>? Agents { get; init; }

    public double? StatusTimeoutSec { get; init; }

    public double? StatusKeepMin { get; init; }

    public string? LogFormat { get; init; }

    public bool Quiet { get; init; }

    public bool Verbose { get; init; }
}
