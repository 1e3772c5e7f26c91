-- What each cron job cost in the last 30 days. A table.
SELECT coalesce(agent_id, 'unknown') AS agent, coalesce(job_name, job_id) AS job,
  sum(cost_total) AS known_cost_usd, sum(total_tokens) AS tokens, sum(events) AS responses
FROM v_usage_days
WHERE day_start >= date('now', '-30 days') AND job_id IS NOT NULL AND trigger IS NOT 'hook'
GROUP BY agent, job
ORDER BY known_cost_usd DESC, tokens DESC;
