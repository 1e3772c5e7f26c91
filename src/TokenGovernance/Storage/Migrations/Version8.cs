namespace TokenGovernance.Storage.Migrations;

/// <summary>Notes which events were read without an id: the same response may be there with one.</summary>
static class Version8
{
    public const string Sql = """
        -- Events for which an entry without id stands: among those of its instant not the ids tell what is the same, but what they say.
        CREATE TABLE nameless_events (
          event_id INTEGER PRIMARY KEY REFERENCES event_facts (id) ON DELETE CASCADE,
          is_settled INTEGER NOT NULL
        ) STRICT;

        CREATE INDEX idx_nameless_events_unsettled ON nameless_events (event_id) WHERE is_settled = 0;

        INSERT INTO nameless_events (event_id, is_settled)
        SELECT e.id, 0 FROM event_facts AS e CROSS JOIN event_models AS m ON m.id = e.model_id
        WHERE e.entry_id IS NULL AND e.event_ms IS NOT NULL AND m.runtime = 'openclaw'
          AND NOT EXISTS (SELECT 1 FROM adopted_events AS o WHERE o.event_id = e.id AND o.is_keyed = 0);
        """;
}
