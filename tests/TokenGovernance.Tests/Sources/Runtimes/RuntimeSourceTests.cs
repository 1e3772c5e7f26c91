using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Sources;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.Runtimes.ClaudeCode;
using TokenGovernance.Sources.Runtimes.Codex;

namespace TokenGovernance.Tests.Sources.Runtimes;

/// <summary>What is found in the files of other runtimes, as it is handed over.</summary>
public sealed class RuntimeSourceTests : IDisposable
{
    const string Root = "openclaw-2026.9.6-codex";

    readonly TempFolder _folder = new();
    readonly PassReport _report = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void RolloutsBelowTheAgentsFolderAreReadAndThenLeftAlone()
    {
        var source = new CodexSource(new OpenClawHome(new Fixture(Root).CopyTo(_folder["home"])), None(), new LookRules(), new LaterClock());

        var events = Poll(source);

        events.Should().HaveCount(26).And.OnlyContain(usage =>
            usage.Runtime == RuntimeName.Codex && usage.Scope == EventScope.Call && usage.Session.AgentId == "main"
            && usage.Session.SessionId == SessionIdentity.Unknown && usage.Cost == Cost.Unknown);
        events.Sum(usage => usage.Tokens.Total).Should().Be(257_750);
        Poll(source).Should().BeEmpty();
    }

    [Fact]
    public void OfClaudeCodeOnlySessionsThatOpenClawNamesAreRead()
    {
        var own = Directory.CreateDirectory(Path.Combine(_folder["claude"], "-home-user-own"));
        Copy(Fixture.PathOf($"{Root}/claude-projects"), _folder["claude"]);
        foreach (var file in Directory.EnumerateFiles(_folder["claude"], "1dd5*.jsonl", SearchOption.AllDirectories).ToList())
        {
            File.Copy(file, Path.Combine(own.FullName, "0dd5f547-fa39-42f2-8efe-eb4b523efd62.jsonl"));
        }

        var source = new ClaudeSource(new OpenClawHome(new Fixture(Root).CopyTo(_folder["home"])), _folder["claude"], None(), new LookRules(), new LaterClock());

        var events = Poll(source);

        events.Should().HaveCount(9).And.OnlyContain(usage => usage.Runtime == RuntimeName.ClaudeCode && usage.Session.AgentId == "research");
        events.Sum(usage => usage.Tokens.Total).Should().Be(46_080);
        Poll(source).Should().BeEmpty();
    }

    [Fact]
    public void OfAWorkspaceEverySessionIsRead()
    {
        Copy(Fixture.PathOf($"{Root}/claude-projects"), _folder["claude"]);
        Directory.CreateDirectory(Path.Combine(_folder["home"], "agents", "research"));
        File.WriteAllText(
            Path.Combine(_folder["home"], "openclaw.json"), """{"agents":{"list":[{"id":"research","workspace":"/home/user/workspace-research"}]}}""");

        Poll(new ClaudeSource(new OpenClawHome(_folder["home"]), _folder["claude"], None(), new LookRules(), TimeProvider.System)).Should().HaveCount(9);
    }

    [Fact]
    public void WhatWasReadIsNotReadAgainAfterARestart()
    {
        var home = new Fixture(Root).CopyTo(_folder["home"]);
        var checkpoints = new Dictionary<string, string>();
        Poll(new CodexSource(new OpenClawHome(home), None(), new LookRules(), new LaterClock()), checkpoints);
        checkpoints.Should().HaveCount(10);

        Poll(new CodexSource(new OpenClawHome(home), new StoredCheckpoints(checkpoints), new LookRules(), new LaterClock())).Should().BeEmpty();
    }

    List<UsageEvent> Poll(IUsageSource source, Dictionary<string, string>? checkpoints = null)
    {
        var batches = new SourceGuard(_report).Poll([source]).Readers.SelectMany(reader => reader.Read(CancellationToken.None)).ToList();
        _report.Failures.Should().BeEmpty();
        foreach (var checkpoint in batches.SelectMany(batch => batch.Checkpoints))
        {
            checkpoints?[checkpoint.Key] = checkpoint.Value!;
        }

        return [.. batches.SelectMany(batch => batch.Events)];
    }

    static StoredCheckpoints None() => new(new Dictionary<string, string>());

    static void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
