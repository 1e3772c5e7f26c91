using System.Text.Json;
using TokenGovernance.Tests.Budgets;
using TokenGovernance.Tests.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Budgets, by the real program: exit codes, tables, messages.</summary>
public sealed class BudgetTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Receiver _receiver = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _scene.Dispose();
    }

    string ConfigPath => _scene.Folder["config.toml"];

    [Fact]
    public void CheckEndsWithFourWhereALimitIsReachedAndTellsOnce()
    {
        Spend(3);
        Configure("limit = '5 USD'\nwarn = [50]");

        Run("check").ExitCode.Should().Be(0);
        Run("check", "--fail-on", "warn").ExitCode.Should().Be(4);
        Spend(3);
        var over = Run("check");

        over.ExitCode.Should().Be(4);
        over.Output.Should().StartWith("b: $6.00 of $5.00 used today (120 %).\n").And.Contain(" over");
        Run("check").Output.Should().StartWith("BUDGET");
        _receiver.Texts.Should().Equal("b: $3.00 of $5.00 used today (60 %, warned at 50 %).", "b: $6.00 of $5.00 used today (120 %).");
    }

    [Fact]
    public void ACheckThatOnlyLooksStoresAndSendsNothing()
    {
        Spend(6);
        Configure("limit = '5 USD'");
        var before = File.ReadAllBytes(_scene.Db);

        var result = Run("check", "--no-deliver", "--json");

        result.ExitCode.Should().Be(4);
        JsonDocument.Parse(result.Output).RootElement.GetProperty("budgets")[0].GetProperty("state").GetString().Should().Be("over");
        File.ReadAllBytes(_scene.Db).Should().Equal(before);
        _receiver.All.Should().BeEmpty();
    }

    [Fact]
    public void TheTableShowsHowEachInstanceStands()
    {
        Spend(4);
        Spend(1, "research");
        Configure("limit = '5 USD'\neach = 'agent'\nwarn = [50]");

        var result = Run();

        result.ExitCode.Should().Be(0);
        result.Output.Split('\n').Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Should().StartWith(
        [
            "BUDGET SCOPE PERIOD USED LIMIT SHARE FORECAST UNPRICED STATE",
            "b agent=main day $4.00 $5.00 80 % – warn",
            "b agent=research day $1.00 $5.00 20 % – ok",
        ]);
    }

    [Theory]
    [InlineData("models.json", """{"stub-a":{"input_cost_per_token":0.1,"output_cost_per_token":0.2}}""", "~ $3.00", null)]
    [InlineData("openclaw.json", """{"models":{"providers":{"stubai":{"models":[{"id":"stub-a","cost":{"input":100000,"output":200000}}]}}}}""", "~ $3.00", null)]
    [InlineData("models.json", "no json", "≥ $0.00", "models.json cannot be read as JSON (line 1)")]
    [InlineData("models.json", null, "≥ $0.00", "models.json is not there: no prices from it.")]
    public void EstimatesUseThePricesOfOpenClawAndOfAFile(string file, string? prices, string used, string? told)
    {
        Spend(0);
        var path = Path.Combine(_scene.Home.Path, file);
        if (prices is not null)
        {
            File.WriteAllText(path, prices);
        }

        Configure("limit = '5 USD'\nunpriced = 'estimate'");
        File.WriteAllText(ConfigPath, (file is "models.json" ? $"prices = '{path}'\n" : "") + File.ReadAllText(ConfigPath));

        var table = Estimate("budget");
        var json = JsonDocument.Parse(Estimate("budget", "check", "--json").Output).RootElement.GetProperty("budgets")[0];

        table.ExitCode.Should().Be(0);
        table.Output.Should().Contain(used);
        (prices is "no json" or null ? json.GetProperty("unpriced").GetInt64() : 1 - json.GetProperty("unpriced").GetInt64()).Should().Be(1);
        json.GetProperty("estimated_usd").GetDecimal().Should().Be(told is null ? 3 : 0);
        if (told is null)
        {
            table.Output.Should().Contain("b: $3.00 of it is estimated at list prices (~)");
            Estimate("status").Output.Should().Contain("about $3.00 of $5.00");
        }
        else
        {
            table.Error.Should().Contain(told);
        }
    }

    CliResult Estimate(params string[] verb) => Cli.Run(new() { ["OPENCLAW_STATE_DIR"] = _scene.Home.Path }, [.. verb, "--db", _scene.Db, "--config", ConfigPath]);

    [Fact]
    public void ATestMessageGoesToEachDestinationAndSaysWhichDoNotWork()
    {
        Spend(1);
        File.WriteAllText(ConfigPath, $"""
            [[budget]]
            name = "b"
            period = "day"
            limit = "5 USD"
            notify = ["hook", "dead"]
            [notify.hook]
            webhook = "{_receiver.Url}"
            [notify.dead]
            exec = ["/nowhere/program"]
            """);

        var both = Run("test", "b");
        var one = Run("test", "hook", "--json");

        both.ExitCode.Should().Be(1);
        both.Output.Should().Contain("ok  hook: delivered").And.Contain("!!  dead: /nowhere/program cannot be started");
        (one.ExitCode, one.Output).Should().Be((0, """{"destinations":[{"name":"hook","delivered":true,"error":null}]}""" + "\n"));
        _receiver.All.Should().HaveCount(2);
        _receiver.Texts.Should().OnlyContain(text => text.StartsWith("Test of token-governance"));
    }

    [Fact]
    public void WithoutLimitsOrWithAnUnknownNameTheUsageIsWrong()
    {
        Spend(1);
        File.WriteAllText(ConfigPath, "");

        Run().Should().Match<CliResult>(result => result.ExitCode == 2 && result.Error.Contains("There are no budgets"));
        Run("check").ExitCode.Should().Be(2);
        Configure("limit = '5 USD'");
        Run("test", "nobody").ExitCode.Should().Be(2);
        Run("resume", "b").ExitCode.Should().Be(2);
    }

    [Fact]
    public void SuggestedLimitsAreAConfigurationThatCanBeUsed()
    {
        Spend(2);
        Spend(1, "research");

        var result = Cli.Run("budget", "suggest", "--db", _scene.Db);

        result.Output.Should().Contain("name = \"all-day\"").And.Contain("limit = \"4.5 USD\"").And.Contain("where = ['agent=research']");
        File.WriteAllText(ConfigPath, result.Output);
        Cli.Run("config", "check", "--config", ConfigPath).ExitCode.Should().Be(0);
        Run("check").ExitCode.Should().Be(0);
    }

    [Fact]
    public void AJobIsDisabledOnceAndOnlyResumeEnablesItAgain()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var programs = new StatusFolder();
        var program = FakeOpenClaw.Running(programs, $"echo \"$@\" >> '{_scene.Folder["calls"]}'");
        SpendByJob(6);
        File.WriteAllText(ConfigPath, $"""
            openclaw-bin = "{program}"
            [[budget]]
            name = "b"
            where = ["job=job-1"]
            period = "day"
            limit = "5 USD"
            action = "disable-job"
            """);

        Run("check").ExitCode.Should().Be(4);
        Run("check").ExitCode.Should().Be(4);
        File.ReadAllLines(_scene.Folder["calls"]).Should().Equal("automations disable job-1");
        Run("resume", "b").ExitCode.Should().Be(0);
        Run("check");

        File.ReadAllLines(_scene.Folder["calls"]).Should().Equal("automations disable job-1", "automations enable job-1");
    }

    [Fact]
    public void AnomaliesSaysWhenNothingIsOutOfTheOrdinary()
    {
        Spend(0.1);

        Cli.Run("anomalies", "--db", _scene.Db).Output.Should().Be("Nothing out of the ordinary.\n");
        Cli.Run("anomalies", "--db", _scene.Db, "--json").Output.Should().Contain("\"newest_event\":\"20").And.EndWith("\"anomalies\":[]}\n");
    }

    CliResult Run(params string[] args) => Cli.Run(["budget", .. args, .. args is ["test" or "resume", ..] ? Array.Empty<string>() : ["--db", _scene.Db], "--config", ConfigPath]);

    void Configure(string budget) => File.WriteAllText(ConfigPath, $"""
        timezone = "UTC"
        [[budget]]
        name = "b"
        period = "day"
        notify = ["hook"]
        {budget}
        [notify.hook]
        webhook = "{_receiver.Url}"
        """);

    void Spend(double dollars, string agent = "main")
    {
        _scene.Home.Spend(dollars, agent);
        _scene.Collect();
    }

    void SpendByJob(double dollars)
    {
        _scene.Home.LogOf("main", "s-job.jsonl", Spending.Header("s-job"), Spending.Answer(DateTime.UtcNow, dollars));
        _scene.Home.Index("""{"agent:main:cron:job-1:run:r1":{"sessionId":"s-job","updatedAt":1}}""");
        _scene.Collect();
    }
}
