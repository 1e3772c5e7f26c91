using System.Text.Json.Nodes;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`/api/v1/…` of the real server says what the verbs say.</summary>
public sealed class ServeApiTests : IDisposable
{
    readonly ReportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("report", "report")]
    [InlineData("report?by=agent,model&since=2026-01&until=2026-11-20", "report --by agent,model --since 2026-01 --until 2026-11-20")]
    [InlineData("report?name=agents&tz=Europe/Vienna", "report agents --tz Europe/Vienna")]
    [InlineData("report?name=jobs&top=2&sort=tokens", "report jobs --top 2 --sort tokens")]
    [InlineData("report?by=day&where=agent=main&where=model!=&since=&tz=UTC", "report --by day --where agent=main --where model!= --tz UTC")]
    [InlineData("report?by=day%2Cchat-type&period=2026-W46", "report --by day,chat-type --period 2026-W46")]
    [InlineData("quota", "quota")]
    [InlineData("quota?history=&since=2026-01-01", "quota --history --since 2026-01-01")]
    public void ItSaysWhatTheVerbSays(string path, string command)
    {
        _scene.Collect("docs", "sample-home");
        using var server = ServerProcess.Start(_scene.Db);

        var reply = server.Get($"/api/v1/{path}");

        reply.Status.Should().Be(200, reply.Body);
        reply.Body.Should().Be(Cli.Run([.. command.Split(' '), "--json", "--db", _scene.Db]).Output);
        reply.Headers["Content-Type"].Should().Be("application/json; charset=utf-8");
    }

    [Fact]
    public void SessionKeysLeaveOutWhomTheyName()
    {
        using (var scene = new Scene())
        {
            scene.Home.Index("""{"agent:main:telegram:direct:4711": {"sessionId": "s1", "updatedAt": 1}}""");
            scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
            scene.Collect();
            using var server = ServerProcess.Start(scene.Db);

            var body = server.Get("/api/v1/report?name=sessions").Body;

            body.Should().NotContain("4711");
            JsonNode.Parse(body)!["rows"]![0]!["session_key"]!.GetValue<string>().Should().Be("agent:main:telegram:direct:…");
            JsonNode.Parse(body)!["rows"]![0]!["session"]!.GetValue<string>().Should().Be("s1");
        }
    }

    [Theory]
    [InlineData("report?by=nothing", "--by takes agent, model")]
    [InlineData("report?bye=agent", "Did you mean 'by'?")]
    [InlineData("report?db=/etc/passwd", "not 'db'")]
    [InlineData("report?config=/etc/passwd", "not 'config'")]
    [InlineData("report?name=--help", "There is no report '--help'")]
    [InlineData("report?name=@/etc/passwd", "There is no report '@/etc/passwd'")]
    [InlineData("report?since=2026-13", "--since takes")]
    [InlineData("report?since=2026-11-02&until=2026-11-01", "is not before")]
    [InlineData("report?top=--json", "--top takes a whole number")]
    [InlineData("quota?since=7d", "need --history")]
    [InlineData("budget?x=1", "no parameters, not 'x'")]
    public void WhatCannotBeMeantIsExplained(string path, string message)
    {
        _scene.Create();
        using var server = ServerProcess.Start(_scene.Db);

        var reply = server.Get($"/api/v1/{path}");

        reply.Status.Should().Be(400);
        reply.Body.Should().Contain(message);
        reply.Headers["Content-Type"].Should().StartWith("text/plain");
    }

    [Fact]
    public void WithoutBudgetsTheListIsEmptyAndWithThemItIsThatOfTheVerb()
    {
        _scene.Collect("docs", "sample-home");
        File.WriteAllText(_scene["config.toml"], "[[budget]]\nname = 'b'\nperiod = '30d'\nlimit = '5 USD'\n");
        using var without = ServerProcess.Start(_scene.Db);
        using var with = ServerProcess.Start(_scene.Db, "--config", _scene["config.toml"]);

        without.Get("/api/v1/budget").Body.Should().StartWith("{\"time_zone\":").And.EndWith("\"budgets\":[]}\n");
        with.Get("/api/v1/budget").Body.Should().Be(Cli.Run("budget", "--json", "--db", _scene.Db, "--config", _scene["config.toml"]).Output);
    }

    [Fact]
    public void WhatTheClientHasIsNotSentAgainUntilItChanges()
    {
        using var scene = new Scene();
        scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        scene.Collect();
        using var server = ServerProcess.Start(scene.Db);
        const string path = "/api/v1/report?by=agent&since=2020-01-01&until=2026-11-22";
        var first = server.Get(path);

        var again = server.Get(path, $"If-None-Match: {first.Headers["ETag"]}");
        scene.Home.Append("s1.jsonl", Some.Answer("a2"));
        scene.Collect();
        var changed = server.Get(path, $"If-None-Match: {first.Headers["ETag"]}");

        (again.Status, again.Body).Should().Be((304, ""));
        changed.Status.Should().Be(200);
        JsonNode.Parse(changed.Body)!["totals"]!["responses"]!.GetValue<int>().Should().Be(2);
    }

    [Fact]
    public void AStoreThatIsNotThereIsSaidAndServedOnceItIs()
    {
        using var server = ServerProcess.Start(_scene.Db);

        var missing = server.Get("/api/v1/report");
        _scene.Create();

        missing.Status.Should().Be(503);
        missing.Body.Should().Contain("There is no store").And.Contain("token-governance collect --once");
        server.Get("/api/v1/report").Status.Should().Be(200);
    }

    [Fact]
    public void NothingIsWrittenBesideTheStoreOrInIt()
    {
        _scene.Collect("docs", "sample-home");
        var before = DirectorySnapshot.Of(Path.GetDirectoryName(_scene.Db)!);
        using var server = ServerProcess.Start(_scene.Db);

        foreach (var path in new[] { "/api/v1/report", "/api/v1/quota", "/api/v1/budget", "/api/v1/alerts", "/healthz" })
        {
            server.Get(path);
        }

        DirectorySnapshot.Of(Path.GetDirectoryName(_scene.Db)!).Should().Equal(before);
    }

    [Fact]
    public void HealthIsTheAgeOfTheLastPass()
    {
        using var scene = new Scene();
        using (UsageStore.Open(scene.Db))
        {
        }

        using var server = ServerProcess.Start(scene.Db);

        var never = server.Get("/healthz");
        scene.Collect();
        var fresh = server.Get("/healthz");
        StoreRows.Execute(scene.Db, "UPDATE collector_state SET value = '2026-01-01T00:00:00.000Z' WHERE key = 'pass:last'");
        var stale = server.Get("/healthz");

        (never.Status, fresh.Status, stale.Status).Should().Be((503, 200, 503));
        never.Body.Should().Contain("\"never\"");
        fresh.Body.Should().Contain("\"ok\"");
        stale.Body.Should().Contain("\"stale\"").And.Contain("Is 'token-governance collect' running?");
    }

    [Fact]
    public async Task ItEndsInOrderWhenItIsTold()
    {
        _scene.Create();
        using var server = ServerProcess.Start(_scene.Db);
        using var open = server.Connect();

        var (code, said) = await server.StopAsync();

        code.Should().Be(0);
        said[^1].Should().EndWith("stopped");
    }
}
