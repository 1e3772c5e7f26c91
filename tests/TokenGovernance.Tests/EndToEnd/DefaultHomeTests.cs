namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The home that is read when none is named is the one that OpenClaw itself would choose.</summary>
public sealed class DefaultHomeTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("home/.openclaw")]
    [InlineData("home/.moltbot")]
    [InlineData("srv/.openclaw", "OPENCLAW_HOME={folder}/srv")]
    [InlineData("srv/.openclaw", "OPENCLAW_HOME= {folder}/srv\r")]
    [InlineData("home/sub/.openclaw", "OPENCLAW_HOME=~/sub")]
    [InlineData("state", "OPENCLAW_STATE_DIR={folder}/state")]
    [InlineData("state", "OPENCLAW_STATE_DIR={folder}/state\r", "CLAWDBOT_STATE_DIR={folder}/other")]
    [InlineData("state", "OPENCLAW_STATE_DIR= ", "CLAWDBOT_STATE_DIR={folder}/state")]
    [InlineData("home/state", "OPENCLAW_STATE_DIR=~/state")]
    [InlineData("srv/state", "OPENCLAW_STATE_DIR=~/state", "OPENCLAW_HOME={folder}/srv")]
    [InlineData("home/.openclaw", "OPENCLAW_PROFILE=work")]
    public void TheDefaultHomeIsTheOneOpenClawWouldChoose(string home, params string[] variables)
    {
        // A home that must not be chosen unless it is the expected one.
        new TestHome(_folder["home/.openclaw-work"]).Log("x.jsonl", Some.Answer("x1"));
        if (home != "home/.moltbot")
        {
            new TestHome(_folder["home/.openclaw"]).Log("y.jsonl", Some.Answer("y1"));
        }

        new TestHome(_folder[home]).Log("s1.jsonl", Some.Answer("a1"), Some.Answer("a2", "10:06"));

        Run(variables, "collect", "--once", "--no-status").ExitCode.Should().Be(0);

        StoreRows.Events(_folder["usage.db"]).Select(row => row.Text("home")).Distinct().Should().Equal(_folder[home]);
    }

    [Fact]
    public void ProfilesAreNamedWhereTheyAreLeftOut()
    {
        new TestHome(_folder["home/.openclaw-work"]).Log("x.jsonl", Some.Answer("x1"));
        var nothing = Run([], "collect", "--once", "--no-status");
        new TestHome(_folder["home/.openclaw"]).Log("y.jsonl", Some.Answer("y1"));
        Run([], "init");

        var doctor = Run([], "doctor");
        var both = Run([], "doctor", "--openclaw-home", _folder["home/.openclaw"], "--openclaw-home", _folder["home/.openclaw-work"]);

        nothing.ExitCode.Should().Be(1);
        nothing.Error.Should().Contain("profiles").And.Contain(_folder["home/.openclaw-work"]);
        doctor.Output.Should().Contain($"{_folder["home/.openclaw-work"]}: a profile of OpenClaw, not collected");
        both.Output.Should().NotContain("not collected");
    }

    CliResult Run(string[] variables, params string[] args)
    {
        var environment = variables.Select(variable => variable.Split('=', 2))
            .ToDictionary(pair => pair[0], pair => (string?)pair[1].Replace("{folder}", _folder.Path, StringComparison.Ordinal));
        environment["HOME"] = _folder["home"];
        environment["TOKEN_GOVERNANCE_DB"] = $"{_folder["usage.db"]}\r";
        environment["TOKEN_GOVERNANCE_OPENCLAW_BIN"] = _folder["no-openclaw"];

        return Cli.Run(environment, args);
    }
}
