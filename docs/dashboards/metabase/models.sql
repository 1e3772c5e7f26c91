-- What each model cost in the last 30 days. A table.
SELECT coalesce(model_provider, 'unknown') AS provider, coalesce(model, 'unknown') AS model,
  sum(cost_total) AS known_cost_usd, sum(total_tokens) AS tokens, sum(events) AS responses, sum(errors) AS failed, sum(unpriced_events) AS without_price
FROM v_usage_days
WHERE day_start >= date('now', '-30 days')
GROUP BY provider, model
ORDER BY known_cost_usd DESC, tokens DESC;
