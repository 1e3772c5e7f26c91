namespace TokenGovernance.Tests.Architecture;

/// <summary>The rooms of the program, each a folder and a namespace, and which others each may use.</summary>
static class Rooms
{
    /// <summary>
    ///     A room stands after all that it may use, so no cycle can be written down. `Sources.*` stands for that room and all
    ///     its sub-rooms, `*` for every room above.
    /// </summary>
    public static readonly IReadOnlyList<(string Room, string[] MayUse)> Table =
    [
        ("Domain", []),
        ("Text", []),
        ("Sqlite", []),
        ("Faults", []),
        ("Processes", []),
        ("Logging", ["Domain", "Text"]),

        ("Sources", ["Domain"]),
        ("Sources.Files", ["Sources"]),
        ("Sources.Json", ["Domain"]),
        ("Sources.OpenClaw", ["Sources", "Sources.Files", "Sources.Json", "Domain"]),
        ("Sources.OpenClaw.Entries", ["Sources.Json", "Domain"]),
        ("Sources.OpenClaw.Status", ["Processes", "Sources.Json", "Domain"]),
        ("Sources.OpenClaw.Transcripts",
            ["Sources", "Sources.Files", "Sources.Json", "Sources.OpenClaw", "Sources.OpenClaw.Entries", "Domain"]),
        ("Sources.OpenClaw.AgentDatabases",
            ["Sources", "Sources.Files", "Sources.Json", "Sources.OpenClaw", "Sources.OpenClaw.Entries", "Domain", "Sqlite"]),
        ("Sources.Runtimes", ["Sources", "Sources.Files", "Sources.Json", "Domain"]),
        ("Sources.Runtimes.Codex", ["Sources", "Sources.Files", "Sources.Json", "Sources.OpenClaw", "Sources.Runtimes", "Domain"]),
        ("Sources.Runtimes.ClaudeCode",
            ["Sources", "Sources.Files", "Sources.Json", "Sources.OpenClaw", "Sources.OpenClaw.AgentDatabases", "Sources.Runtimes", "Domain"]),

        ("Storage.Sessions", ["Domain", "Sqlite"]),
        ("Storage.Alerts", ["Domain", "Sqlite"]),
        ("Storage.Rollup", ["Domain", "Sqlite"]),
        ("Storage.Events", ["Storage.Sessions", "Storage.Rollup", "Domain", "Sqlite"]),
        ("Storage.Pruning", ["Storage.Events", "Storage.Rollup", "Domain", "Sqlite"]),
        ("Storage.Turns", ["Storage.Sessions", "Storage.Events", "Storage.Pruning", "Storage.Rollup", "Domain", "Sqlite"]),
        ("Storage.Changes", ["Storage.Events", "Storage.Rollup", "Domain", "Sqlite"]),
        ("Storage.Quotas", ["Domain", "Sqlite"]),
        ("Storage.Metrics", ["Storage.Rollup", "Domain", "Sqlite"]),
        ("Storage.LegacyImport", ["Storage.Sessions", "Storage.Events", "Domain", "Sqlite", "Faults"]),
        ("Storage.Making", ["Domain", "Sqlite", "Faults"]),
        ("Storage.Migrations", ["Storage.Events", "Storage.LegacyImport", "Sqlite"]),
        ("Storage", ["Storage.*", "Domain", "Sqlite", "Faults"]),

        ("Reports", ["Storage", "Storage.Rollup", "Domain", "Text"]),
        ("Reports.Pages", ["Reports", "Text"]),
        ("Configuration", ["Reports", "Domain", "Text"]),
        ("Setup", ["Configuration", "Processes", "Domain"]),
        ("Budgets.Usage", ["Reports", "Storage", "Storage.Rollup", "Domain"]),
        ("Budgets.Limits", ["Budgets.Usage", "Configuration", "Reports", "Domain", "Text"]),
        ("Budgets.Quotas", ["Configuration", "Reports", "Storage.Alerts", "Domain", "Text"]),
        ("Budgets.Runaway", ["Budgets.Usage", "Budgets.Limits", "Configuration", "Reports", "Storage.Alerts", "Domain", "Text"]),
        ("Budgets.Delivery", ["Processes", "Configuration", "Storage", "Storage.Alerts", "Domain", "Text", "Faults"]),
        ("Budgets",
            ["Budgets.Usage", "Budgets.Limits", "Budgets.Quotas", "Budgets.Runaway", "Budgets.Delivery", "Configuration", "Reports", "Storage", "Storage.Alerts", "Storage.Changes",
             "Domain", "Text"]),
        ("Overview", ["Budgets", "Budgets.Limits", "Configuration", "Reports", "Storage", "Storage.Rollup", "Domain", "Text"]),
        ("Export.Parquet", []),
        ("Export", ["Export.Parquet", "Reports", "Storage", "Storage.Changes", "Storage.Events", "Storage.Pruning", "Domain", "Text", "Faults"]),
        ("Retention", ["Export", "Storage", "Storage.Changes", "Storage.Pruning", "Domain"]),
        ("Serving.Http", ["Domain"]),
        ("Serving.Api", ["Serving.Http", "Storage", "Domain"]),
        ("Serving.Dashboard", ["Serving.Http"]),
        ("Serving.Metrics", ["Serving.Http", "Reports", "Storage", "Storage.Metrics", "Domain"]),
        ("Serving.Mcp", ["Serving.Api", "Reports", "Domain"]),
        ("Serving", ["Serving.Http", "Storage", "Domain"]),
        ("Fleet", ["Configuration", "Storage", "Storage.Changes", "Storage.Events", "Domain", "Text", "Faults"]),
        ("Fleet.Reading", ["Fleet", "Configuration", "Storage", "Storage.Alerts", "Storage.Changes", "Storage.Events", "Storage.Rollup", "Domain"]),
        ("Collection", ["Sources.*", "Storage", "Domain"]),
        ("Daemon", ["Collection", "Storage", "Logging", "Domain", "Text"]),
        ("Serving.Passes", ["Serving", "Serving.Http", "Daemon"]),
        ("Budgets.Passes", ["Budgets", "Budgets.Delivery", "Daemon", "Configuration", "Storage", "Storage.Alerts", "Domain", "Text"]),
        ("Fleet.Passes", ["Fleet", "Configuration", "Daemon", "Storage", "Storage.Changes", "Domain"]),
        ("Retention.Passes", ["Retention", "Daemon", "Storage", "Storage.Pruning", "Domain", "Text"]),
        ("Diagnostics", ["Collection", "Sources.*", "Storage", "Domain", "Text"]),
        ("Cli.Arguments", ["*"]),
        ("Cli", ["*"]),
        ("Program", ["Cli", "Cli.Arguments", "Domain"]),
    ];

