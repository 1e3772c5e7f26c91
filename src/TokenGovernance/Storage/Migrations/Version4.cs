namespace TokenGovernance.Storage.Migrations;

/// <summary>Alerts, and the messages about them.</summary>
static class Version4
{
    public const string Sql = """
        -- What fired, once for each budget, instance, period, threshold and limit.
        CREATE TABLE budget_alerts (
          id INTEGER PRIMARY KEY AUTOINCREMENT,
          kind TEXT NOT NULL,
          budget TEXT NOT NULL,
          instance TEXT NOT NULL,
          period_start TEXT NOT NULL,
          period_end TEXT,
          threshold INTEGER NOT NULL,
          limit_value REAL NOT NULL,
          value REAL NOT NULL,
          unit TEXT NOT NULL,
          unpriced_events INTEGER NOT NULL,
          fired_ts TEXT NOT NULL,
          resolved_ts TEXT,
          text TEXT NOT NULL,
          UNIQUE (kind, budget, instance, period_start, threshold, limit_value)
        ) STRICT;

        CREATE INDEX idx_budget_alerts_open ON budget_alerts (kind, budget) WHERE resolved_ts IS NULL;

        -- Messages: due while next_try_ts is not NULL. Those of a digest have one message_id.
        CREATE TABLE alert_deliveries (
          alert_id INTEGER NOT NULL REFERENCES budget_alerts (id) ON DELETE CASCADE,
          destination TEXT NOT NULL,
          is_resolution INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          next_try_ts TEXT,
          delivered_ts TEXT,
          message_id TEXT,
          last_error TEXT,
          PRIMARY KEY (alert_id, destination, is_resolution)
        ) STRICT, WITHOUT ROWID;

        CREATE INDEX idx_alert_deliveries_due ON alert_deliveries (next_try_ts) WHERE next_try_ts IS NOT NULL;
        CREATE INDEX idx_alert_deliveries_sent ON alert_deliveries (destination, delivered_ts) WHERE delivered_ts IS NOT NULL;
        """;
}
