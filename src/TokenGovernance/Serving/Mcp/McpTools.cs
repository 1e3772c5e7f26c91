using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Serving.Api;

namespace TokenGovernance.Serving.Mcp;

/// <summary>Three questions that agents ask. Descriptions are short: they go into every call of a model.</summary>
sealed class McpTools(IQueries queries)
{
    const int MostRows = 50;

    static readonly string[] ReportParameters = ["by", "where", "since", "until", "period", "tz", "top", "sort"];

    /// <summary>What `tools/list` says; what a report can be by is what the verb can.</summary>
    static readonly string Tools = $$"""
        [
          {
            "name": "usage_report",
            "description": "Tokens and cost of OpenClaw's model calls, added up. Unpriced responses have no cost: they are not free.",
            "inputSchema": {
              "type": "object",
              "properties": {
                "by": { "type": "array", "items": { "enum": [{{string.Join(", ", Dimensions.Names.Select(name => $"\"{name}\""))}}] } },
                "where": { "type": "array", "items": { "type": "string" }, "description": "such as agent=main or trigger!=cron" },
                "period": { "type": "string", "description": "today, 7d, this-month, last-week, 2026-11" },
                "since": { "type": "string" },
                "until": { "type": "string" },
                "top": { "type": "integer", "minimum": 1, "maximum": 50 }
              },
              "additionalProperties": false
            },
            "annotations": { "readOnlyHint": true, "openWorldHint": false }
          },
          {
            "name": "budget_status",
            "description": "Budgets: used, limit, forecast, and state ok, warn, over or unknown.",
            "inputSchema": {
              "type": "object",
              "properties": { "name": { "type": "string" }, "agent": { "type": "string", "description": "only budgets that hold for it" } },
              "additionalProperties": false
            },
            "annotations": { "readOnlyHint": true, "openWorldHint": false }
          },
          {
            "name": "quota_status",
            "description": "Quota windows of plans: used percent, when they reset, and when they run out at this pace; balances.",
            "inputSchema": { "type": "object", "properties": { "provider": { "type": "string" } }, "additionalProperties": false },
            "annotations": { "readOnlyHint": true, "openWorldHint": false }
          }
        ]
        """;

    public static IReadOnlyList<string> Names { get; } = ["usage_report", "budget_status", "quota_status"];

    public static bool Has(string name) => Names.Contains(name);

    public static JsonObject List() => new() { ["tools"] = JsonNode.Parse(Tools) };

    /// <summary>Calls a tool that there is. What cannot be answered is a result that says why, for the model to mend.</summary>
    public JsonObject Call(string name, JsonObject arguments)
    {
        try
        {
            var answer = name switch
            {
                "usage_report" => Report(arguments),
                "budget_status" => Budgets(arguments),
                _ => Quotas(arguments),
            };

            return new JsonObject { ["content"] = TextContent(answer.ToJsonString()), ["structuredContent"] = answer };
        }
        catch (Exception e) when (e is BadQueryException or UserFacingException)
        {
            return new JsonObject { ["content"] = TextContent(e.Message), ["isError"] = true };
        }
    }

    JsonObject Report(JsonObject arguments)
    {
        Require(arguments, ReportParameters);
        var parameters = new List<KeyValuePair<string, string>>();
        foreach (var (name, value) in arguments)
        {
            parameters.AddRange((value as JsonArray ?? new JsonArray(value?.DeepClone())).Select(one => KeyValuePair.Create(name, TextOf(name, one))));
        }

        var top = parameters.FindIndex(parameter => parameter.Key == "top");
        if (top < 0)
        {
            parameters.Add(KeyValuePair.Create("top", "20"));
        }
        else if (int.TryParse(parameters[top].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) && rows > MostRows)
        {
            throw new BadQueryException($"top is at most {MostRows}; the rest is added up in 'rest'.");
        }

        return Parse(queries.Report(parameters));
    }

    JsonObject Budgets(JsonObject arguments)
    {
        Require(arguments, "name", "agent");
        var (name, agent) = (arguments["name"], arguments["agent"]);
        var answer = Parse(queries.Budget([]));
        var all = answer["budgets"]!.AsArray();
        if (all.Count == 0)
        {
            answer["note"] = "No budgets are configured. 'token-governance budget suggest' prints some.";
        }

        Keep(all, one => (name is null || Is(one["name"], TextOf("name", name))) && (agent is null || HoldsFor(one, TextOf("agent", agent))));

        return answer;
    }

    JsonObject Quotas(JsonObject arguments)
    {
        Require(arguments, "provider");
        var answer = Parse(queries.Quota([]));
        if (arguments["provider"] is { } provider)
        {
            foreach (var list in new[] { "windows", "amounts", "errors" })
            {
                Keep(answer[list]!.AsArray(), one => Is(one["provider"], TextOf("provider", provider)) || (list == "errors" && one["provider"] is null));
            }
        }

        return answer;
    }

    /// <summary>A budget for no agent in particular holds for all of them.</summary>
    static bool HoldsFor(JsonNode budget, string agent) =>
        budget["scope"]?.GetValue<string>() is not { } scope || !scope.Contains("agent", StringComparison.Ordinal) || scope.Contains($"agent={agent}", StringComparison.Ordinal)
        || Is(budget["instance"], agent);

    static void Keep(JsonArray list, Func<JsonNode, bool> isKept)
    {
        foreach (var one in list.Where(one => !isKept(one!)).ToList())
        {
            list.Remove(one);
        }
    }

    static bool Is(JsonNode? node, string text) => node is not null && node.GetValueKind() is JsonValueKind.String && node.GetValue<string>() == text;

    static void Require(JsonObject arguments, params string[] known)
    {
        if (arguments.Select(argument => argument.Key).FirstOrDefault(key => !known.Contains(key)) is { } wrong)
        {
            throw new BadQueryException($"There is no argument '{wrong}'. Arguments: {string.Join(", ", known)}.");
        }
    }

    static string TextOf(string name, JsonNode? value) => value?.GetValueKind() switch
    {
        JsonValueKind.String => value.GetValue<string>(),
        JsonValueKind.Number => value.ToJsonString(),
        _ => throw new BadQueryException($"{name} takes text{(name == "top" ? " or a number" : "")}."),
    };

    static JsonObject Parse(string text) => JsonNode.Parse(text)!.AsObject();

    // Not a collection expression: that adds by a generic method, which native code cannot have.
    static JsonArray TextContent(string text) => new(new JsonObject { ["type"] = "text", ["text"] = text });
}
