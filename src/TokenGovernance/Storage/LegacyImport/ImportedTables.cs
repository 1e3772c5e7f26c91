namespace TokenGovernance.Storage.LegacyImport;

/// <summary>The tables that a database of the Python original needs besides ours; empty in every other store.</summary>
static class ImportedTables
{
    public const string Sql = """
        -- Adopted events that no source has shown yet, or (is_keyed) only in a session they were not born in.
        CREATE TABLE adopted_events (
          event_id INTEGER PRIMARY KEY REFERENCES usage_events (id) ON DELETE CASCADE,
          instant_ms INTEGER,
          source_line_no INTEGER,
          is_keyed INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE INDEX idx_adopted_events_instant ON adopted_events (instant_ms, source_line_no) WHERE is_keyed = 0;

        -- Rows that count nothing, as they were: not STRICT, since the original stored what it met.
        CREATE TABLE adopted_surplus (
          id INTEGER PRIMARY KEY,
          event_ts TEXT,
          ingest_ts TEXT,
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
          reason TEXT NOT NULL,
          adopted_ts TEXT NOT NULL
        );
        """;
}
