namespace TokenGovernance.Storage.Migrations;

/// <summary>The coarse level of the roll-up, since version 14: sums of events that differ only in their session, kept true by triggers.</summary>
/// <remarks>As at the fine level, new events need no trigger: who inserts them adds them up himself.</remarks>
static class GroupRollup
{
    static readonly string[] Names = ["home", "agent_id", "channel", "chat_type", "trigger", "job_id", "job_name"];

    /// <summary>All columns but the group: a change of these is told to those who follow.</summary>
    static readonly string[] Told =
    [
        "agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "trigger", "job_id", "job_name", "spawned_by",
        "parent_session_key", "home", "session_ref",
    ];

    static readonly (string Table, string Unit, long Ms)[] Units = [("usage_group_hours", "hour", 3_600_000), ("usage_group_days", "day", 86_400_000)];

    static readonly string[] All = [.. StarRollup.Sums, Version10.Column];

    /// <summary>Whether calls failed is a key here, so they are no sum.</summary>
    static readonly string[] Sums = [.. All.Where(sum => sum != "errors")];

    /// <summary>The tables, and a group for each attribution.</summary>
    public static readonly string Tables = $"""
        -- What reports group by, without the session: attributions that are alike in this share a row.
        CREATE TABLE usage_groups (
          id INTEGER PRIMARY KEY,
        {string.Join(",\n", Names.Select(name => $"  {name} TEXT"))}
        ) STRICT;

        CREATE INDEX idx_usage_groups_names ON usage_groups (agent_id, job_id, channel, trigger);

        DROP TRIGGER event_attributions_changed;
        ALTER TABLE event_attributions ADD COLUMN group_id INTEGER;
        INSERT INTO usage_groups ({string.Join(", ", Names)})
        SELECT DISTINCT {string.Join(", ", Names)} FROM event_attributions;
        UPDATE event_attributions SET group_id = {GroupOf("event_attributions")};

        {string.Concat(Units.Select(unit => $"""
            CREATE TABLE {unit.Table} (
              {unit.Unit} INTEGER NOT NULL,
              group_id INTEGER NOT NULL,
              model_id INTEGER NOT NULL,
              cost_class INTEGER NOT NULL,
              is_error INTEGER NOT NULL,
              part INTEGER NOT NULL,
              {string.Join(",\n  ", Sums.Select(sum => $"{sum} INTEGER NOT NULL"))},
              PRIMARY KEY ({Keys(unit.Unit)})
            ) STRICT, WITHOUT ROWID;


            """))}
        DROP TRIGGER event_facts_changing;
        DROP TRIGGER event_facts_changed;
        DROP TRIGGER event_facts_going;
        DROP VIEW usage_measures;
        {StarRollup.Measures(
            Version10.Column,
            $", {StarRollup.Floor("e.usage_ms", 3_600_000)} AS hour, a.group_id",
            "\nLEFT JOIN event_attributions AS a ON a.id = e.attribution_id")}
        """;

    /// <summary>Adds up the events with ids from $p0 (exclusive) to $p1 by hour.</summary>
    public static readonly string FillHours = $"""
        INSERT INTO usage_group_hours ({Keys("hour")}, {string.Join(", ", Sums)})
        SELECT {Measured("hour")}, {string.Join(", ", Sums.Select(sum => $"sum({sum})"))}
        FROM usage_measures WHERE id > $p0 AND id <= $p1 GROUP BY {Measured("hour")}
        {OnConflict}
        """;

    /// <summary>Adds up the hours by day.</summary>
    public static readonly string FillDays = $"""
        INSERT INTO usage_group_days ({Keys("day")}, {string.Join(", ", Sums)})
        SELECT CASE WHEN hour = {StarRollup.NoTime} THEN hour ELSE (hour - (hour % 24 + 24) % 24) / 24 END, {Keys("hour")[6..]},
          {string.Join(", ", Sums.Select(sum => $"sum({sum})"))}
        FROM usage_group_hours GROUP BY 1, 2, 3, 4, 5, 6;
        """;

    /// <summary>What changes and goes leaves the sums it was in, of both levels; an attribution that changes takes its events along to another group.</summary>
    public static readonly string Triggers = $"""
        CREATE TRIGGER event_facts_changing BEFORE UPDATE ON event_facts
        BEGIN
        {StarRollup.Subtract(All)}{Subtract("old.id")}
        END;

        CREATE TRIGGER event_facts_changed AFTER UPDATE ON event_facts
        BEGIN
        {StarRollup.Add(All)}{Add()}
          {Version7.Note}
        END;

        CREATE TRIGGER event_facts_going BEFORE DELETE ON event_facts
        BEGIN
        {StarRollup.Subtract(All)}{Subtract("old.id")}
        END;

        CREATE TRIGGER event_attributions_changed AFTER UPDATE OF {string.Join(", ", Told)} ON event_attributions
        BEGIN
          DELETE FROM event_changes WHERE attribution_id = new.id;
          INSERT INTO event_changes (attribution_id) VALUES (new.id);
        END;

        CREATE TRIGGER event_attributions_grouped AFTER INSERT ON event_attributions
        BEGIN
        {AddGroup}
          UPDATE event_attributions SET group_id = {GroupOf("new")} WHERE id = new.id;
        END;

        CREATE TRIGGER event_attributions_regrouped AFTER UPDATE OF {string.Join(", ", Names)} ON event_attributions
        WHEN {string.Join(" OR ", Names.Select(name => $"old.{name} IS NOT new.{name}"))}
        BEGIN
        {AddGroup}
        {string.Concat(Units.Select(Move))}
          UPDATE event_attributions SET group_id = {GroupOf("new")} WHERE id = new.id;
        END;
        """;

