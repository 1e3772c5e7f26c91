using System.Text.Json;

namespace TokenGovernance.Tests.Reports;

/// <summary>The verbs as a process of their own: plain text into a pipe, and exit codes.</summary>
[Trait("Category", "Slow")]
public sealed class ReportCliTests
{
    [Fact]
    public void APipeGetsPlainTextAndNothingOnStandardError()
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");

        var report = Cli.Run("report", "models", "--db", scene.Db, "--tz", "UTC");
        var estimate = Cli.Run(
            "report", "costs", "--estimate", "--db", scene.Db, "--openclaw-home", Path.Combine(ReportScene.Root, "docs", "sample-home"));
        var quota = Cli.Run("quota", "--db", scene.Db);

        new[] { report, estimate, quota }.Should().OnlyContain(result => result.ExitCode == 0 && result.Error.Length == 0);
        report.Output.Should().NotContain("\e").And.Contain("claude-sonnet-4-5").And.Contain("17 of 77 responses have no known price");
        estimate.Output.Should().Contain("no price found");
        quota.Output.Should().StartWith("No quotas yet");
    }

    [Theory]
    [InlineData("agent=mian", "The store has no agent 'mian'. Did you mean main?")]
    [InlineData("agent=nobody", "The store has no agent 'nobody'.")]
    [InlineData("model=claude-sonet-4-5", "The store has no model 'claude-sonet-4-5'. Did you mean claude-sonnet-4-5?")]
    [InlineData("agent!=nobody", "")]
    public void AFilterByANameThatIsNotInTheStoreSaysSo(string filter, string says)
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");

        foreach (var report in new[] { Cli.Run("report", "--where", filter, "--db", scene.Db), Cli.Run("report", "compare", "--period", "2026-11", "--where", filter, "--db", scene.Db) })
        {
            (report.ExitCode, report.Error.Trim()).Should().Be((0, says));
        }
    }

    /// <summary>OpenClaw 2026.9.6 runs webhooks under the key of a cron job.</summary>
    [Theory]
    [InlineData("jobs", "nightly")]
    [InlineData("hooks", "mail")]
    public void JobsAndWebhooksAreListedApart(string name, string job)
    {
        using var scene = new Scene();
        var store = scene.Home.MakeStore();
        foreach (var (id, hook) in new[] { ("nightly", (string?)null), ("mail", "gmail") })
        {
            store.Append(id, Some.Header(id), Some.Answer($"a-{id}", "10:05"));
            store.Window(id, $"agent:main:cron:{id}", ("hook_external_content_source", hook));
        }

        scene.Collect();

        var rows = JsonDocument.Parse(Cli.Run("report", name, "--json", "--db", scene.Db).Output).RootElement.GetProperty("rows");
        rows.EnumerateArray().Select(row => row.GetProperty("job").GetString()).Should().Equal(job);
    }

    [Theory]
    [InlineData("report", "--by", "colour")]
    [InlineData("report", "--since", "lately")]
    [InlineData("report", "--tz", "Mars/Olympus")]
    [InlineData("report", "--where", "day=2026-11-01")]
    [InlineData("report", "agents", "--estimate")]
    [InlineData("report", "--prices", "x.json")]
    [InlineData("report", "--top", "0")]
    [InlineData("report", "everything")]
    [InlineData("quota", "--since", "7d")]
    public void WhatIsNotUnderstoodIsWrongUsage(params string[] args)
    {
        using var scene = new ReportScene();
        scene.Create();

        var result = Cli.Run([.. args, "--db", scene.Db]);

        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Error.Should().NotBeEmpty();
    }

    [Fact]
    public void AStoreThatIsNotThereIsAnErrorAndNotMade()
    {
        using var scene = new ReportScene();

        Cli.Run("report", "--db", scene.Db).ExitCode.Should().Be(1);
        File.Exists(scene.Db).Should().BeFalse();
    }
}
