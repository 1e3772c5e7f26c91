using TokenGovernance.Storage.LegacyImport;

namespace TokenGovernance.Storage.Migrations;

/// <summary>The first tables: one wide row an event.</summary>
static class Version1
{
    public const string Sql = Tables + ImportedTables.Sql;

    const string Tables = """
        CREATE TABLE sessions (
          id INTEGER PRIMARY KEY,
          home TEXT NOT NULL,
          agent_id TEXT NOT NULL,
          session_id TEXT NOT NULL,
          session_key TEXT,
          started_ts TEXT,
          is_fork INTEGER NOT NULL DEFAULT 0,
          channel TEXT,
          chat_type TEXT,
          origin_provider TEXT,
          spawned_by TEXT,
          parent_session_key TEXT,
          is_hook INTEGER NOT NULL DEFAULT 0,
          job_name TEXT,
          created_via TEXT,
          first_seen_ts TEXT NOT NULL,
          last_seen_ts TEXT NOT NULL,
          UNIQUE (session_id, agent_id, home)
        ) STRICT;

        CREATE TABLE usage_events (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          event_ts TEXT,
          ingest_ts TEXT NOT NULL,
          agent_id TEXT,
          session_id TEXT,
          session_key TEXT,
          channel TEXT,
          chat_type TEXT,
          origin_provider TEXT,
          model_provider TEXT,
          model TEXT,
          api TEXT,
          stop_reason TEXT,
          input_tokens INTEGER,
          output_tokens INTEGER,
          cache_read_tokens INTEGER,
          cache_write_tokens INTEGER,
          total_tokens INTEGER,
          cost_input REAL,
          cost_output REAL,
          cost_cache_read REAL,
          cost_cache_write REAL,
          cost_total REAL,
          source_file TEXT,
          source_line_no INTEGER,
          event_key BLOB NOT NULL UNIQUE,
          entry_id TEXT,
          started_ts TEXT,
          response_id TEXT,
          response_model TEXT,
          run_id TEXT,
          trigger TEXT,
          job_id TEXT,
          job_name TEXT,
          spawned_by TEXT,
          parent_session_key TEXT,
          reasoning_tokens INTEGER,
          cost_source TEXT,
          home TEXT,
          session_ref INTEGER REFERENCES sessions (id)
        ) STRICT;

        CREATE INDEX idx_usage_events_session ON usage_events (session_ref);

        -- Further sessions an event was seen in: where it was born is decided again when their headers become known.
        CREATE TABLE event_copies (
          event_id INTEGER NOT NULL REFERENCES usage_events (id) ON DELETE CASCADE,
          session_ref INTEGER NOT NULL REFERENCES sessions (id),
          source_file TEXT,
          source_line_no INTEGER,
          PRIMARY KEY (event_id, session_ref)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idx_event_copies_session ON event_copies (session_ref);

        -- What started each run, from trajectories.
        CREATE TABLE runs (
          session_ref INTEGER NOT NULL REFERENCES sessions (id),
          started_ts TEXT NOT NULL,
          run_id TEXT NOT NULL,
          trigger TEXT NOT NULL,
          PRIMARY KEY (session_ref, started_ts, run_id)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE provider_usage_snapshots (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          snapshot_ts TEXT NOT NULL,
          provider TEXT,
          display_name TEXT,
          plan TEXT,
          window_label TEXT,
          used_percent REAL,
          reset_at_ms INTEGER,
          kind TEXT,
          group_label TEXT,
          amount REAL,
          amount_limit REAL,
          unit TEXT,
          period TEXT,
          account_hash TEXT,
          agent_id TEXT,
          error TEXT,
          home TEXT
        ) STRICT;

        -- The last row of a series, to tell what is new; and each series by itself, for charts.
        CREATE INDEX idx_provider_usage_snapshots_series ON provider_usage_snapshots (provider, window_label, kind);

        CREATE TABLE collector_state (
          key TEXT PRIMARY KEY,
          value TEXT NOT NULL,
          updated_ts TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE VIEW v_usage_events_enriched AS
        SELECT
          e.*,
          coalesce(e.started_ts, e.event_ts) AS usage_ts,
          date(coalesce(e.started_ts, e.event_ts)) AS usage_date,
          CAST(strftime('%H', coalesce(e.started_ts, e.event_ts)) AS INTEGER) AS usage_hour,
          CAST(strftime('%w', coalesce(e.started_ts, e.event_ts)) AS INTEGER) AS usage_weekday,
          CASE WHEN coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0) > 0
            THEN CAST(coalesce(e.cache_read_tokens, 0) AS REAL)
              / (coalesce(e.input_tokens, 0) + coalesce(e.cache_read_tokens, 0) + coalesce(e.cache_write_tokens, 0)) END AS cache_ratio,
          CASE WHEN e.total_tokens > 0 AND e.cost_source IN ('recorded', 'provider-billed')
            THEN 1000.0 * e.cost_total / e.total_tokens END AS cost_per_1k_tokens
        FROM usage_events AS e;

        -- OpenClaw renamed a provider; its ids are stored as they were, and provider_group is one name for both.
        CREATE VIEW v_provider_usage AS
        SELECT
          s.*,
          CASE s.provider WHEN 'openai-codex' THEN 'openai' ELSE s.provider END AS provider_group
        FROM provider_usage_snapshots AS s;

        CREATE VIEW v_usage_daily AS
        SELECT
          date(coalesce(started_ts, event_ts)) AS usage_date,
          agent_id, model_provider, model, channel, trigger,
          count(*) AS events,
          sum(input_tokens) AS input_tokens,
          sum(output_tokens) AS output_tokens,
          sum(cache_read_tokens) AS cache_read_tokens,
          sum(cache_write_tokens) AS cache_write_tokens,
          sum(total_tokens) AS total_tokens,
          sum(CASE WHEN cost_source IN ('recorded', 'provider-billed') THEN cost_total END) AS cost_total,
          sum(CASE WHEN cost_source IN ('recorded', 'provider-billed') THEN 0 ELSE 1 END) AS unpriced_events
        FROM usage_events
        GROUP BY 1, 2, 3, 4, 5, 6;

        CREATE VIEW v_usage_monthly AS
        SELECT
          strftime('%Y-%m', coalesce(started_ts, event_ts)) AS usage_month,
          agent_id, model_provider, model, channel, trigger,
          count(*) AS events,
          sum(input_tokens) AS input_tokens,
          sum(output_tokens) AS output_tokens,
          sum(cache_read_tokens) AS cache_read_tokens,
          sum(cache_write_tokens) AS cache_write_tokens,
          sum(total_tokens) AS total_tokens,
          sum(CASE WHEN cost_source IN ('recorded', 'provider-billed') THEN cost_total END) AS cost_total,
          sum(CASE WHEN cost_source IN ('recorded', 'provider-billed') THEN 0 ELSE 1 END) AS unpriced_events
        FROM usage_events
        GROUP BY 1, 2, 3, 4, 5, 6;
        """;
}
