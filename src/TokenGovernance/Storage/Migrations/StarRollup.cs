namespace TokenGovernance.Storage.Migrations;

/// <summary>The roll-up and the change feed of schema 3: what triggers keep true when an event changes or goes.</summary>
/// <remarks>New events need no trigger: who inserts them adds them up himself, a transaction's worth at a time.</remarks>
static class StarRollup
{
    /// <summary>No time is known.</summary>
    internal const string NoTime = "-2147483648";

    static readonly (string Table, string Unit, long Ms)[] Units = [("usage_quarters", "quarter", 900_000), ("usage_days", "day", 86_400_000)];

    internal static readonly string[] Sums =
    [
        "events", "errors", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "reasoning_tokens", "reasoning_events",
        "total_tokens", "cost_nano",
    ];

    /// <summary>Tables, and the view that says how each event counts in them.</summary>
    public static readonly string Tables = $"""
        {string.Concat(Units.Select(unit => CreateTable(unit.Table, unit.Unit)))}
        {Measures()}
        """;

    /// <summary>The view that says how each event counts.</summary>
    /// <param name="more">A column of `event_facts` that came later, and is added up as well; or nothing.</param>
    /// <param name="columns">Further columns, each after a comma.</param>
    /// <param name="joins">Where they are.</param>
    public static string Measures(string more = "", string columns = "", string joins = "") => $"""
        CREATE VIEW usage_measures AS
        SELECT
          e.id, {string.Join(", ", Units.Select(unit => $"{Floor("e.usage_ms", unit.Ms)} AS {unit.Unit}"))},
          e.attribution_id, e.model_id, o.cost_class,
          CASE WHEN max(coalesce(e.input_tokens, 0), coalesce(e.output_tokens, 0), coalesce(e.cache_read_tokens, 0),
            coalesce(e.cache_write_tokens, 0), coalesce(e.reasoning_tokens, 0), coalesce(e.total_tokens, 0), {(more.Length > 0 ? $"coalesce(e.{more}, 0), " : "")}e.cost_nano) < 1 << 40
            THEN e.id >> 23 ELSE -e.id END AS part,
          1 AS events,
          coalesce(o.stop_reason = 'error', 0) AS errors,
          coalesce(e.input_tokens, 0) AS input_tokens,
          coalesce(e.output_tokens, 0) AS output_tokens,
          coalesce(e.cache_read_tokens, 0) AS cache_read_tokens,
          coalesce(e.cache_write_tokens, 0) AS cache_write_tokens,
          coalesce(e.reasoning_tokens, 0) AS reasoning_tokens,
          e.reasoning_tokens IS NOT NULL AS reasoning_events,
          coalesce(e.total_tokens, 0) AS total_tokens,
          e.cost_nano{(more.Length > 0 ? $", coalesce(e.{more}, 0) AS {more}" : "")}{columns}
        FROM (
          SELECT *,
            coalesce(coalesce(event_ms, 0) - call_ms, event_ms) AS usage_ms,
            CASE typeof(cost_total)
              WHEN 'integer' THEN max(cost_total, 0)
              WHEN 'real' THEN CAST(round(min(max(cost_total, 0.0), 1e9) * 1e9) AS INTEGER)
              ELSE 0 END AS cost_nano
          FROM event_facts) AS e
        LEFT JOIN event_outcomes AS o ON o.id = e.outcome_id{joins};
        """;

    /// <summary>Adds up all events.</summary>
    public static readonly string Fill = string.Concat(Units.Select(unit => $"""
        INSERT INTO {unit.Table} ({Keys(unit.Unit)}, {string.Join(", ", Sums)})
        SELECT {Keys(unit.Unit)}, {string.Join(", ", Sums.Select(sum => $"sum({sum})"))}
        FROM usage_measures GROUP BY {Keys(unit.Unit)};

        """));

    /// <summary>What changes and goes leaves the sums it was in, and is noted for those who follow.</summary>
    public static readonly string Triggers = $"""
        {TriggerBefore("changing", "UPDATE", Sums)}

        {TriggerOfChanges("""
            DELETE FROM event_changes WHERE event_id = new.id;
              INSERT INTO event_changes (event_id) VALUES (new.id);
              INSERT INTO event_changes (removed_key) SELECT old.event_key WHERE old.event_key <> new.event_key;
            """)}

        {TriggerBefore("going", "DELETE", Sums)}

        CREATE TRIGGER event_facts_gone AFTER DELETE ON event_facts
        BEGIN
          DELETE FROM event_changes WHERE event_id = old.id;
          INSERT INTO event_changes (removed_key) VALUES (old.event_key);
        END;

        CREATE TRIGGER event_attributions_changed AFTER UPDATE ON event_attributions
        BEGIN
          DELETE FROM event_changes WHERE attribution_id = new.id;
          INSERT INTO event_changes (attribution_id) VALUES (new.id);
        END;
        """;

    /// <summary>Views of the sums with names instead of ids.</summary>
    public static readonly string Views = ViewsWith("", "CASE WHEN u.cost_class IN (2, 3, 4) THEN 0 ELSE u.events END AS unpriced_events");