    /// <summary>Views of the sums with names instead of ids.</summary>
    public static readonly string Views = string.Concat(Units.Select(unit => $"""
        CREATE VIEW v_{unit.Table} AS
        SELECT
          CASE WHEN u.{unit.Unit} <> {StarRollup.NoTime} THEN {StarRollup.StartOf(unit.Unit, unit.Ms)} END AS {unit.Unit}_start,
          {string.Join(", ", Names.Select(name => $"g.{name}"))}, m.model_provider, m.model, m.api, m.response_model,
          CASE u.cost_class WHEN 1 THEN 'none-recorded' WHEN 2 THEN 'recorded' WHEN 3 THEN 'provider-billed' WHEN 4 THEN 'recorded'{Version5.Sources} END AS cost_source,
          u.is_error, u.events, u.input_tokens, u.output_tokens, u.cache_read_tokens, u.cache_write_tokens, u.reasoning_tokens,
          u.total_tokens,
          CASE WHEN u.cost_class IN (2, 3, 4) THEN u.cost_nano / 1e9 END AS cost_total,
          {Version6.RollupColumns}, u.{Version10.Column}
        FROM {unit.Table} AS u
        LEFT JOIN usage_groups AS g ON g.id = u.group_id
        LEFT JOIN event_models AS m ON m.id = u.model_id;

        """));

    static string AddGroup => $"""
          INSERT INTO usage_groups ({string.Join(", ", Names)})
          SELECT {string.Join(", ", Names.Select(name => $"new.{name}"))} WHERE {GroupOf("new")} IS NULL;
        """;

    static string OnConflict => $"ON CONFLICT DO UPDATE SET {string.Join(", ", Sums.Select(sum => $"{sum} = {sum} + excluded.{sum}"))}";

    static string GroupOf(string row) => $"(SELECT g.id FROM usage_groups AS g WHERE {string.Join(" AND ", Names.Select(name => $"g.{name} IS {row}.{name}"))})";

    static string Keys(string unit) => $"{unit}, group_id, model_id, cost_class, is_error, part";

    /// <summary>The keys as `usage_measures` has them.</summary>
    static string Measured(string unit) => $"{unit}, group_id, model_id, cost_class, errors, part";

    static string Subtract(string eventId) => string.Concat(Units.Select(unit => $"""
          UPDATE {unit.Table} SET {string.Join(", ", Sums.Select(sum => $"{sum} = {unit.Table}.{sum} - m.{sum}"))}
          FROM usage_measures AS m WHERE m.id = {eventId} AND {Same(unit, "m.group_id", "m.errors")};
          DELETE FROM {unit.Table} WHERE events = 0 AND ({Keys(unit.Unit)}) = (SELECT {Measured(unit.Unit)} FROM usage_measures WHERE id = {eventId});

        """));

    static string Add() => string.Concat(Units.Select(unit => $"""
          INSERT INTO {unit.Table} ({Keys(unit.Unit)}, {string.Join(", ", Sums)})
          SELECT {Measured(unit.Unit)}, {string.Join(", ", Sums)} FROM usage_measures WHERE id = new.id
          {OnConflict};

        """));

    /// <summary>Takes the events of an attribution off its old group, and adds them to the new one.</summary>
    static string Move((string Table, string Unit, long Ms) unit) => $"""
          UPDATE {unit.Table} SET {string.Join(", ", Sums.Select(sum => $"{sum} = {unit.Table}.{sum} - m.{sum}"))}
          FROM (
            SELECT {unit.Unit}, model_id, cost_class, errors, part, {string.Join(", ", Sums.Select(sum => $"sum({sum}) AS {sum}"))}
            FROM usage_measures WHERE attribution_id = new.id GROUP BY 1, 2, 3, 4, 5) AS m
          WHERE {Same(unit, "old.group_id", "m.errors")};
          DELETE FROM {unit.Table} WHERE events = 0 AND ({Keys(unit.Unit)}) IN (
            SELECT {unit.Unit}, old.group_id, model_id, cost_class, errors, part FROM usage_measures WHERE attribution_id = new.id);
          INSERT INTO {unit.Table} ({Keys(unit.Unit)}, {string.Join(", ", Sums)})
          SELECT {unit.Unit}, {GroupOf("new")}, model_id, cost_class, errors, part, {string.Join(", ", Sums.Select(sum => $"sum({sum})"))}
          FROM usage_measures WHERE attribution_id = new.id GROUP BY {unit.Unit}, model_id, cost_class, errors, part
          {OnConflict};

        """;

    static string Same((string Table, string Unit, long Ms) unit, string group, string isError) =>
        $"{unit.Table}.{unit.Unit} = m.{unit.Unit} AND {unit.Table}.group_id = {group} AND {unit.Table}.model_id = m.model_id"
        + $" AND {unit.Table}.cost_class = m.cost_class AND {unit.Table}.is_error = {isError} AND {unit.Table}.part = m.part";
}
