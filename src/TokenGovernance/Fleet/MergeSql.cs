namespace TokenGovernance.Fleet;

/// <summary>How a node's rows become part of the fleet's: each response once, whoever pushes it, in whatever order.</summary>
/// <remarks>
///     The row in `usage_events` is a node's, whole; what further nodes say of the same response are rows of `usage_event_copies`. A node's word on its own row
///     replaces it. Of several nodes that know a response and say the same numbers, the one that knows most of its session is believed, else
///     the one with the smaller id: so the end does not depend on the order.
/// </remarks>
/// <param name="source">What gives the rows that are pushed: a table, or an expression, with the columns of an event and `is_undated`.</param>
/// <param name="first">The first free parameter: node id and generation are it and the next one.</param>
sealed class MergeSql(string source, int first)
{
    static readonly FleetColumn[] All = [.. FleetColumns.Events];
    static readonly string Names = $"{FleetColumns.List(All)}, is_undated, node_id, generation";
    static readonly FleetColumn[] Changing = [.. All.Where(column => column.Name is not ("event_key" or "event_ts"))];

    /// <summary>Stores what no node had: mostly all there is.</summary>
    public string Insert => $"""
        INSERT INTO usage_events ({Names})
        SELECT {FleetColumns.List(All, "s")}, s.is_undated, {Node}, {Generation} FROM {source} AS s
        ORDER BY s.event_key
        ON CONFLICT DO NOTHING
        """;

    /// <summary>What else is to be done, in order, if not all was new.</summary>
    public IReadOnlyList<string> Rest => [LockShared, ReplaceOwn, KeepCopies, Believe];

    string Node => $"${first}";

    string Generation => $"${first + 1}";

    /// <summary>Others who know the same responses wait; all in one order.</summary>
    string LockShared => $"""
        SELECT count(*) FROM (
          SELECT 1 FROM {source} AS s JOIN usage_events AS e ON e.event_key = s.event_key AND e.event_ts = s.event_ts
          WHERE e.node_id <> {Node}
            OR EXISTS (SELECT 1 FROM usage_event_copies AS c WHERE c.event_key = s.event_key AND c.event_ts = s.event_ts)
          ORDER BY s.event_key FOR UPDATE OF e) AS locked
        """;

    string ReplaceOwn => $"""
        UPDATE usage_events AS e SET {Set("s")}, is_undated = s.is_undated, generation = {Generation}
        FROM {source} AS s
        WHERE e.event_key = s.event_key AND e.event_ts = s.event_ts AND e.node_id = {Node} AND {IsOther("e", "s", Generation)}
        """;

    string KeepCopies => $"""
        INSERT INTO usage_event_copies AS c ({Names})
        SELECT {FleetColumns.List(All, "s")}, s.is_undated, {Node}, {Generation}
        FROM {source} AS s JOIN usage_events AS e ON e.event_key = s.event_key AND e.event_ts = s.event_ts
        WHERE e.node_id <> {Node}
        ORDER BY s.event_key
        ON CONFLICT (event_key, event_ts, node_id) DO UPDATE SET {Set("excluded")}, is_undated = excluded.is_undated, generation = excluded.generation
        WHERE {IsOther("c", "excluded", "excluded.generation")}
        """;

    string Believe => $"""
        WITH better AS MATERIALIZED (
          SELECT DISTINCT ON (c.event_key) c.*
          FROM {source} AS s
          JOIN usage_events AS e ON e.event_key = s.event_key AND e.event_ts = s.event_ts
          JOIN usage_event_copies AS c ON c.event_key = s.event_key AND c.event_ts = s.event_ts
          WHERE ({Known("c")}, e.node_id) > ({Known("e")}, c.node_id) AND NOT {FleetViews.FactsDiffer("e", "c")}
          ORDER BY c.event_key, {Known("c")} DESC, c.node_id
        ), gone AS (
          DELETE FROM usage_event_copies AS c USING better AS b
          WHERE c.event_key = b.event_key AND c.event_ts = b.event_ts AND c.node_id = b.node_id
        ), kept AS (
          INSERT INTO usage_event_copies ({Names})
          SELECT {FleetColumns.List(All, "e")}, e.is_undated, e.node_id, e.generation
          FROM better AS b JOIN usage_events AS e ON e.event_key = b.event_key AND e.event_ts = b.event_ts
        )
        UPDATE usage_events AS e SET {Set("b")}, is_undated = b.is_undated, node_id = b.node_id, generation = b.generation
        FROM better AS b WHERE e.event_key = b.event_key AND e.event_ts = b.event_ts
        """;

    /// <summary>Takes out what a node no longer has: `$1` is the node, `$2` the keys. What another node says takes the row's place.</summary>
    public static IReadOnlyList<string> Remove { get; } =
    [
        """
        SELECT count(*) FROM (
          SELECT 1 FROM usage_events AS e WHERE e.event_key = ANY ($2) ORDER BY e.event_key FOR UPDATE) AS locked
        """,
        "DELETE FROM usage_event_copies WHERE event_key = ANY ($2) AND node_id = $1",
        $"""
        WITH best AS MATERIALIZED (
          SELECT DISTINCT ON (c.event_key) c.*
          FROM usage_events AS e JOIN usage_event_copies AS c ON c.event_key = e.event_key AND c.event_ts = e.event_ts
          WHERE e.event_key = ANY ($2) AND e.node_id = $1
          ORDER BY c.event_key, {Known("c")} DESC, c.node_id
        ), gone AS (
          DELETE FROM usage_event_copies AS c USING best AS b
          WHERE c.event_key = b.event_key AND c.event_ts = b.event_ts AND c.node_id = b.node_id
        )
        UPDATE usage_events AS e SET {Set("b")}, is_undated = b.is_undated, node_id = b.node_id, generation = b.generation
        FROM best AS b WHERE e.event_key = b.event_key AND e.event_ts = b.event_ts
        """,
        "DELETE FROM usage_events WHERE event_key = ANY ($2) AND node_id = $1",
    ];

    static string Set(string from) => string.Join(", ", Changing.Select(column => $"{FleetColumns.Quote(column.Name)} = {from}.{FleetColumns.Quote(column.Name)}"));

    static string IsOther(string row, string from, string generation) =>
        $"({FleetColumns.List(Changing, row)}, {row}.is_undated, {row}.generation) IS DISTINCT FROM ({FleetColumns.List(Changing, from)}, {from}.is_undated, {generation})";

    /// <summary>How much is known of the session.</summary>
    static string Known(string row) => $"num_nonnulls({string.Join(", ", FleetColumns.Attribution.Select(name => $"{row}.{FleetColumns.Quote(name)}"))})";
}
