-- The last alerts. A table.
SELECT fired_ts AS fired, resolved_ts AS over, kind, budget, instance, text
FROM budget_alerts
ORDER BY id DESC
LIMIT 50;
