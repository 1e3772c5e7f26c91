using System.Text.Json.Nodes;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The real `mcp`, spoken to over its standard input and output.</summary>
public sealed class McpTests : IDisposable
{
    const string Initialize = """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    readonly ReportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AClientIsGreetedAndToldOfThreeSmallTools()
    {
        var answers = Talk(Initialize, """{"jsonrpc":"2.0","method":"notifications/initialized"}""", """{"jsonrpc":"2.0","id":"x","method":"tools/list"}""");

        answers.Should().HaveCount(2, "a notification is not answered");
        answers[0]["result"]!["protocolVersion"]!.GetValue<string>().Should().Be("2025-06-18");
        answers[0]["result"]!["serverInfo"]!["name"]!.GetValue<string>().Should().Be("token-governance");
        answers[1]["id"]!.GetValue<string>().Should().Be("x");
        var tools = answers[1]["result"]!["tools"]!.AsArray();
        tools.Select(tool => tool!["name"]!.GetValue<string>()).Should().Equal("usage_report", "budget_status", "quota_status");
        tools.Sum(tool => tool!["name"]!.GetValue<string>().Length + tool["description"]!.GetValue<string>().Length).Should().BeLessThan(1200);
        tools.Select(tool => tool!["annotations"]!["readOnlyHint"]!.GetValue<bool>()).Should().AllBeEquivalentTo(true);
    }

    [Fact]
    public void AReportIsThatOfTheVerb()
    {
        _scene.Collect("docs", "sample-home");

        var result = Call("usage_report", """{"by":["agent"],"where":["agent!=ops"],"since":"2026-11-01","until":"2026-11-20","top":1}""");

        var verb = JsonNode.Parse(Cli.Run(
            "report", "--json", "--by", "agent", "--where", "agent!=ops", "--since", "2026-11-01", "--until", "2026-11-20", "--top", "1", "--db", _scene.Db).Output);
        JsonNode.DeepEquals(result["structuredContent"], verb).Should().BeTrue();
        JsonNode.DeepEquals(JsonNode.Parse(result["content"]![0]!["text"]!.GetValue<string>()), verb).Should().BeTrue();
    }

    [Fact]
    public void AReportIsByAllThatTheVerbCanBeBy()
    {
        _scene.Collect("docs", "sample-home");
        var tool = Talk("""{"jsonrpc":"2.0","id":1,"method":"tools/list"}""")[0]["result"]!["tools"]![0]!;

        var names = tool["inputSchema"]!["properties"]!["by"]!["items"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()).ToList();

        Cli.Run("report", "--by", "nothing", "--db", _scene.Db).Error.Should().Contain($"--by takes {string.Join(", ", names[..^1])} or {names[^1]}, not");
        var answers = Talk([.. names.Select((name, id) => ToolCall(id, "usage_report", $$"""{"by":["{{name}}"]}"""))]);
        names.Where((_, id) => answers[id]["result"]!["isError"] is not null).Should().Equal("node");
    }

    [Fact]
    public void BudgetsOfAnAgentAreThoseThatHoldForIt()
    {
        _scene.Collect("docs", "sample-home");
        File.WriteAllText(_scene["config.toml"], """
            [[budget]]
            name = "all"
            period = "30d"
            limit = "5 USD"

            [[budget]]
            name = "each"
            period = "30d"
            each = "agent"
            limit = "5 USD"

