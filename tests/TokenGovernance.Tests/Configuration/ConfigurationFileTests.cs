using System.Text.RegularExpressions;
using TokenGovernance.Configuration;

namespace TokenGovernance.Tests.Configuration;

/// <summary>What the configuration file may say, and what is said of the rest.</summary>
public sealed partial class ConfigurationFileTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WhatTheFileSaysIsRead()
    {
        var settings = Read("""
            db = "~/usage.db"
            openclaw-home = ["/a", "/b"]
            timezone = "Europe/Vienna"
            [collect]
            interval-sec = 2
            status-keep-min = 0.5
            agent = "main"
            quiet = true
            """);

        settings.Db.Should().Be("~/usage.db");
        settings.OpenClawHomes.Should().Equal("/a", "/b");
        settings.Zone!.Id.Should().Be("Europe/Vienna");
        settings.Collect.Should().BeEquivalentTo(new CollectSettings { IntervalSec = 2, StatusKeepMin = 0.5, Agents = ["main"], Quiet = true });
    }

    [Theory]
    [InlineData("collect.interval-sec = 3")]
    [InlineData("collect = { interval-sec = 3 }")]
    [InlineData("[collect]\n'interval-sec' = 3.0")]
    public void TablesMayBeWrittenInEveryWayOfToml(string text) => Read(text).Collect.IntervalSec.Should().Be(3);

    [Theory]
    [InlineData("\n\n[collect]\nintervall-sec = 1", 4, "unknown key 'intervall-sec' in [collect]; did you mean 'interval-sec'?")]
    [InlineData("interval_sec = 1", 1, "unknown key 'interval_sec'")]
    [InlineData("[colect]\nquiet = true", 1, "unknown key 'colect'; did you mean 'collect'?")]
    [InlineData("time-zone = \"UTC\"", 1, "unknown key 'time-zone'; did you mean 'timezone'?")]
    [InlineData("xyz = 1", 1, "unknown key 'xyz'. Known: budget, collect, db, fleet, notify, openclaw-bin, openclaw-home, prices, quota, runaway, runtimes, serve, timezone")]
    [InlineData("# first\ntimezone = \"Mars/Olympus\"", 2, "timezone takes a time zone such as Europe/Vienna, or UTC")]
    [InlineData("[collect]\ninterval-sec = \"soon\"", 2, "interval-sec takes a number from 0.01 to 86400")]
    [InlineData("[collect]\ninterval-sec = 0", 2, "interval-sec takes a number from 0.01 to 86400")]
    [InlineData("[collect]\ninterval-sec = nan", 2, "interval-sec takes a number from 0.01 to 86400")]
    [InlineData("[collect]\nstatus-every = 1.5", 2, "status-every takes a whole number")]
    [InlineData("[collect]\nquiet = 1", 2, "quiet takes true or false")]
    [InlineData("[collect]\nlog-format = \"xml\"", 2, "log-format takes text or json")]
    [InlineData("[collect]\nagent = [\"a b\"]", 2, "agent takes an agent's id (letters, digits, '-', '_' and '.')")]
    [InlineData("openclaw-home = [1]", 1, "openclaw-home takes a text in quotes or a list of such texts")]
    [InlineData("collect = 1", 1, "collect takes a table")]
    [InlineData("db = 2026-11-01", 1, "db takes a text in quotes")]
    [InlineData("db = \"a\"\ndb = \"b\"", 2, "already defined")]
    [InlineData("[collect]\ninterval-sec = 1,5", 2, "")]
    [InlineData("db = ", 1, "")]
    public void WhatCannotBeMeantIsSaidWithItsLine(string text, int line, string said) =>
        ProblemsOf(text).Should().Contain(problem => problem.StartsWith($"{_folder["config.toml"]}:{line}: ") && problem.Contains(said));

    [Fact]
    public void AllThatIsWrongIsSaidAtOnceInTheOrderOfTheLines() =>
        ProblemsOf("xyz = 1\n[collect]\nquiet = 7\nnope = 1").Select(problem => problem.Split(':')[1]).Should().Equal("1", "3", "4");

    [Fact]
    public void TheExampleSaysNothingUntilItsLinesAreUncommentedAndThenSaysEverything()
    {
        Read(ExampleFile.Text).Should().BeEquivalentTo(Settings.None with { Path = _folder["config.toml"] });

        var all = Read(Commented().Replace(ExampleFile.Text, ""));

        all.Budgets.Should().HaveCount(2);
        all.Quotas.Should().ContainSingle();
        all.Runaway.Should().NotBeNull();
        all.Runtimes.Should().NotBeNull();
        all.Fleet!.PasswordFile.Should().NotBeNull();
        all.Serve!.AllowHosts.Should().ContainSingle();
        all.Destinations.Should().HaveCountGreaterThan(3);
        var sections = new[] { "", "[collect]", "[[budget]]", "[[quota]]", "[runaway]", "[notify.x]", "[notify.y]\nopenclaw = { qqqqqqqq = 1 }", "[fleet]\nurl = \"postgresql://h/d\"" };
        var keys = ProblemsOf(string.Join("\n", sections.Select((section, i) => $"{section}\nqqqqqqqq{(i == 6 ? "9" : "")} = 1")))
            .Where(problem => problem.Contains("Known: ", StringComparison.Ordinal))
            .SelectMany(problem => problem.Split("Known: ")[1].Split(", ")).Except(["collect", "fleet", "password_file", "budget", "quota", "runaway", "runtimes", "serve", "notify", "account", "channel", "target"]);
        keys.Should().Contain(["limit", "floor", "exec"]);
        ExampleFile.Text.Should().ContainAll(keys.Select(key => $"{key} = "));
    }

    [Fact]
    public void EveryOptionOfCollectThatIsNotForOneRunIsAKey()
    {
        var options = TokenGovernance.Cli.CommandLine.Create().Subcommands.Single(verb => verb.Name == "collect").Options
            .Select(option => option.Name).Except(["--once", "--json", "--rescan", "--help", "--runtime"]);

        // Each runtime is a key of its own.
        ExampleFile.Text.Should().Contain("[runtimes]").And.Contain("# claude = ");
        ExampleFile.Text.Should().ContainAll(options.Select(option => $"# {option[2..]} = "));
    }

    Settings Read(string text)
    {
        File.WriteAllText(_folder["config.toml"], text);

        return ConfigurationFile.Read(_folder["config.toml"]);
    }

    string[] ProblemsOf(string text)
    {
        var read = () => Read(text);

        return read.Should().Throw<ConfigurationException>().Which.Message.Split('\n');
    }

    /// <summary>What stands before a setting or a table of the example, but not before its explanations.</summary>
    [GeneratedRegex(@"^# (?=[a-z-]+ = |\[)", RegexOptions.Multiline)]
    private static partial Regex Commented();
}
