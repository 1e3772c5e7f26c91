namespace TokenGovernance.Reports;

/// <summary>A ready-made report: the values of options that the command line leaves out.</summary>
/// <param name="Names">The words for it.</param>
/// <param name="Says">What it shows.</param>
/// <param name="By">Its dimensions.</param>
sealed record Preset(IReadOnlyList<string> Names, string Says, params IReadOnlyList<Dimension> By)
{
    static readonly Dimension[] ByModel = [Dimension.Agent, Dimension.Provider, Dimension.Model];

    /// <summary>As `--since` takes it.</summary>
    public string? Since { get; init; }

    /// <summary>As `--until` takes it.</summary>
    public string? Until { get; init; }

    public int? Top { get; init; }

    public RowDetail Detail { get; init; }

    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>Without a name.</summary>
    public static Preset Default { get; } = new([], "everything by agent and model", ByModel);

    public static IReadOnlyList<Preset> All { get; } =
    [
        new(["today"], "today by agent and model", ByModel) { Since = "today", Until = "today" },
        new(["yesterday"], "yesterday", ByModel) { Since = "yesterday", Until = "yesterday" },
        new(["this-week", "week"], "this week so far", ByModel) { Since = "this-week", Until = "this-week" },
        new(["last-week"], "last week", ByModel) { Since = "last-week", Until = "last-week" },
        new(["this-month", "month"], "this month so far", ByModel) { Since = "this-month", Until = "this-month" },
        new(["last-month"], "last month", ByModel) { Since = "last-month", Until = "last-month" },
        new(["agents"], "by agent", Dimension.Agent),
        new(["models"], "by provider and model", Dimension.Provider, Dimension.Model),
        new(["channels"], "by channel and chat type", Dimension.Channel, Dimension.ChatType),
        new(["jobs"], "cron jobs only: runs, cost per run, and what heartbeats cost beside them", Dimension.Agent, Dimension.Job)
        {
            Top = 20,
            Detail = RowDetail.Job,

            // Newer versions of OpenClaw run webhooks under the key of a cron job.
            Where = [Only(Dimension.Job, NameFilter.Unknown, isNot: true), Only(Dimension.Trigger, "hook", isNot: true)],
        },
        new(["hooks"], "webhooks only", Dimension.Agent, Dimension.Job) { Where = [Only(Dimension.Trigger, "hook")] },
        new(["sessions"], "the 20 most expensive sessions: agent, channel, model, start and end", Dimension.Agent, Dimension.Channel, Dimension.Session)
        {
            Top = 20,
            Detail = RowDetail.Session,
        },
        new(["compare"], "a period against the one before, by agent", Dimension.Agent) { Since = "this-week", Until = "this-week" },
        new(["trend"], "the last 30 days, day by day", Dimension.Day) { Since = "30d" },
        new(["costs"], "costs by model", Dimension.Provider, Dimension.Model),
    ];

    static NameFilter Only(Dimension dimension, string name, bool isNot = false) =>
        new(dimension, new HashSet<string>(StringComparer.Ordinal) { name }, isNot);

    public static Preset? Find(string? name) => All.FirstOrDefault(preset => preset.Names.Contains(name));
}