    /// <summary>Rooms of which a type may use both a source and the store. Everywhere else the two never meet.</summary>
    public static readonly IReadOnlyList<string> MayUseSourcesAndStorage = ["Collection", "Cli.Arguments", "Cli"];

    /// <summary>Arrows that the table forbids and the program still has. This list only shrinks: one that is gone must go here too.</summary>
    public static readonly IReadOnlyList<string> ToBeMended =
    [
    ];

    /// <summary>Types that use both and must not; it shrinks likewise.</summary>
    public static readonly IReadOnlyList<string> ToBeSplit =
    [
    ];

    /// <summary>May a type of one room use one of another?</summary>
    public static bool Allows(string from, string to)
    {
        var above = Table.TakeWhile(row => row.Room != from).ToList();

        return above.Count < Table.Count
            && Table[above.Count].MayUse.Any(name => Matches(name, to))
            && above.Any(row => row.Room == to);
    }

    /// <summary>The room of a namespace or of a type's full name, both without the root's name.</summary>
    public static string OfName(string name) => Table.Select(row => row.Room)
        .Where(room => name == room || name.StartsWith($"{room}.", StringComparison.Ordinal))
        .MaxBy(room => room.Length) ?? name;

    /// <summary>Does a name in the table stand for the room?</summary>
    public static bool Matches(string name, string room) => name switch
    {
        "*" => true,
        _ when name.EndsWith(".*", StringComparison.Ordinal) => room == name[..^2] || room.StartsWith(name[..^1], StringComparison.Ordinal),
        _ => room == name,
    };
}
