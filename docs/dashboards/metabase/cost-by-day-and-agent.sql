-- Known cost, tokens and what has no price, a day and an agent (days of UTC). A chart: stacked bars by agent.
SELECT day_start AS day, coalesce(agent_id, 'unknown') AS agent,
  sum(cost_total) AS known_cost_usd, sum(total_tokens) AS tokens, sum(events) AS responses, sum(unpriced_events) AS without_price
FROM v_usage_days
WHERE day_start >= date('now', '-30 days')
GROUP BY day, agent
ORDER BY day, agent;
