namespace TokenGovernance.Setup;

/// <summary>What was found out about this user and machine, so that nobody has to be asked.</summary>
sealed record SetupFacts
{
    /// <summary>How a service starts this program: its full path, behind the one of `dotnet` where that is needed.</summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>OpenClaw's state directories.</summary>
    public required IReadOnlyList<string> Homes { get; init; }

    /// <summary>The program `openclaw`; NULL: it was not found, and there are no quotas.</summary>
    public string? OpenClaw { get; init; }

    /// <summary>IANA name; NULL: the machine's has none.</summary>
    public string? TimeZone { get; init; }

    public required string Store { get; init; }

    /// <summary>The configuration file.</summary>
    public required string Configuration { get; init; }

    /// <summary>Options of every verb of the service, for what it would not find by itself.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>The same, for `collect` alone.</summary>
    public IReadOnlyList<string> CollectOptions { get; init; } = [];

    /// <summary>Folders of `openclaw` and of what runs it: a service has a short PATH.</summary>
    public IReadOnlyList<string> ProgramFolders { get; init; } = [];

    /// <summary>Where .NET is, if the system does not know: `$DOTNET_ROOT`.</summary>
    public string? DotnetRoot { get; init; }

    /// <summary>The user's own folder.</summary>
    public required string UserFolder { get; init; }

    /// <summary>The user's folder for configuration.</summary>
    public required string ConfigurationFolder { get; init; }

    /// <summary>The user's folder for data.</summary>
    public required string DataFolder { get; init; }

    /// <summary>The configuration has something to watch.</summary>
    public bool HasLimits { get; init; }

    /// <summary>The configuration lets the daemon serve, or push to a database.</summary>
    public bool NeedsNetwork { get; init; }

    /// <summary>Where a daemon writes responses to before it removes them, if `retention keep` has said so; NULL: nowhere.</summary>
    public string? Archive { get; init; }

    public string StoreFolder => Path.GetDirectoryName(Store)!;
}
