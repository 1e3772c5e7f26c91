namespace TokenGovernance.Storage.Migrations;

/// <summary>Turns of other runtimes: which calls and which rows of OpenClaw belong to one, and in which session it ran.</summary>
static class Version6
{
    /// <summary>What the views say that they did not before.</summary>
    internal const string Columns = ", m.runtime, m.scope, t.thread_id, t.turn_id", Joins = " LEFT JOIN event_turns AS t ON t.id = e.turn_ref";

    internal const string RollupColumns = $"{Version5.Unpriced}, m.runtime, m.scope";

    /// <summary>What an event of a mirrored row says of itself, but for what its calls take off it.</summary>
    const string Facts = """
          event_ms INTEGER,
          call_ms INTEGER,
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
        """;

    public static readonly string Sql = $"""
        -- What carried a response out, and whether the row stands for one call, for a turn, or for what of a turn its calls leave.
        ALTER TABLE event_models ADD COLUMN runtime TEXT NOT NULL DEFAULT 'openclaw';
        ALTER TABLE event_models ADD COLUMN scope TEXT NOT NULL DEFAULT 'call';

        -- Turns of other runtimes in their own ids. NULL: the runtime names none, or (thread_id) only a copy of the call was found.
        CREATE TABLE event_turns (
          id INTEGER PRIMARY KEY,
          runtime TEXT NOT NULL,
          thread_id TEXT,
          turn_id TEXT,
          root_thread_id TEXT,
          root_turn_id TEXT
        ) STRICT;

        CREATE INDEX idx_event_turns_turn ON event_turns (turn_id, thread_id);
        CREATE INDEX idx_event_turns_thread ON event_turns (thread_id);
        CREATE INDEX idx_event_turns_root_turn ON event_turns (root_turn_id) WHERE root_turn_id IS NOT NULL;
        CREATE INDEX idx_event_turns_root_thread ON event_turns (root_thread_id) WHERE root_thread_id IS NOT NULL;

        ALTER TABLE event_facts ADD COLUMN turn_ref INTEGER;
        CREATE INDEX idx_event_facts_turn ON event_facts (turn_ref, event_ms) WHERE turn_ref IS NOT NULL;

        -- Sessions of OpenClaw that a turn, or (turn_id empty) a thread, was seen in. The turn belongs to one of them.
        CREATE TABLE turn_sessions (
          runtime TEXT NOT NULL,
          thread_id TEXT NOT NULL,
          turn_id TEXT NOT NULL,
          session_ref INTEGER NOT NULL REFERENCES sessions (id),
          event_ms INTEGER,
          run_id TEXT,
          PRIMARY KEY (turn_id, thread_id, runtime, session_ref)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idx_turn_sessions_session ON turn_sessions (session_ref);

        -- OpenClaw's accounts of turns. While calls of the turn are known, event_id is the event of what they leave; NULL: nothing.
        CREATE TABLE mirrored_rows (
          event_key BLOB PRIMARY KEY,
          event_id INTEGER,
          turn_ref INTEGER NOT NULL REFERENCES event_turns (id),
        {Facts}
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idx_mirrored_rows_turn ON mirrored_rows (turn_ref);

        DROP VIEW usage_events;
        {StarViews.UsageEvents(Columns, Joins)}

        DROP VIEW v_usage_quarters;
        DROP VIEW v_usage_days;
        {StarRollup.ViewsWith(Version5.Sources, RollupColumns)}

        -- Rows that were counted as responses are found among the transcripts of agents that work without known prices: those are
        -- read once more. Where every response has a price, no other runtime answered.
        DELETE FROM collector_state
        WHERE (key LIKE 'log:%' OR key LIKE 'store:%' OR key LIKE 'archive:%' OR key LIKE 'cold:%')
          AND EXISTS (
            SELECT 1 FROM event_models AS m JOIN event_facts AS e ON e.model_id = m.id JOIN event_outcomes AS o ON o.id = e.outcome_id
            WHERE m.api = 'cli' OR m.model = 'acp-runtime' OR o.cost_class IN (0, 1, 5)
              OR (o.cost_class = 4 AND o.stop_reason IS NOT 'error'));
        """;
}
