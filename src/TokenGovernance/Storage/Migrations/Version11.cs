namespace TokenGovernance.Storage.Migrations;

/// <summary>Accounts of turns whose calls name no turn are found by session and time.</summary>
static class Version11
{
    public const string Sql = """
        DROP INDEX idx_turn_sessions_session;
        CREATE INDEX idx_turn_sessions_session ON turn_sessions (session_ref, runtime, event_ms);
        CREATE INDEX idx_turn_sessions_thread ON turn_sessions (thread_id, runtime) WHERE turn_id = '';
        CREATE INDEX idx_mirrored_rows_time ON mirrored_rows (event_ms);

        ALTER TABLE mirrored_rows ADD COLUMN cache_write_1h_tokens INTEGER;
        INSERT INTO mirrored_rows (event_key, event_id, turn_ref, event_ms, call_ms, model_id, outcome_id, file_id, source_line_no, input_tokens,
          output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, reasoning_tokens, cost_input, cost_output, cost_cache_read,
          cost_cache_write, cost_total, entry_id, response_id, run_id, cache_write_1h_tokens)
        SELECT e.event_key, e.id, e.turn_ref, e.event_ms, e.call_ms, e.model_id, e.outcome_id, e.file_id, e.source_line_no, e.input_tokens,
          e.output_tokens, e.cache_read_tokens, e.cache_write_tokens, e.total_tokens, e.reasoning_tokens, e.cost_input, e.cost_output, e.cost_cache_read,
          e.cost_cache_write, e.cost_total, e.entry_id, e.response_id, e.run_id, e.cache_write_1h_tokens
        FROM event_models AS m JOIN event_facts AS e ON e.model_id = m.id
        WHERE m.runtime = 'claude-code' AND m.scope = 'turn' AND e.turn_ref IS NOT NULL;

        INSERT INTO turn_sessions (runtime, thread_id, turn_id, session_ref, event_ms, run_id)
        SELECT t.runtime, '', t.turn_id, a.session_ref, max(e.event_ms), t.turn_id
        FROM event_turns AS t
        JOIN event_facts AS e ON e.turn_ref = t.id
        JOIN event_attributions AS a ON a.id = e.attribution_id
        WHERE t.runtime = 'claude-code' AND t.turn_id IS NOT NULL AND a.session_ref IS NOT NULL
        GROUP BY 1, 2, 3, 4;
        """;
}
