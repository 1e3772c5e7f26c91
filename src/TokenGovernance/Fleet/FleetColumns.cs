using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet;

/// <summary>The columns of the fleet's tables: those of the store, by the same names in the same order.</summary>
static class FleetColumns
{
    /// <summary>`usage_events`, without the columns that only the fleet has.</summary>
    public static IReadOnlyList<FleetColumn> Events { get; } = [.. EventColumns.All.Select(FleetColumn.Of)];

    /// <summary>`provider_usage_snapshots`, likewise.</summary>
    public static IReadOnlyList<FleetColumn> Snapshots { get; } =
    [
        new("id", FleetType.Number), new("snapshot_ts", FleetType.Time), new("provider", FleetType.Text), new("display_name", FleetType.Text),
        new("plan", FleetType.Text), new("window_label", FleetType.Text), new("used_percent", FleetType.Real), new("reset_at_ms", FleetType.Number),
        new("kind", FleetType.Text), new("group_label", FleetType.Text), new("amount", FleetType.Real), new("amount_limit", FleetType.Real),
        new("unit", FleetType.Text), new("period", FleetType.Text), new("account_hash", FleetType.Text), new("agent_id", FleetType.Text),
        new("error", FleetType.Text), new("home", FleetType.Text),
    ];

    /// <summary>What is known of a response beside itself: of two nodes that know it, the one that knows more is believed.</summary>
    public static readonly string[] Attribution =
    [
        "session_key", "channel", "chat_type", "origin_provider", "trigger", "job_id", "job_name", "spawned_by", "parent_session_key",
    ];

    public static int KeyIndex { get; } = IndexOf("event_key");

    public static int TimeIndex { get; } = IndexOf("event_ts");

    /// <summary>Names as a list for SQL, each after a table's alias.</summary>
    public static string List(IEnumerable<FleetColumn> columns, string alias = "") =>
        string.Join(", ", columns.Select(column => alias.Length == 0 ? Quote(column.Name) : $"{alias}.{Quote(column.Name)}"));

    /// <summary>A name in SQL.</summary>
    public static string Quote(string name) => name is "trigger" or "unit" or "plan" ? $"\"{name}\"" : name;

    static int IndexOf(string name) => Events.ToList().FindIndex(column => column.Name == name);
}
