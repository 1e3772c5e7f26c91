using static TokenGovernance.Tests.Sources.Runtimes.Codex.RolloutText;

namespace TokenGovernance.Tests.Diagnostics;

/// <summary>What the doctor says of turns that other runtimes carried out: who pays, what is not known, and how more could be.</summary>
[Trait("Category", "Slow")]
public sealed class RuntimeUsageTests : IDisposable
{
    const string Thread = "01a21257-e513-78a3-85bb-7bd815323f03", Turn = "01a21257-e87c-73e0-bc7e-554b11392c7f";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ItSaysWhatAPlanPaidAndWhatCallsLeaveOfTurns()
    {
        var day = Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "agents", "main", "agent", "codex-home", "sessions", "2026", "11", "25"));
        File.WriteAllLines(Path.Combine(day.FullName, $"rollout-2026-11-25T10-54-39-{Thread}.jsonl"), [
            Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100),
            Count(100, 100).Replace("\"rate_limits\":null", "\"rate_limits\":{\"plan_type\":\"plus\"}", StringComparison.Ordinal),
        ]);
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Row("row", "openai-responses", "openai", "gpt-x", $"codex-app-server:{Thread}:{Turn}:assistant", 130));
        _scene.Collect();

        Examine().Should().Contain("paid by a plan: 1 response (codex 1) have no price of their own: a plan pays for them.")
            .And.Contain("turns: 1 row of other runtimes (codex 1)").And.Contain("not below OpenClaw's state directory")
            .And.Contain("remainders: 1 of these rows are what the calls of a turn leave of it, 30 tokens in all");
    }

    [Fact]
    public void ItSaysOfEachRuntimeHowMoreCouldBeKnown()
    {
        _scene.Home.Log(
            "s1.jsonl", Some.Header("s1"), Row("r1", "cli", "claude-cli", "claude-x", "cli-assistant:run-1", 50),
            Row("r2", "openai-completions", "openclaw", "acp-runtime", null, 40), Row("r3", "cli", "google-gemini-cli", "gemini-x", "cli-assistant:run-2", 40));
        _scene.Collect();

        Examine().Should().Contain("3 rows of other runtimes (acp 1, claude-code 1, gemini-cli 1)").And.Contain("What acp used OpenClaw does not know")
            .And.Contain("'collect --runtime claude'").And.NotContain("paid by a plan").And.NotContain("remainders");

        File.WriteAllText(_scene.Folder["config.toml"], "[runtimes]\nclaude = true\n");
        Examine("--config", _scene.Folder["config.toml"]).Should().Contain("The files of claude-code are read").And.NotContain("'collect --runtime claude'");
    }

    string Examine(params string[] more) => Cli.Run(
        new() { ["PATH"] = _scene.Folder.Path, ["CLAUDE_CONFIG_DIR"] = _scene.Folder["claude"] },
        ["doctor", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path, .. more]).Output;

    static string Row(string id, string api, string provider, string model, string? key, long total) => Some.Answer(
        id, "10:06", $$"""{"input":{{total - total / 10}},"output":{{total / 10}},"totalTokens":{{total}}}""",
        $$"""
        "api":"{{api}}","provider":"{{provider}}","model":"{{model}}","stopReason":"stop"{{(key is null ? "" : $",\"idempotencyKey\":\"{key}\"")}}
        """);
}
