namespace TokenGovernance.Storage.Migrations;

/// <summary>The tables and indexes of schema 3: one narrow row an event, and what many events share once.</summary>
static class StarTables
{
    public const string Sql = """
        -- What is known of where events come from: of a session's events mostly one row.
        CREATE TABLE event_attributions (
          id INTEGER PRIMARY KEY,
          agent_id TEXT,
          session_id TEXT,
          session_key TEXT,
          channel TEXT,
          chat_type TEXT,
          origin_provider TEXT,
          trigger TEXT,
          job_id TEXT,
          job_name TEXT,
          spawned_by TEXT,
          parent_session_key TEXT,
          home TEXT,
          session_ref INTEGER REFERENCES sessions (id)
        ) STRICT;

        CREATE TABLE event_models (
          id INTEGER PRIMARY KEY,
          model_provider TEXT,
          model TEXT,
          api TEXT,
          response_model TEXT
        ) STRICT;

        -- How responses ended and what their cost is worth. cost_class: 0 unknown, 1 none recorded, 2 recorded, 3 provider-billed,
        -- 4 recorded zero of a response that used nothing.
        CREATE TABLE event_outcomes (
          id INTEGER PRIMARY KEY,
          stop_reason TEXT,
          cost_source TEXT,
          cost_class INTEGER NOT NULL
        ) STRICT;

        CREATE TABLE event_files (
          id INTEGER PRIMARY KEY,
          path TEXT NOT NULL UNIQUE
        ) STRICT;

        -- One row an event. Times are milliseconds since 1970; call_ms is event_ms (or 0) minus the start of the call. A cost is a
        -- whole number of billionths of a dollar where that says the recorded double exactly, else the double. An id of 8
        -- hexadecimal digits is an integer, a UUID 16 bytes, any other text.
        CREATE TABLE event_facts (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          event_key BLOB NOT NULL,
          event_ms INTEGER,
          call_ms INTEGER,
          ingest_ms INTEGER NOT NULL,
          attribution_id INTEGER NOT NULL,
          model_id INTEGER NOT NULL,
          outcome_id INTEGER NOT NULL,
          file_id INTEGER,
          source_line_no INTEGER,
          input_tokens INTEGER,
          output_tokens INTEGER,
          cache_read_tokens INTEGER,
          cache_write_tokens INTEGER,
          total_tokens INTEGER,
          reasoning_tokens INTEGER,
          cost_input ANY,
          cost_output ANY,
          cost_cache_read ANY,
          cost_cache_write ANY,
          cost_total ANY,
          entry_id ANY,
          response_id ANY,
          run_id ANY
        ) STRICT;

        -- Further sessions an event was seen in: its owner is decided again when their headers become known.
        CREATE TABLE event_sightings (
          event_id INTEGER NOT NULL REFERENCES event_facts (id) ON DELETE CASCADE,
          session_ref INTEGER NOT NULL REFERENCES sessions (id),
          file_id INTEGER,
          source_line_no INTEGER,
          PRIMARY KEY (event_id, session_ref)
        ) STRICT, WITHOUT ROWID;

        -- What changed after it was stored, in order. A row stands for one event, for all events of an attribution, or for an
        -- event that is no longer there. Of each there is only the last change.
        CREATE TABLE event_changes (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          event_id INTEGER,
          attribution_id INTEGER,
          removed_key BLOB
        ) STRICT;
        """;

    /// <summary>Takes the place of a table of this name that referred to the wide rows.</summary>
    public const string Adopted = """
        -- Events of the Python original that no source has shown yet, or (is_keyed) only in a session that does not own them.
        CREATE TABLE adopted_events (
          event_id INTEGER PRIMARY KEY REFERENCES event_facts (id) ON DELETE CASCADE,
          instant_ms INTEGER,
          source_line_no INTEGER,
          is_keyed INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        CREATE INDEX idx_adopted_events_instant ON adopted_events (instant_ms, source_line_no) WHERE is_keyed = 0;
        """;

    /// <summary>Made when the rows are there: sorting them once is cheaper than finding a place for each.</summary>
    public const string Indexes = """
        CREATE UNIQUE INDEX idx_event_facts_key ON event_facts (event_key);
        CREATE INDEX idx_event_facts_attribution ON event_facts (attribution_id);
        CREATE INDEX idx_event_sightings_session ON event_sightings (session_ref);
        CREATE UNIQUE INDEX idx_event_changes_event ON event_changes (event_id) WHERE event_id IS NOT NULL;
        CREATE UNIQUE INDEX idx_event_changes_attribution ON event_changes (attribution_id) WHERE attribution_id IS NOT NULL;
        """;
}
