namespace TokenGovernance.Storage.Migrations;

/// <summary>Turns of Codex without a row are named by trajectories, which an earlier version read without looking for them.</summary>
static class Version16
{
    public const string Sql = """
        -- Where there are calls without session or run, trajectories are read once more: those in databases from their first row, and the
        -- checkpoint of such a database as a whole (not those of its sessions) says no more that all has been read.
        DELETE FROM collector_state
        WHERE (key LIKE 'log:%.trajectory.jsonl%' OR key LIKE 'runs:%' OR (key LIKE 'store:%' AND value LIKE '{"d":%'))
          AND EXISTS (
            SELECT 1 FROM event_models AS m
            JOIN event_facts AS e ON e.model_id = m.id
            JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE m.runtime = 'codex' AND m.scope = 'call' AND (a.session_id IS NULL OR e.run_id IS NULL));
        """;
}