    /// <summary>The same with what became known later.</summary>
    /// <param name="sources">Further cost classes and their names, as `WHEN … THEN …`.</param>
    /// <param name="unpriced">The columns that count what is in no cost.</param>
    public static string ViewsWith(string sources, string unpriced) => string.Concat(Units.Select(unit => $"""
        CREATE VIEW v_{unit.Table} AS
        SELECT
          CASE WHEN u.{unit.Unit} <> {NoTime} THEN {StartOf(unit.Unit, unit.Ms)} END AS {unit.Unit}_start,
          a.home, a.agent_id, a.session_id, a.session_key, a.channel, a.chat_type, a.origin_provider, a.trigger, a.job_id, a.job_name,
          a.spawned_by, a.parent_session_key, m.model_provider, m.model, m.api, m.response_model,
          CASE u.cost_class WHEN 1 THEN 'none-recorded' WHEN 2 THEN 'recorded' WHEN 3 THEN 'provider-billed' WHEN 4 THEN 'recorded'{sources} END AS cost_source,
          u.events, u.errors, u.input_tokens, u.output_tokens, u.cache_read_tokens, u.cache_write_tokens, u.reasoning_tokens,
          u.total_tokens,
          CASE WHEN u.cost_class IN (2, 3, 4) THEN u.cost_nano / 1e9 END AS cost_total,
          {unpriced}
        FROM {unit.Table} AS u
        LEFT JOIN event_attributions AS a ON a.id = u.attribution_id
        LEFT JOIN event_models AS m ON m.id = u.model_id;

        """));

    /// <summary>Adds an event that changed to the sums it belongs to now.</summary>
    /// <param name="note">How the change is noted.</param>
    public static string TriggerOfChanges(string note) => TriggerOfChanges(note, Sums);

    /// <summary>Adds up one more column of `event_facts`.</summary>
    /// <param name="more">The column.</param>
    /// <param name="note">How a change is noted.</param>
    public static string AddUp(string more, string note) => $"""
        {string.Concat(Units.Select(unit => $"ALTER TABLE {unit.Table} ADD COLUMN {more} INTEGER NOT NULL DEFAULT 0;\n"))}
        DROP TRIGGER event_facts_changing;
        DROP TRIGGER event_facts_changed;
        DROP TRIGGER event_facts_going;
        DROP VIEW usage_measures;
        {Measures(more)}
        {TriggerBefore("changing", "UPDATE", [.. Sums, more])}
        {TriggerOfChanges(note, [.. Sums, more])}
        {TriggerBefore("going", "DELETE", [.. Sums, more])}
        """;

    /// <summary>Takes an event off the sums it was in.</summary>
    static string TriggerBefore(string name, string change, string[] sums) => $"""
        CREATE TRIGGER event_facts_{name} BEFORE {change} ON event_facts
        BEGIN
        {Subtract(sums)}
        END;
        """;

    static string TriggerOfChanges(string note, string[] sums) => $"""
        CREATE TRIGGER event_facts_changed AFTER UPDATE ON event_facts
        BEGIN
        {Add(sums)}
          {note}
        END;
        """;

    static string Keys(string unit) => $"{unit}, attribution_id, model_id, cost_class, part";

    static string CreateTable(string table, string unit) => $"""
        CREATE TABLE {table} (
          {unit} INTEGER NOT NULL,
          attribution_id INTEGER NOT NULL,
          model_id INTEGER NOT NULL,
          cost_class INTEGER NOT NULL,
          part INTEGER NOT NULL,
          {string.Join(",\n  ", Sums.Select(sum => $"{sum} INTEGER NOT NULL"))},
          PRIMARY KEY ({Keys(unit)})
        ) STRICT, WITHOUT ROWID;

        """;

    /// <summary>Division that rounds down, also before 1970.</summary>
    internal static string Floor(string ms, long unit) => $"coalesce(({ms} - ({ms} % {unit} + {unit}) % {unit}) / {unit}, {NoTime})";

    internal static string StartOf(string unit, long ms) => unit == "day"
        ? "date(u.day * 86400, 'unixepoch')"
        : $"strftime('%Y-%m-%dT%H:%M:%SZ', u.{unit} * {ms / 1000}, 'unixepoch')";

    /// <summary>Takes the event `old` off its sums.</summary>
    internal static string Subtract(string[] sums) => string.Concat(Units.Select(unit => $"""
          UPDATE {unit.Table} SET {string.Join(", ", sums.Select(sum => $"{sum} = {unit.Table}.{sum} - m.{sum}"))}
          FROM usage_measures AS m WHERE m.id = old.id AND {string.Join(" AND ", Keys(unit.Unit).Split(", ").Select(key => $"{unit.Table}.{key} = m.{key}"))};
          DELETE FROM {unit.Table}
          WHERE events = 0 AND ({Keys(unit.Unit)}) = (SELECT {Keys(unit.Unit)} FROM usage_measures WHERE id = old.id);

        """));

    /// <summary>Adds the event `new` to its sums.</summary>
    internal static string Add(string[] sums) => string.Concat(Units.Select(unit => $"""
          INSERT INTO {unit.Table} ({Keys(unit.Unit)}, {string.Join(", ", sums)})
          SELECT {Keys(unit.Unit)}, {string.Join(", ", sums)} FROM usage_measures WHERE id = new.id
          ON CONFLICT DO UPDATE SET {string.Join(", ", sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"))};

        """));
}
