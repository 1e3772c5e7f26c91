using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.LegacyImport;

namespace TokenGovernance.Storage;

/// <summary>The tables of the store, as an ordered list of migrations under `PRAGMA user_version`.</summary>
/// <remarks>A released migration is never edited; a change of the schema is a new one at the end.</remarks>
static class Schema
{
    /// <summary>Marks the file as ours (`PRAGMA application_id`): "TGov".</summary>
    public const int ApplicationId = 0x54476F76;

    static readonly string[] Migrations = [Version1 + ImportedTables.Sql, Version2];

    static string Version1 => $"""
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
          CASE WHEN e.total_tokens > 0 AND {CostSql.IsKnown("e.cost_source")}
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
          sum(CASE WHEN {CostSql.IsKnown("cost_source")} THEN cost_total END) AS cost_total,
          sum(CASE WHEN {CostSql.IsKnown("cost_source")} THEN 0 ELSE 1 END) AS unpriced_events
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
          sum(CASE WHEN {CostSql.IsKnown("cost_source")} THEN cost_total END) AS cost_total,
          sum(CASE WHEN {CostSql.IsKnown("cost_source")} THEN 0 ELSE 1 END) AS unpriced_events
        FROM usage_events
        GROUP BY 1, 2, 3, 4, 5, 6;
        """;

    const string Version2 = """
        -- Sums of full blocks of events, so that reports need not read the events: block is id >> 14, sums the program's own form.
        CREATE TABLE usage_rollup (
          block INTEGER PRIMARY KEY,
          version INTEGER NOT NULL,
          first_quarter INTEGER NOT NULL,
          last_quarter INTEGER NOT NULL,
          sums BLOB NOT NULL
        ) STRICT;

        -- An event that changes takes the sums of its block away. New ones need none: their ids are beyond all full blocks.
        CREATE TRIGGER usage_rollup_event_changed AFTER UPDATE ON usage_events
        BEGIN DELETE FROM usage_rollup WHERE block IN (old.id >> 14, new.id >> 14); END;

        CREATE TRIGGER usage_rollup_event_deleted AFTER DELETE ON usage_events
        BEGIN DELETE FROM usage_rollup WHERE block = old.id >> 14; END;
        """;

    /// <summary>The version this program writes.</summary>
    public static int Latest => Migrations.Length;

    /// <summary>Refuses what is no store and no database of the original, before anything is written to it.</summary>
    /// <exception cref="UserFacingException">It is somebody else's database, or a newer program's.</exception>
    public static void Verify(SqliteConnection connection, string path)
    {
        // One snapshot: another process may be making the tables just now.
        using var snapshot = connection.BeginTransaction(deferred: true);
        RequireUsable(connection, path);
    }

    /// <summary>Refuses what cannot be read as it is, and says what to run.</summary>
    /// <exception cref="UserFacingException">It is no store, or one of another version.</exception>
    public static void RequireReadable(SqliteConnection connection, string path)
    {
        RequireUsable(connection, path);
        var version = connection.QueryInt("PRAGMA user_version");
        if (version == Latest)
        {
            return;
        }

        var (what, cure) =
            version > 0 ? ($"a store of an older version (schema {version}, this program reads {Latest})", "Upgrade it")
            : IsEmpty(connection) ? ("a database without a store in it", "Make one")
            : ("a database of the Python original", "Upgrade it, with a copy of the file kept beside it,");
        throw new UserFacingException($"{path} is {what}. {cure} with 'token-governance init --db {path}'; 'collect' does so too.");
    }

    /// <summary>Brings a verified database to the latest version, one transaction a step.</summary>
    /// <returns>What became of the original's rows, if it was a database of the original; else NULL.</returns>
    public static LegacyImportReport? Migrate(SqliteConnection connection, string path, TimeProvider time)
    {
        LegacyImportReport? report = null;
        while (connection.QueryInt("PRAGMA user_version") < Latest)
        {
            using var transaction = connection.BeginTransaction(deferred: false);

            // Another process may have been here since.
            RequireUsable(connection, path);
            var version = connection.QueryInt("PRAGMA user_version");
            if (version < Latest)
            {
                var adoption = version == 0 && !IsEmpty(connection) ? LegacyImporter.Begin(connection, path, time) : null;
                connection.Execute(Migrations[version]);
                report = adoption?.Finish() ?? report;
                connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};");
            }

            FailPoint.Reach(FailPoint.MigrationBeforeCommit);
            transaction.Commit();
            FailPoint.Reach(FailPoint.MigrationAfterCommit);
        }

        return report;
    }

    static void RequireUsable(SqliteConnection connection, string path)
    {
        var version = connection.QueryInt("PRAGMA user_version");
        if (version > Latest)
        {
            throw new UserFacingException(
                $"{path} was written by a newer version of token-governance (schema {version}, this one knows {Latest}); please upgrade.");
        }

        var isOurs = version > 0
            ? connection.QueryInt("PRAGMA application_id") == ApplicationId
            : IsEmpty(connection) || LegacyDatabase.AreIn(connection);
        if (!isOurs)
        {
            throw new UserFacingException(
                $"{path} is a database, but not one of token-governance; nothing was changed. Choose another file with --db.");
        }
    }

    static bool IsEmpty(SqliteConnection connection) => connection.QueryInt("SELECT count(*) FROM sqlite_schema") == 0;
}
