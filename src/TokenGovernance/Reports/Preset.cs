namespace TokenGovernance.Reports;

/// <summary>A ready-made report: what is not said on the command line.</summary>
/// <param name="Name">The word for it.</param>
/// <param name="Says">What it shows.</param>
/// <param name="By">Its dimensions.</param>
sealed record Preset(string Name, string Says, params IReadOnlyList<Dimension> By)
{
    /// <summary>As `--since` takes it.</summary>
    public string? Since { get; init; }

    /// <summary>Since the first of the month.</summary>
    public bool IsThisMonth { get; init; }

    public int? Top { get; init; }

    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>Without a word: everything by agent and model.</summary>
    public static Preset Default { get; } = new("", "everything by agent and model", Dimension.Agent, Dimension.Provider, Dimension.Model);

    public static Preset Costs { get; } = new("costs", "what is known about costs, by model", Dimension.Provider, Dimension.Model);

    public static IReadOnlyList<Preset> All { get; } =
    [
        new("today", "today by agent and model", Dimension.Agent, Dimension.Provider, Dimension.Model) { Since = "today" },
        new("month", "this month by agent and model", Dimension.Agent, Dimension.Provider, Dimension.Model) { IsThisMonth = true },
        new("agents", "by agent", Dimension.Agent),
        new("models", "by provider and model", Dimension.Provider, Dimension.Model),
        new("channels", "by channel and chat type", Dimension.Channel, Dimension.ChatType),
        new("jobs", "cron jobs", Dimension.Agent, Dimension.Job)
        {
            Where = [new NameFilter(Dimension.Job, new HashSet<string>(StringComparer.Ordinal) { NameFilter.Unknown }, IsNot: true)],
        },
        new("sessions", "the 20 most expensive sessions", Dimension.Session) { Top = 20 },
        new("trend", "the last 30 days, day by day", Dimension.Day) { Since = "30d" },
        Costs,
    ];
}
