using TokenGovernance.Daemon;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The program without a verb says what it found and what to type next, on one screen, and changes nothing.</summary>
[Trait("Category", "Slow")]
public sealed class WelcomeTests : IDisposable
{
    readonly TempFolder _folder = new();

    public WelcomeTests() => Directory.CreateDirectory(_folder["home"]);

    string Store => _folder["data/usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void WithoutAHomeItSaysWhereItLookedAndHowToNameOne()
    {
        var text = Welcome();

        text.Should().Contain("~/.openclaw: there is no such folder").And.Contain("not there yet").And.Contain("Daemon         not running");
        NextOf(text).Should().Be("collect --once --openclaw-home FOLDER");
    }

    [Fact]
    public void AProfileIsOfferedWhereItIsTheOnlyHome()
    {
        new TestHome(_folder["home/.openclaw-work"]).Log("s1.jsonl", Some.Answer("a1"));

        var text = Welcome();

        text.Should().Contain("a profile, not collected: ~/.openclaw-work");
        NextOf(text).Should().Be("collect --once --openclaw-home ~/.openclaw-work");
    }

    [Fact]
    public void TheCommandsOfOneScreenLeadToTheNext()
    {
        MakeHome();
        var first = Welcome();
        Run("collect", "--once", "--no-status").ExitCode.Should().Be(0);
        var second = Welcome();
        using var daemon = DaemonLock.Take(Store);
        var third = Run([]).Output;

        first.Should().Contain("~/.openclaw: 1 agent");
        NextOf(first).Should().Be("collect --once");
        second.Should().Contain("1 response, newest ").And.Contain("not running; last collected just now");
        NextOf(second).Should().Be("status");
        third.Should().Contain("Daemon         running; last collected");
        foreach (var text in new[] { first, second, third })
        {
            foreach (var command in CommandsOf(text).Where(command => !command.StartsWith("serve", StringComparison.Ordinal) && command is not "collect" and not "setup"))
            {
                var result = Run(command.Split(' '));

                result.ExitCode.Should().Be(0, $"of {command}: {result.Error}");
            }
        }
    }

    [Fact]
    public void AnEmptyStoreIsToBeFilled()
    {
        MakeHome();
        Run("init");

        var text = Welcome();

        text.Should().Contain("empty");
        NextOf(text).Should().Be("collect --once");
    }

    [Fact]
    public void AnOlderStoreIsToBeUpgradedAndADamagedOneExamined()
    {
        MakeHome();
        Directory.CreateDirectory(_folder["data"]);
        OlderStore.MakeSchema2(Store);
        var older = Welcome();
        File.WriteAllText(Store, "no database");
        var damaged = Welcome();

        older.Should().Contain("This is a store of an older version");
        NextOf(older).Should().Be("init");
        NextOf(damaged).Should().Be("doctor");
    }

    [Fact]
    public void AWrongConfigurationComesFirst()
    {
        MakeHome();
        File.WriteAllText(_folder["config.toml"], "nonsense = 1");

        var text = Welcome(("TOKEN_GOVERNANCE_CONFIG", _folder["config.toml"]));

        text.Should().Contain("nonsense");
        NextOf(text).Should().Be("config check");
    }

    [Fact]
    public void AFleetIsNamedAndNotCalledAMistake()
    {
        var text = Welcome(("TOKEN_GOVERNANCE_DB", "postgresql://tokens@db.example.org/fleet"));

        text.Should().Contain("Fleet          postgresql://tokens@db.example.org").And.NotContain("Store ");
        NextOf(text).Should().Be("fleet status");
    }

    [Fact]
    public void ManyHomesWithLongNamesFit()
    {
        var homes = Enumerable.Range(1, 5).Select(i => _folder[$"{new string('x', 120)}/{i}/state"]).ToList();
        foreach (var home in homes)
        {
            new TestHome(home).Log("s1.jsonl", Some.Answer("a1"));
        }

        new TestHome(_folder["home/.openclaw-a-profile-with-a-name-that-is-longer-than-any-other"]).Log("s1.jsonl", Some.Answer("a2"));
        Directory.CreateDirectory(_folder["home/.config/token-governance"]);
        File.WriteAllText(_folder["home/.config/token-governance/config.toml"], $"openclaw-home = [{string.Join(", ", homes.Select(home => $"'{home}'"))}]");
        Run("collect", "--once", "--no-status").ExitCode.Should().Be(0);

        var text = Welcome();

        text.Should().Contain("/1/state: 1 agent").And.Contain("/2/state: 1 agent").And.Contain("and 3 more").And.Contain("~/.config/token-governance/config.toml");
    }

    /// <summary>What it prints; also that it fits, succeeds and changes nothing.</summary>
    string Welcome(params (string Name, string Value)[] variables)
    {
        var before = DirectorySnapshot.Of(_folder.Path);

        var result = Run(variables, []);

        result.ExitCode.Should().Be(0);
        result.Error.Should().BeEmpty();
        DirectorySnapshot.Of(_folder.Path).Should().Equal(before);
        var lines = result.Output.TrimEnd('\n').Split('\n');
        lines.Should().HaveCountLessThanOrEqualTo(24 - 1, because: "the prompt needs a line").And.OnlyContain(line => TextWidth.WidthOf(line) <= 80);

        return result.Output;
    }

    void MakeHome() => new TestHome(_folder["home/.openclaw"]).Log("s1.jsonl", Some.Answer("a1"));

    CliResult Run(params string[] args) => Run([], args);

    CliResult Run((string Name, string Value)[] variables, string[] args)
    {
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = _folder["home"],
            ["XDG_CONFIG_HOME"] = null,
            ["XDG_DATA_HOME"] = null,
            ["TOKEN_GOVERNANCE_DB"] = Store,
            ["TOKEN_GOVERNANCE_OPENCLAW_BIN"] = _folder["no-openclaw"],
        };
        foreach (var (name, value) in variables)
        {
            environment[name] = value;
        }

        return Cli.Run(environment, args);
    }

    static string NextOf(string text) => CommandsOf(text[text.IndexOf("Next", StringComparison.Ordinal)..])[0];

    /// <summary>The commands without their meaning: those begin two blanks or a line later.</summary>
    static List<string> CommandsOf(string text) =>
    [
        .. text.Split('\n').Where(line => line.StartsWith("  token-governance ", StringComparison.Ordinal))
            .Select(line => line.Length <= 35 || line.IndexOf(' ', 35) != 35 ? line : line[..35]).Select(line => line["  token-governance ".Length..].TrimEnd()),
    ];
}
