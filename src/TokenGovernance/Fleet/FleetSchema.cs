namespace TokenGovernance.Fleet;

/// <summary>The tables of the fleet's database, in SQL that a database administrator can run, too, and again.</summary>
static class FleetSchema
{
    /// <summary>The version that this program makes and writes.</summary>
    public const int Version = 1;

    /// <summary>The revision of the views and indexes: one more with each change to them. Pushing and reporting also work with those of an earlier one.</summary>
    public const int Revision = 2;

    /// <summary>What stands before the revision in the comment of `tg_schema`.</summary>
    public const string RevisionMark = "Token Governance, views and indexes: revision ";

    /// <summary>Everybody who makes tables waits for the others by this lock.</summary>
    public const long Lock = 0x54476F76_466C6565;

    /// <summary>What has no partition of its own.</summary>
    public const string DefaultPartition = "usage_events_default";

    /// <summary>Where a response without a time is.</summary>
    public const string Undated = "1970-01-01T00:00:00Z";

    /// <summary>All of it.</summary>
    /// <param name="byMonth">`usage_events` has a partition for each month.</param>
    /// <param name="withCitus">Also spreads it over the nodes of Citus.</param>
    public static string Script(bool byMonth, bool withCitus) => $"""
        -- Token Governance: the database of a fleet. Running this again changes nothing that is there.
        SELECT pg_advisory_xact_lock({Lock});

        -- One row: what these tables are. Events before detached_before are in tables of their own, and are not taken again.
        CREATE TABLE IF NOT EXISTS tg_schema (
          id integer PRIMARY KEY CHECK (id = 1),
          version integer NOT NULL,
          partitioning text NOT NULL,
          detached_before timestamptz
        );

        -- One row for each node: which store it pushes, and how far. It is written in the transaction of what it pushed.
        CREATE TABLE IF NOT EXISTS tg_nodes (
          node_id uuid PRIMARY KEY,
          name text NOT NULL UNIQUE,
          store_id text NOT NULL,
          token text,
          former_token text,
          generation integer NOT NULL DEFAULT 1,
          is_resyncing boolean NOT NULL DEFAULT false,
          keeps_untold boolean NOT NULL DEFAULT false,
          oldest_ts timestamptz,
          columns text NOT NULL,
          snapshot_id bigint NOT NULL DEFAULT 0,
          behind bigint NOT NULL DEFAULT 0,
          passed_over bigint NOT NULL DEFAULT 0,
          first_push timestamptz NOT NULL DEFAULT now(),
          last_push timestamptz,
          version text,
          last_error text,
          last_error_ts timestamptz
        );

        -- One row for each model response, whichever nodes know it. event_ts of one without a time is {Undated}.
        CREATE TABLE IF NOT EXISTS usage_events (
        {Columns(FleetColumns.Events)},
          node_id uuid NOT NULL,
          generation integer NOT NULL,
          is_undated boolean NOT NULL,
          PRIMARY KEY (event_key, event_ts)
        ){(byMonth ? " PARTITION BY RANGE (event_ts)" : "")};
        {(byMonth ? $"CREATE TABLE IF NOT EXISTS {DefaultPartition} PARTITION OF usage_events DEFAULT;" : "")}
        CREATE INDEX IF NOT EXISTS idx_usage_events_ts ON usage_events (event_ts);
        CREATE INDEX IF NOT EXISTS idx_usage_events_node ON usage_events (node_id, generation);

        -- Calls that began more than a day before or after their response was written: reports look for them apart.
        CREATE INDEX IF NOT EXISTS idx_usage_events_odd ON usage_events (started_ts)
          WHERE started_ts - event_ts > interval '1 day' OR started_ts - event_ts < interval '-1 day';

        -- What further nodes say of a response that is in usage_events.
        CREATE TABLE IF NOT EXISTS usage_event_copies (
        {Columns(FleetColumns.Events)},
          node_id uuid NOT NULL,
          generation integer NOT NULL,
          is_undated boolean NOT NULL,
          PRIMARY KEY (event_key, event_ts, node_id)
        );
        CREATE INDEX IF NOT EXISTS idx_usage_event_copies_node ON usage_event_copies (node_id, generation);

        -- What a node pushed and no longer had after a backup of its store was put back. It is not counted.
        CREATE TABLE IF NOT EXISTS tg_set_aside (
        {Columns(FleetColumns.Events)},
          node_id uuid NOT NULL,
          set_aside_ts timestamptz NOT NULL DEFAULT now(),
          PRIMARY KEY (event_key, node_id)
        );

        -- Calls whose key does not say when they were written: the time by which all nodes find them.
        CREATE TABLE IF NOT EXISTS tg_call_times (event_key bytea PRIMARY KEY, event_ts timestamptz NOT NULL);

        CREATE TABLE IF NOT EXISTS provider_usage_snapshots (
        {Columns(FleetColumns.Snapshots)},
          node_id uuid NOT NULL,
          PRIMARY KEY (node_id, id)
        );

        {FleetViews.Sql}

        COMMENT ON TABLE tg_schema IS '{RevisionMark}{Revision}';
        INSERT INTO tg_schema (id, version, partitioning) VALUES (1, {Version}, '{(byMonth ? "month" : "none")}') ON CONFLICT DO NOTHING;
        {(withCitus ? Citus : "")}
        """;

    /// <summary>Spreads what grows by the key of the event, and keeps what is small on every node. Not tried on a real Citus.</summary>
    const string Citus = """

        -- Citus: not tried on a real cluster. The key is in every primary key, spreads evenly, and is the same on all nodes that push.
        SELECT create_distributed_table('usage_events', 'event_key');
        SELECT create_distributed_table('usage_event_copies', 'event_key', colocate_with => 'usage_events');
        SELECT create_distributed_table('tg_set_aside', 'event_key', colocate_with => 'usage_events');
        SELECT create_distributed_table('tg_call_times', 'event_key', colocate_with => 'usage_events');
        SELECT create_reference_table('tg_nodes');
        SELECT create_reference_table('provider_usage_snapshots');

        """;

    static string Columns(IEnumerable<FleetColumn> columns) =>
        string.Join(",\n", columns.Select(column => $"  {FleetColumns.Quote(column.Name)} {column.SqlType}{(MustBe(column) ? " NOT NULL" : "")}"));

    static bool MustBe(FleetColumn column) => column.Name is "id" or "event_key" or "event_ts" or "snapshot_ts";
}
