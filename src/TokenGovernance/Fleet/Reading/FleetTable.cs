using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet.Reading;

/// <summary>A table of the fleet's database as the store has it: its columns in their order, then the node.</summary>
sealed class FleetTable
{
    const string Node = "node";

    static readonly FleetTable Events = new(
        FleetColumns.Events, "CASE WHEN e.is_undated THEN NULL ELSE e.event_ts END", UsageSql.UsageTs, "e.event_ts, e.event_key", UsageSql.Events);

    static readonly FleetTable Snapshots = new(
        FleetColumns.Snapshots, "e.snapshot_ts", "e.snapshot_ts", "e.snapshot_ts, e.node_id, e.id", UsageSql.Readings);

    readonly string _cells, _time, _order;
    readonly Func<TimeRange, int, string> _from;

    FleetTable(IReadOnlyList<FleetColumn> columns, string ownTime, string time, string order, Func<TimeRange, int, string> from)
    {
        (_time, _order, _from) = (time, order, from);
        _cells = string.Join(", ", columns.Select(column => column.Name is "event_ts" or "snapshot_ts" ? ownTime : $"e.{FleetColumns.Quote(column.Name)}"));
        Columns = [.. columns.Select(column => column.Name), Node];
        Types = [.. columns.Select(TypeOf), EventColumnType.Text];
    }

    public IReadOnlyList<string> Columns { get; }

    public IReadOnlyList<EventColumnType> Types { get; }

    public static FleetTable Of(string table) => table switch
    {
        "usage_events" => Events,
        "provider_usage_snapshots" => Snapshots,
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no such table"),
    };

    /// <summary>Asks for rows in an order that an index has.</summary>
    public string Sql(TimeRange range) => $"{Select(range, "")} ORDER BY {_order}";

    /// <summary>Asks for rows in the order of the time by which they are asked for; that comes last, and is NULL where it is none that every time zone can show.</summary>
    public string SqlByTime(TimeRange range) => $"""
        {Select(range, $", CASE WHEN {_time} >= '{UtcTime.Format(RowPlace.First)}' AND {_time} < '{UtcTime.Format(RowPlace.Last)}' THEN {_time} END AS at")}
        ORDER BY at NULLS FIRST, {_order}
        """;

    string Select(TimeRange range, string more) => $"SELECT {_cells}, n.name{more} FROM {_from(range, 1)} LEFT JOIN tg_nodes AS n ON n.node_id = e.node_id";

    static EventColumnType TypeOf(FleetColumn column) => column.Type switch
    {
        FleetType.Time => EventColumnType.Time,
        FleetType.Number => column.Name is "id" or "session_ref" ? EventColumnType.Id : EventColumnType.Count,
        FleetType.Real => EventColumnType.Dollars,
        FleetType.Bytes => EventColumnType.Key,
        _ => EventColumnType.Text,
    };
}
