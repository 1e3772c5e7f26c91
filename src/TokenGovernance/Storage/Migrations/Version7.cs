namespace TokenGovernance.Storage.Migrations;

/// <summary>What makes the change feed's tokens safe: who the store is, and which histories of it there were.</summary>
static class Version7
{
    public const string Sql = """
        -- Where in the feed each writer began. The first row names the store. A backup that is restored does not know the epochs after it.
        CREATE TABLE change_epochs (
          id INTEGER PRIMARY KEY,
          name BLOB NOT NULL,
          last_event_id INTEGER NOT NULL,
          last_change INTEGER NOT NULL
        ) STRICT;

        INSERT INTO change_epochs (id, name, last_event_id, last_change) VALUES (1, randomblob(8), 0, 0);
        """;

    /// <summary>How a change of an event is noted.</summary>
    internal const string Note = """
        DELETE FROM event_changes WHERE event_id = new.id;
          INSERT INTO event_changes (removed_key) SELECT old.event_key WHERE old.event_key <> new.event_key;
          INSERT INTO event_changes (event_id) VALUES (new.id);
        """;

    /// <summary>As in version 3, but the old key of an event goes before the event has its new one: nobody who follows has it twice.</summary>
    public static readonly string KeyChanges = $"""
        DROP TRIGGER event_facts_changed;
        {StarRollup.TriggerOfChanges(Note)}
        """;
}
