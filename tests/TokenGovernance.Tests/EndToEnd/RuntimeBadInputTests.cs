using System.Text;
using static TokenGovernance.Tests.Sources.Runtimes.Codex.RolloutText;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Files of other runtimes as they should not be: what can be counted is, once, and the rest goes on.</summary>
public sealed class RuntimeBadInputTests : IDisposable
{
    const string Thread = "01a21257-e513-78a3-85bb-7bd815323f03", Turn = "01a21257-e87c-73e0-bc7e-554b11392c7f";
    const string Name = $"rollout-2026-11-25T10-54-39-{Thread}.jsonl";

    readonly Scene _scene = new();

    string CodexHome => Path.Combine(_scene.Home.Path, "agents", "main", "agent", "codex-home");

    string Day => Path.Combine(CodexHome, "sessions", "2026", "11", "25");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void HalfARolloutIsReadOnWhenTheRestIsThere()
    {
        var text = Text(Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100), Record(Thread, Turn, "r2", 200));
        using var passes = _scene.StartPasses();
        for (var length = 1; length <= text.Length; length += 97)
        {
            Write(Name, text[..length]);
            passes.Run().Failures.Should().BeEmpty();
        }

        Write(Name, text);
        passes.Run();

        _scene.Events.Select(row => row.Number("total_tokens")).Should().Equal(100, 200);
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }

    [Fact]
    public void ARolloutThatIsArchivedOrReplacedOrCompressedIsNotCountedAgain()
    {
        var lines = new[] { Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100) };
        using var passes = _scene.StartPasses(new LaterClock());
        Write(Name, Text(lines));
        passes.Run();

        // Moved, as `codex archive` does; then restored with one call more; then another file altogether under its name.
        Directory.CreateDirectory(Path.Combine(CodexHome, "archived_sessions"));
        File.Move(Path.Combine(Day, Name), Path.Combine(CodexHome, "archived_sessions", Name));
        passes.Run().Stored.Added.Should().Be(0);
        File.Move(Path.Combine(CodexHome, "archived_sessions", Name), Path.Combine(Day, Name));
        File.AppendAllText(Path.Combine(Day, Name), Text(Record(Thread, Turn, "r2", 200)));
        passes.Run().Stored.Added.Should().Be(1);
        File.Delete(Path.Combine(Day, Name));
        Write(Name, Text([.. lines, Record(Thread, Turn, "r3", 300)]));
        passes.Run().Stored.Added.Should().Be(1);

        _scene.Events.Select(row => row.Number("total_tokens")).Should().BeEquivalentTo([100L, 200L, 300L]);
    }

    [Fact]
    public void LinesOfEveryWrongKindCostNothingButThemselves()
    {
        Write(Name, Text(
            Meta(Thread), Meta("01a21257-0000-7000-8000-00000000aaaa"), """{"type":"quantum_event","payload":{"token_count":1}}""",
            Started(Turn), Context(Turn), Line("event_msg", """{"type":"token_count","info":null,"rate_limits":{}}"""), "no json at all",
            """{"timestamp":"x","type":"token_usage_record","payload":[]}""", """{"timestamp":7,"type":"token_usage_record","payload":{"usage":"many"}}""",
            Record(Thread, Turn, "r1", 100), "\0\0\0", Record(Thread, "not-a-uuid", "r2", 200), Record("", "", null, 300)));

        var pass = _scene.Collect();

        pass.Failures.Should().BeEmpty();
        pass.BadLines.Should().Be(2);
        pass.BadLinePlaces.Should().Contain(place => place.EndsWith($"{Name}:7", StringComparison.Ordinal));
        _scene.Events.Sum(row => row.Number("total_tokens")).Should().Be(600);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    [Fact]
    public void TurnsWithIdsThatAreNoUuidsAreNotTakenForThoseOfOtherThreads()
    {
        // Two threads name a turn `1` each; OpenClaw gives account of one.
        Write("rollout-2026-11-25T10-00-00-a.jsonl", Text(Meta("thread-a"), Started("1"), Context("1"), Record("thread-a", "1", "ra", 100)));
        Write("rollout-2026-11-25T10-00-00-b.jsonl", Text(Meta("thread-b"), Started("1"), Context("1"), Record("thread-b", "1", "rb", 50)));
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Account("thread-a", "1", 130));

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("scope")} {row.Text("thread_id")} {row.Number("total_tokens")} {row.Text("session_id")}")
            .Should().BeEquivalentTo("call thread-a 100 s1", "call thread-b 50 ", "remainder thread-a 30 s1");
    }

    [Fact]
    public void AHugeRolloutIsReadInBoundedMemory()
    {
        Directory.CreateDirectory(Day);
        using (var file = new StreamWriter(Path.Combine(Day, Name)))
        {
            file.Write(Text(Meta(Thread), Started(Turn), Context(Turn)));
            var prompt = $$$"""{"timestamp":"{{{Some.Time("10:05")}}}","type":"response_item","payload":{"type":"message","role":"user","content":[{"text":"{{{new string('x', 4_000_000)}}} token_usage_record"}]}}""";
            for (var i = 0; i < 25; i++)
            {
                file.Write(prompt + "\n");
                file.Write(Text(Record(Thread, Turn, $"r{i}", 10)));
            }
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        _scene.Collect().Failures.Should().BeEmpty();

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeInRange(1, 60_000_000, "of 100 MB most is skipped");
        _scene.Events.Should().HaveCount(25);
    }

    [Theory]
    [InlineData("agents/main/agent/codex-home/sessions/2026/11/25", 3)]
    [InlineData("agents/main/agent/codex-home/sessions/2026/11/25/rollout-2026-11-25T10-54-39-01a21257-e513-78a3-85bb-7bd815323f03.jsonl", 3)]
    [InlineData("agents/main/agent/codex-home", 3)]
    [InlineData("../claude/projects", 2)]
    [InlineData("../claude/projects/WORKSPACE", 2)]
    [InlineData("../claude/projects/WORKSPACE/0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl", 3)]
    [InlineData("../claude/projects/WORKSPACE/0dd5f547-fa39-42f2-8efe-eb4b523efd62", 3)]
    [InlineData("../claude/projects/WORKSPACE/0dd5f547-fa39-42f2-8efe-eb4b523efd62/subagents", 3)]
    [InlineData("../claude/projects/WORKSPACE/0dd5f547-fa39-42f2-8efe-eb4b523efd62/subagents/agent-a.jsonl", 3)]
    public void WhatMayNotBeReadIsOneFailureAndTheRestIsRead(string path, int left)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var workspace = Path.Combine(_scene.Home.Path, "workspace");
        var forbidden = Path.GetFullPath(Path.Combine(_scene.Home.Path, path.Replace("WORKSPACE", ProjectOf(workspace), StringComparison.Ordinal)));
        Write(Name, Text(Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100)));
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        WriteClaude(workspace, "0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl", "m1");
        WriteClaude(workspace, "0dd5f547-fa39-42f2-8efe-eb4b523efd62/subagents/agent-a.jsonl", "m2");
        var mode = File.GetUnixFileMode(forbidden);
        File.SetUnixFileMode(forbidden, UnixFileMode.None);

        var run = Cli.RunWithoutRights(
            new() { ["CLAUDE_CONFIG_DIR"] = _scene.Folder["claude"] },
            "collect", "--once", "--no-status", "--runtime", "claude", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db);

        File.SetUnixFileMode(forbidden, mode);
        run.ExitCode.Should().Be(3, run.Error);
        run.Error.Split('\n').Where(line => line.Contains("cannot read", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain(forbidden).And.Contain("permission denied");
        _scene.Events.Should().HaveCount(left);
        _scene.Collect().Failures.Should().BeEmpty();
    }

    /// <summary>Every place below the state directory where OpenClaw lets Codex keep its files, or did.</summary>
    [Theory]
    [InlineData("agent/codex-home/sessions/2026/11/25")]
    [InlineData("agent/codex-home/archived_sessions")]
    [InlineData("agent/agent/codex-home/sessions/2026/11/25")]
    [InlineData("codex-home/sessions/2026/11/25")]
    [InlineData("agent/cli-auth/codex/0e9f08f36a1f34d7/sessions/2026/11/25")]
    public void RolloutsAreFoundInEveryPlaceOfTheHome(string folder)
    {
        Write(Name, Text(Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100)));
        var place = Path.Combine(_scene.Home.Path, "agents", "main", folder);
        if (place != Day)
        {
            Directory.CreateDirectory(place);
            File.Move(Path.Combine(Day, Name), Path.Combine(place, Name));
        }

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Show("agent_id", "response_id").Should().Equal("agent_id=main", "response_id=r1");
    }

    /// <summary>OpenClaw writes zeros for a turn of an ACP program, and of Gemini what the program says in the end.</summary>
    [Fact]
    public void RowsOfOtherProgramsStandForTurnsAndZerosAreNotMeasured()
    {
        const string Zeros = """{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"totalTokens":0,"cost":{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"total":0}}""";
        _scene.Home.Log(
            "s1.jsonl", Some.Header("s1"),
            Some.Answer("acp", "10:05", Zeros, """
                "api":"openai-completions","provider":"openclaw","model":"acp-runtime","stopReason":"stop"
                """),
            Some.Answer("gemini", "10:06", """{"input":90,"output":10,"totalTokens":100}""", """
                "api":"cli","provider":"google-gemini-cli","model":"gemini-x","stopReason":"stop","idempotencyKey":"cli-assistant:run-1"
                """));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("runtime")} {row.Text("scope")} {row.Text("total_tokens")} {row.Text("cost_total")} {row.Text("cost_source")}")
            .Should().BeEquivalentTo("acp turn   not-measured", "gemini-cli turn 100  ");
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    [Fact]
    public void NothingOutsideOfTheHomeIsReadByDefault()
    {
        Write(Name, Text(Meta(Thread), Started(Turn), Context(Turn), Record(Thread, Turn, "r1", 100)));
        Directory.Move(CodexHome, _scene.Folder[".codex"]);

        _scene.Collect().Stored.Added.Should().Be(0);
    }

    [Theory]
    [InlineData("0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl")]
    [InlineData("1dd5f547-fa39-42f2-8efe-eb4b523efd62/subagents")]
    [InlineData("1dd5f547-fa39-42f2-8efe-eb4b523efd62/subagents/agent-a.jsonl")]
    [InlineData("")]
    public void LinksOutOfClaudeCodesFolderAreNotFollowedAndAreTold(string link)
    {
        var workspace = Path.Combine(_scene.Home.Path, "workspace");
        WriteClaude(workspace, "1dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl", "m2");
        WriteClaude(workspace, "../private/0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl", "m1");
        Directory.Move(Path.Combine(_scene.Folder["claude"], "projects", "private"), _scene.Folder["private"]);
        var target = link.EndsWith(".jsonl", StringComparison.Ordinal) ? _scene.Folder["private/0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl"] : _scene.Folder["private"];
        var path = Path.Combine(_scene.Folder["claude"], "projects", ProjectOf(workspace) + (link.Length == 0 ? "-below" : ""), link).TrimEnd('/');
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.CreateSymbolicLink(path, target);
        _scene.ClaudeProjects = _scene.Folder["claude/projects"];

        var pass = _scene.Collect();

        pass.Notes.Should().ContainSingle(note => note.Reason.Contains("link that leads out", StringComparison.Ordinal)).Which.Source.Should().Be(path);
        _scene.Event.Text("response_id").Should().Be("m2");
    }

    /// <summary>Of so many projects not all names are remembered: those of workspaces are.</summary>
    [Fact]
    public void AmongMoreProjectsThanAreRememberedAWorkspacesIsFound()
    {
        var workspace = Path.Combine(_scene.Home.Path, "workspace");
        for (var i = 0; i < 10_500; i++)
        {
            Directory.CreateDirectory(Path.Combine(_scene.Folder["claude"], "projects", $"-home-user-own-{i}"));
        }

        WriteClaude(workspace, "1dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl", "m1");
        _scene.ClaudeProjects = _scene.Folder["claude/projects"];

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Event.Text("response_id").Should().Be("m1");
    }

    [Fact]
    public void OfAMillionProjectsOnlyThoseOfWorkspacesAreListed()
    {
        var projects = _scene.Folder["claude"];
        for (var i = 0; i < 2000; i++)
        {
            Directory.CreateDirectory(Path.Combine(projects, $"-home-user-own-{i}"));
        }

        File.WriteAllText(Path.Combine(projects, "-home-user-own-7", "0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl"),
            """{"type":"assistant","cwd":"/home/user/own/7","message":{"id":"m1","model":"claude-x","usage":{"input_tokens":5,"output_tokens":5}}}""");
        _scene.ClaudeProjects = projects;

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.SourcesRead, pass.Failures.Count).Should().Be((0, 0, 0));
    }

    static string Text(params IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    static string Account(string thread, string turn, long total) => Some.Answer(
        "row", "10:06", $$"""{"input":{{total - total / 10}},"output":{{total / 10}},"totalTokens":{{total}}}""",
        $$"""
        "api":"openai-responses","provider":"openai","model":"gpt-x","stopReason":"stop","idempotencyKey":"codex-app-server:{{thread}}:{{turn}}:assistant","__openclaw":{"runId":"run-1"}
        """);

    static string ProjectOf(string workspace) => string.Concat(workspace.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    /// <summary>Writes a file of Claude Code with one response, below the project of a workspace.</summary>
    void WriteClaude(string workspace, string name, string response)
    {
        var path = Path.GetFullPath(Path.Combine(_scene.Folder["claude"], "projects", ProjectOf(workspace), name));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, $$$"""
            {"type":"assistant","timestamp":"{{{Some.Time("10:05")}}}","cwd":"{{{workspace}}}","sessionId":"s","message":{"id":"{{{response}}}","model":"claude-x","usage":{"input_tokens":5,"output_tokens":5} } }

            """);
    }

    void Write(string name, string text)
    {
        Directory.CreateDirectory(Day);
        File.WriteAllBytes(Path.Combine(Day, name), Encoding.UTF8.GetBytes(text));
    }
}
