namespace TokenGovernance.Storage.Migrations;

/// <summary>Counters for metrics: totals that only grow.</summary>
static class Version13
{
    public const string Sql = """
        -- Each event is added once, with what is known of it a minute after it was stored, and stays there whatever becomes of it: a counter
        -- that fell would look like usage to whoever reads it. Unknown is ''. Costs are whole billionths of a dollar.
        CREATE TABLE metric_series (
          agent TEXT NOT NULL,
          provider TEXT NOT NULL,
          model TEXT NOT NULL,
          channel TEXT NOT NULL,
          trigger TEXT NOT NULL,
          created_ms INTEGER NOT NULL,
          responses INTEGER NOT NULL,
          errors INTEGER NOT NULL,
          unpriced INTEGER NOT NULL,
          unmeasured INTEGER NOT NULL,
          input_tokens INTEGER NOT NULL,
          output_tokens INTEGER NOT NULL,
          cache_read_tokens INTEGER NOT NULL,
          cache_write_tokens INTEGER NOT NULL,
          recorded_responses INTEGER NOT NULL,
          recorded_nano INTEGER NOT NULL,
          billed_responses INTEGER NOT NULL,
          billed_nano INTEGER NOT NULL,
          PRIMARY KEY (agent, provider, model, channel, trigger)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE metric_jobs (
          agent TEXT NOT NULL,
          job TEXT NOT NULL,
          created_ms INTEGER NOT NULL,
          tokens INTEGER NOT NULL,
          priced_responses INTEGER NOT NULL,
          cost_nano INTEGER NOT NULL,
          PRIMARY KEY (agent, job)
        ) STRICT, WITHOUT ROWID;

        -- One row. last_event_id NULL: nothing is counted yet. dropped: responses that no series had room for and `other` took.
        CREATE TABLE metric_state (
          id INTEGER PRIMARY KEY CHECK (id = 1),
          last_event_id INTEGER,
          created_ms INTEGER,
          dropped INTEGER NOT NULL DEFAULT 0,
          failed_sources INTEGER NOT NULL DEFAULT 0,
          bad_lines INTEGER NOT NULL DEFAULT 0
        ) STRICT;

        INSERT INTO metric_state (id) VALUES (1);
        """;
}
