namespace TokenGovernance.Storage.Migrations;

/// <summary>What is removed by its age: how far that has come, and whose sums stay.</summary>
static class Version17
{
    public static readonly string Sql = $"""
        -- One row. floor_ms: single responses of before this time (a midnight, UTC) are not stored any more; NULL: all are. archive: the
        -- folder they are written to before they go; is_archived: they have been.
        -- closed_ms: when the floor, or the folder, became what it is.
        CREATE TABLE retention_state (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          floor_ms INTEGER,
          archive TEXT,
          is_archived INTEGER NOT NULL DEFAULT 0,
          closed_ms INTEGER,
          pruned_events INTEGER NOT NULL DEFAULT 0,
          applied_ms INTEGER,
          keep TEXT,
          keep_archive TEXT
        ) STRICT;

        INSERT INTO retention_state (id) VALUES (1);

        -- Attributions whose events are gone and whose sums stay: nothing more is learned of them. pruned_of: the attribution that the events
        -- had, which is the row itself where none of its events are left. The times are of the first call and the last response.
        ALTER TABLE event_attributions ADD COLUMN pruned_of INTEGER;
        ALTER TABLE event_attributions ADD COLUMN pruned_first_ms INTEGER;
        ALTER TABLE event_attributions ADD COLUMN pruned_last_ms INTEGER;
        CREATE INDEX idx_event_attributions_pruned ON event_attributions (pruned_of) WHERE pruned_of IS NOT NULL;

        -- Which part of the sums of such attributions (usage_quarters) is of failed calls.
        CREATE TABLE pruned_failures (
          quarter INTEGER NOT NULL,
          attribution_id INTEGER NOT NULL,
          model_id INTEGER NOT NULL,
          cost_class INTEGER NOT NULL,
          part INTEGER NOT NULL,
          {string.Join(",\n  ", StarRollup.Sums.Append(Version10.Column).Select(sum => $"{sum} INTEGER NOT NULL"))},
          PRIMARY KEY (quarter, attribution_id, model_id, cost_class, part)
        ) STRICT, WITHOUT ROWID;
        """;
}
