-- Quota windows as they were read last. A table, or a gauge each.
SELECT provider_group AS provider, window_label AS window, used_percent,
  datetime(reset_at_ms / 1000, 'unixepoch') AS starts_anew, max(snapshot_ts) AS read_at
FROM v_provider_usage
WHERE coalesce(kind, 'window') = 'window'
GROUP BY provider_group, window_label, account_hash, agent_id
ORDER BY used_percent DESC;
