namespace TokenGovernance.Storage.Migrations;

/// <summary>Sums of blocks of events, as a blob.</summary>
static class Version2
{
    public const string Sql = """
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
}