            [[budget]]
            name = "ops"
            period = "30d"
            where = ["agent=ops"]
            limit = "5 USD"
            """);

        var result = Call("budget_status", """{"agent":"main"}""", "--config", _scene["config.toml"]);

        result["structuredContent"]!["budgets"]!.AsArray().Select(one => one!["name"]!.GetValue<string>()).Distinct().Should().NotContain("ops").And.Contain("all");
    }

    [Fact]
    public void WithoutBudgetsAnAgentHearsSo()
    {
        _scene.Create();

        Call("budget_status", "{}")["structuredContent"]!["note"]!.GetValue<string>().Should().Contain("No budgets are configured");
    }

    [Fact]
    public void QuotasAreThoseOfOneProvider()
    {
        _scene.Create();
        StoreRows.Execute(_scene.Db, """
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, window_label, used_percent, kind, home)
            VALUES ('2026-11-20T10:00:00.000Z', 'anthropic', '5h', 41.5, 'window', '/h'), ('2026-11-20T10:00:00.000Z', 'google', '5h', 1, 'window', '/h')
            """);

        var windows = Call("quota_status", """{"provider":"anthropic"}""")["structuredContent"]!["windows"]!.AsArray();

        windows.Should().ContainSingle().Which!["used_percent"]!.GetValue<double>().Should().Be(41.5);
    }

    [Theory]
    [InlineData("usage_report", """{"by":["nothing"]}""", "--by takes agent, model")]
    [InlineData("usage_report", """{"top":51}""", "top is at most 50")]
    [InlineData("usage_report", """{"db":"/etc/passwd"}""", "There is no argument 'db'")]
    [InlineData("usage_report", """{"period":{}}""", "period takes text")]
    [InlineData("quota_status", """{"history":"x"}""", "There is no argument 'history'")]
    public void WhatCannotBeAnsweredSaysWhatToAskInstead(string tool, string arguments, string message)
    {
        _scene.Create();

        var result = Call(tool, arguments);

        result["isError"]!.GetValue<bool>().Should().BeTrue();
        result["content"]![0]!["text"]!.GetValue<string>().Should().Contain(message);
    }

    [Fact]
    public void AMissingStoreIsSaidAndTheServerStays()
    {
        var answers = Talk(ToolCall(1, "usage_report", "{}"), """{"jsonrpc":"2.0","id":2,"method":"ping"}""");

        answers[0]["result"]!["content"]![0]!["text"]!.GetValue<string>().Should().Contain("There is no store").And.Contain("token-governance collect --once");
        answers[1]["result"].Should().NotBeNull();
    }

    [Fact]
    public void NoLineOfAClientEndsTheServer()
    {
        var answers = Talk(
            "not json", "[]", "{}", "42", "", new string('x', 1_100_000), """{"jsonrpc":"2.0","id":{},"method":"ping"}""",
            """{"jsonrpc":"2.0","id":1,"method":"resources/list"}""", """{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"sql"}}""",
            """{"jsonrpc":"2.0","id":3,"method":"tools/call"}""", """{"jsonrpc":"2.0","id":9,"result":{}}""", """{"jsonrpc":"2.0","id":4,"method":"ping"}""", "{\"half\":");

        answers.Select(answer => answer["error"]?["code"]?.GetValue<int>()).Should().Equal(-32700, -32600, -32600, -32600, -32600, -32600, -32601, -32602, -32602, null);
    }

    JsonObject Call(string tool, string arguments, params string[] options) => Talk(options, ToolCall(1, tool, arguments))[0]["result"]!.AsObject();

    static string ToolCall(int id, string tool, string arguments) =>
        $$$"""{"jsonrpc":"2.0","id":{{{id}}},"method":"tools/call","params":{"name":"{{{tool}}}","arguments":{{{arguments}}}}}""";

    List<JsonObject> Talk(params string[] lines) => Talk([], lines);

    List<JsonObject> Talk(string[] options, params string[] lines)
    {
        using var process = Cli.Start([], ["mcp", "--db", _scene.Db, .. options]);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(string.Join('\n', lines));
        process.StandardInput.Write(lines[^1].EndsWith('}') ? "\n" : "");
        process.StandardInput.Close();
        process.WaitForExit((int)TimeSpan.FromMinutes(2).TotalMilliseconds).Should().BeTrue("it ends with its input");
        process.ExitCode.Should().Be(0, error.GetAwaiter().GetResult());

        return [.. output.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }
}
