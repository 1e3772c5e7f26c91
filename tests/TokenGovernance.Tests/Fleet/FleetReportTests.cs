using System.CommandLine;
using System.Text.Json.Nodes;
using TokenGovernance.Cli;

namespace TokenGovernance.Tests.Fleet;

/// <summary>What is asked of the fleet's database is answered as by one store that read all homes: the same rows, the same numbers, each response once.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetReportTests(FourNodes nodes) : IClassFixture<FourNodes>
{
    /// <summary>Questions, each as on the command line.</summary>
    public static TheoryData<string> Questions { get; } =
    [
        "report", "report today", "report yesterday", "report this-week", "report last-week", "report this-month", "report last-month", "report agents", "report models",
        "report channels", "report jobs", "report jobs --period this-month", "report hooks", "report sessions", "report sessions --since 30d", "report trend", "report costs",
        "report sessions --top 3 --sort tokens", "report sessions --identifiers", "report --by session", "report --by agent,session --top 5",
        "report --by agent", "report --by model", "report --by provider", "report --by channel", "report --by trigger", "report --by job", "report --by chat-type",
        "report --by home", "report --by parent", "report --by response-model", "report --by api", "report --by error", "report --by runtime",
        "report --by day", "report --by week", "report --by month", "report --by hour", "report --by weekday", "report --by agent,error,day", "report --by error,session",
        "report --by day --tz Europe/Vienna", "report --by day --tz Asia/Kathmandu", "report --by hour --tz Asia/Kathmandu --since 10d", "report --by month,agent --tz America/St_Johns",
        "report --by week,model --tz Pacific/Auckland", "report --by weekday --where weekday=mon --tz Europe/Vienna", "report --by day --where weekday!=sun",
        "report --since 3h", "report --since 36h --by hour", "report --since 20d --until 5d", "report --until 40d", "report --since 7d --tz Asia/Kathmandu",
        "report --where agent=main --where agent=ops --by model", "report --where agent!=main", "report --where channel=telegram --by day --since 30d", "report --where model=gpt-a --by session",
        "report --where error=yes --by agent", "report --where parent=x --by model", "report --where session=10000000 --by agent", "report --where home=/home/2/.openclaw --by agent",
        "report --where provider=openai --top 1", "report --where job!= --by job", "report --sort events --by model", "report costs --since 60d",
        "report compare", "report compare --period this-month", "report compare --by agent,model --period last-month", "report compare --by session --since 10d --top 4", "report compare --whole --by weekday",
        "anomalies --since 28d", "quota --history",
    ];

    [Theory]
    [MemberData(nameof(Questions))]
    public void TheFleetAnswersAsTheStoreThatReadAllHomes(string question)
    {
        var ours = Ask(question, nodes.Union, "--json");
        var theirs = Ask(question, nodes.Url, "--json");

        theirs.Should().Be(ours);
        ours.Should().NotBe("{}");
    }

    [Fact]
    public void EachResponseIsOfOneNodeAndTheNodesAreTheWhole()
    {
        var all = Rows("report --by runtime");
        var byNode = Rows("report --by node");

        byNode.Select(row => (string)row!["node"]!).Should().BeSubsetOf(["node-0", "node-1", "node-2", "node-3"]).And.HaveCountGreaterThan(1);
        byNode.Sum(row => (long)row!["responses"]!).Should().Be((long)all.Single()!["responses"]!).And.Be(FourNodes.Events);
        var one = (string)byNode[0]!["node"]!;
        Rows($"report --by agent --where node={one}").Sum(row => (long)row!["responses"]!).Should().Be((long)byNode[0]!["responses"]!);
    }

    /// <summary>Also of what a plan pays, which has no price.</summary>
    [Theory]
    [InlineData("v_usage_daily")]
    [InlineData("v_usage_monthly")]
    [InlineData("v_usage_quarters")]
    [InlineData("v_usage_days")]
    public void TheViewsCountWhatTheViewsOfTheStoreCount(string view)
    {
        var sql = $"SELECT sum(events) AS a, sum(unpriced_events) AS b, sum(unmeasured_events) AS c FROM {view}";
        var theirs = nodes.Server.Query(nodes.Url, sql).Single();
        var ours = StoreRows.Query(nodes.Union, sql).Single();

        theirs.Values.Select(value => Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture)).Should().Equal(ours.Columns.Select(column => ours.Number(column)!.Value));
    }

    [Fact]
    public void WithoutKeysOfSessionsTheNumbersAreTheSameAndWhatIsMissingIsSaid()
    {
        var result = Cli.Run("report", "--by", "parent", "--db", nodes.PlainUrl);

        result.ExitCode.Should().Be(0, result.Error);
        result.Error.Should().Contain("push no keys of sessions").And.Contain("alone").And.Contain("columns = \"all\"");
        Ask("report --by agent,model,day", nodes.PlainUrl, "--json").Should().Be(Ask("report --by agent,model,day", nodes.Union, "--json"));
        Ask("report jobs", nodes.PlainUrl, "--json").Should().Be(Ask("report jobs", nodes.Union, "--json"));
    }

    [Fact]
    public void AStoreOfOneMachineHasNoNodes()
    {
        foreach (var verb in new[] { new[] { "report", "--by", "node" }, ["report", "--where", "node=a"], ["forecast", "--by", "node"] })
        {
            var result = Cli.Run([.. verb, "--db", nodes.Union]);

            (result.ExitCode, result.Output).Should().Be((2, ""));
            result.Error.Should().Contain("The store of one machine has no nodes").And.Contain("--db postgresql://");
        }
    }

    JsonArray Rows(string question) => (JsonArray)JsonNode.Parse(Ask(question, nodes.Url, "--json"))!["rows"]!;

    /// <summary>An answer without what says how new the store is.</summary>
    static string Ask(string question, string db, string format)
    {
        using var output = new StringWriter();
        var parse = CommandLine.Parse([.. question.Split(' '), format, $"--db={db}", "--config=/dev/null"]);
        parse.Errors.Should().BeEmpty();
        parse.Invoke(new InvocationConfiguration { Output = output, Error = TextWriter.Null, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }).Should().Be(0);
        var json = (JsonObject)JsonNode.Parse(output.ToString())!;
        foreach (var name in new[] { "last_collected", "newest_event", "now" })
        {
            json.Remove(name);
        }

        return json.ToJsonString();
    }
}
