namespace TokenGovernance.Reports;

/// <summary>JSON Schemas of what `--json` prints. Fields may be added, never renamed.</summary>
static class JsonSchemas
{
    const string Definitions = """
  "$defs": {
    "time": { "type": ["string", "null"], "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$" },
    "tokens": {
      "type": "object", "required": ["input", "output", "cache_read", "cache_write", "reasoning", "total"],
      "properties": {
        "input": { "type": "integer" }, "output": { "type": "integer" }, "cache_read": { "type": "integer" }, "cache_write": { "type": "integer" },
        "reasoning": { "type": ["integer", "null"] }, "total": { "type": "integer" }
      }
    },
    "cost": {
      "type": "object", "required": ["recorded", "provider_billed"],
      "properties": { "recorded": { "type": ["number", "null"] }, "provider_billed": { "type": ["number", "null"] } }
    },
    "unpriced": {
      "type": "object", "required": ["responses", "tokens"],
      "properties": { "responses": { "type": "integer" }, "tokens": { "type": "integer" } }
    },
    "usage": {
      "type": "object", "required": ["responses", "errors", "tokens", "cost_usd", "known_cost_usd", "unpriced", "unmeasured_responses"],
      "properties": {
        "responses": { "type": "integer" },
        "errors": { "type": "integer" },
        "tokens": { "$ref": "#/$defs/tokens" },
        "cache_hit_ratio": { "type": ["number", "null"] },
        "cost_usd": { "$ref": "#/$defs/cost" },
        "known_cost_usd": { "type": ["number", "null"], "description": "recorded and provider-billed together" },
        "unpriced": { "$ref": "#/$defs/unpriced" },
        "unmeasured_responses": { "type": "integer" },
        "share_of_tokens": { "type": ["number", "null"] },
        "share_of_cost": { "type": ["number", "null"] },
        "cost_per_response": { "type": ["number", "null"] },
        "cost_per_million_tokens": { "type": ["number", "null"] }
      }
    },
    "before": {
      "type": ["object", "null"], "required": ["since", "until", "responses", "known_cost_usd"],
      "properties": { "since": { "$ref": "#/$defs/time" }, "until": { "$ref": "#/$defs/time" } }
    },
    "range": {
      "type": ["object", "null"], "required": ["low", "middle", "high"],
      "properties": { "low": { "type": "number" }, "middle": { "type": "number" }, "high": { "type": "number" } }
    },
    "forecast": {
      "type": ["object", "null"], "required": ["until", "too_early", "days", "known_cost_usd", "tokens"],
      "properties": {
        "until": { "$ref": "#/$defs/time" }, "too_early": { "type": "boolean" }, "days": { "type": "integer" },
        "known_cost_usd": { "$ref": "#/$defs/range" }, "tokens": { "$ref": "#/$defs/range" }
      }
    },
    "models": {
      "type": "array",
      "items": {
        "type": "object", "required": ["provider", "model", "responses"],
        "properties": { "provider": { "type": ["string", "null"] }, "model": { "type": ["string", "null"] }, "responses": { "type": "integer" } }
      }
    }
  }
""";

    /// <summary>By the name of the verb.</summary>
    public static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["report"] = $$"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "token-governance report --json",
  "type": "object",
  "required": ["by", "since", "until", "time_zone", "where", "last_collected", "newest_event", "rows", "rest", "totals", "is_over", "before", "forecast", "unpriced_models", "unmeasured_models", "turns"],
  "properties": {
    "by": { "type": "array", "items": { "type": "string" } },
    "since": { "$ref": "#/$defs/time" },
    "until": { "$ref": "#/$defs/time" },
    "time_zone": { "type": "string" },
    "where": { "type": "array", "items": { "type": "string" } },
    "last_collected": { "$ref": "#/$defs/time" },
    "newest_event": { "$ref": "#/$defs/time" },
    "rows": { "type": "array", "items": { "$ref": "#/$defs/usage" } },
    "rest": { "type": ["object", "null"], "required": ["rows", "responses", "known_cost_usd"], "properties": { "rows": { "type": "integer" } } },
    "totals": { "$ref": "#/$defs/usage" },
    "is_over": { "type": ["boolean", "null"] },
    "before": { "$ref": "#/$defs/before" },
    "forecast": { "$ref": "#/$defs/forecast" },
    "unpriced_models": { "$ref": "#/$defs/models" },
    "unmeasured_models": { "$ref": "#/$defs/models" },
    "turns": { "type": "array", "items": { "type": "object", "required": ["runtime", "rows", "tokens"] } },
    "spikes": { "type": "array", "items": { "type": "object", "required": ["day", "unit", "value", "usual_low", "usual_high", "causes"] } },
    "heartbeats": { "type": "object", "required": ["runs", "known_cost_usd", "empty_runs", "empty_cost_usd", "all_known_cost_usd"] },
    "estimate": { "type": "object" }
  },
{{Definitions}}
}
""",
        ["status"] = $$"""
{
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "title": "token-governance status --json",
  "type": "object",
  "required": ["now", "time_zone", "last_collected", "newest_event", "periods", "top_this_month", "unpriced_models", "unmeasured_models", "quotas", "budgets"],
  "properties": {
    "now": { "$ref": "#/$defs/time" },
    "time_zone": { "type": "string" },
    "last_collected": { "$ref": "#/$defs/time" },
    "newest_event": { "$ref": "#/$defs/time" },
    "periods": {
      "type": "array",
      "items": {
        "type": "object", "required": ["name", "since", "until", "responses", "known_cost_usd", "is_over", "before", "forecast"],
        "properties": {
          "name": { "type": "string" }, "since": { "$ref": "#/$defs/time" }, "until": { "$ref": "#/$defs/time" }, "tokens": { "$ref": "#/$defs/tokens" },
          "is_over": { "type": "boolean" }, "before": { "$ref": "#/$defs/before" }, "forecast": { "$ref": "#/$defs/forecast" }
        }
      }
    },
    "top_this_month": { "type": "array", "items": { "type": "object", "required": ["dimension", "name", "responses", "known_cost_usd"] } },
    "unpriced_models": { "$ref": "#/$defs/models" },
    "unmeasured_models": { "$ref": "#/$defs/models" },
    "quotas": { "type": "object", "required": ["windows", "amounts", "errors"] },
    "budgets": { "type": "array", "items": { "type": "object", "required": ["name", "used", "limit", "state"] } }
  },
{{Definitions}}
}
""",
    };
}
