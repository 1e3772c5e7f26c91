namespace TokenGovernance.Storage.Migrations;

/// <summary>What is usual of each agent, kept from one look for runaways to the next.</summary>
static class Version15
{
    public const string Sql = """
        -- What may be made again from the events at any time. Quarters are quarter-hours since 1970.
        CREATE TABLE runaway_history (
          settings TEXT NOT NULL PRIMARY KEY,
          first_quarter INTEGER NOT NULL,
          end_quarter INTEGER NOT NULL,
          last_event_id INTEGER NOT NULL,
          last_change INTEGER NOT NULL,
          state BLOB NOT NULL
        ) STRICT;
        """;
}
