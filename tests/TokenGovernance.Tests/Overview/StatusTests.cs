using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Overview;
using TokenGovernance.Reports;
using TokenGovernance.Tests.Reports;
using TokenGovernance.Text;

using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Overview;

/// <summary>How things stand, against plain sums over the events.</summary>
public sealed class StatusTests
{
    static readonly TimeZoneInfo Vienna = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");

    [Fact]
    public void EachPeriodIsTheSumOfItsEventsAndOfTheSamePartBefore()
    {
        using var scene = Scene();
        var status = Status.Read(new LocalStore(scene.Db), Vienna, Ms("2026-11-18T14:20:00Z"), []);

        status.Periods.Select(period => (period.Now.All.Total, period.Before.All.Total, Rounded(period.Now), Rounded(period.Before))).Should().Equal(
            Sums(scene, "2026-11-17T23:00:00.000Z", "2026-11-18T23:00:00.000Z", "2026-11-16T23:00:00.000Z", "2026-11-17T14:20:00.000Z"),
            Sums(scene, "2026-11-15T23:00:00.000Z", "2026-11-22T23:00:00.000Z", "2026-11-08T23:00:00.000Z", "2026-11-11T14:20:00.000Z"),
            Sums(scene, "2026-10-31T23:00:00.000Z", "2026-11-30T23:00:00.000Z", "2026-09-30T22:00:00.000Z", "2026-10-18T13:20:00.000Z"));
    }

    [Theory]
    [InlineData("today", 0)]
    [InlineData("this-week", 1)]
    [InlineData("this-month", 2)]
    public void AReportOfThePeriodSaysTheSame(string name, int period)
    {
        using var scene = Scene();

        // Six hundred responses in the last quarter of an hour of each span that is compared with.
        foreach (var day in new[] { "2026-11-17", "2026-11-11", "2026-10-18" })
        {
            scene.Execute($"""
                WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 600)
                INSERT INTO usage_events (ingest_ts, event_ts, agent_id, total_tokens, cost_total, cost_source, event_key)
                SELECT '', strftime('%Y-%m-%dT%H:%M:%S.000Z', '{day}T14:20:00Z', i || ' seconds'), 'main', i, i / 1000.0, 'recorded', randomblob(16) FROM n
                """);
        }

        var now = DateTimeOffset.FromUnixTimeMilliseconds(Ms("2026-11-18T14:27:31Z"));
        var options = new ReportOptions();
        var command = new Command("report");
        options.AddTo(command, SharedOptions.Db());

        var told = scene.Report(options.ReadQuery(command.Parse([name, "--tz", "UTC"]), now));
        var shown = Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, now.ToUnixTimeMilliseconds(), []).Periods[period];

        (told.Totals.All.Total, told.Totals.Known, told.Before!.All.Total, told.Before.Known).Should()
            .Be((shown.Now.All.Total, shown.Now.Known, shown.Before.All.Total, shown.Before.Known));
        told.Outlook.Should().Be(shown.Report.Outlook);
        told.Period!.Value.Before.BeforeMs.Should().Be(Ms($"2026-1{(period == 2 ? "0-18" : period == 1 ? "1-11" : "1-17")}T14:27:00Z"));
    }

    [Fact]
    public void WhatAMonthWasUsedForMost()
    {
        using var scene = Scene();
        var status = Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2026-11-18T14:20:00Z"), []);

        var top = scene.Query("""
            SELECT agent_id, sum(cost_total) FROM usage_events
            WHERE coalesce(started_ts, event_ts) >= '2026-11-01' AND coalesce(started_ts, event_ts) < '2026-12-01' AND cost_source IN ('recorded', 'provider-billed')
            GROUP BY 1 ORDER BY 2 DESC LIMIT 1
            """)[0];

        status.Tops.Select(one => one.Dimension).Should().Equal(Dimension.Agent, Dimension.Model, Dimension.Job);
        status.Tops[0].Name.Should().Be((string)top["agent_id"]!);
        ((double)status.Tops[0].Totals.Known!.Value.Dollars).Should().BeApproximately((double)top["sum(cost_total)"]!, 1e-6);
    }

    [Fact]
    public void AMonthHasAForecastOnceSevenDaysAreKnown()
    {
        using var scene = Scene();

        Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2026-10-12T14:20:00Z"), []).Month.Report.Outlook!.IsTooEarly.Should().BeFalse();
        var outlook = Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2026-10-05T14:20:00Z"), []).Month.Report.Outlook!;

        (outlook.IsTooEarly, outlook.Cost, outlook.Tokens).Should().Be((true, null, null));
    }

    [Fact]
    public void AMonthWithoutAnyUsageHasNothingBelowTheTable()
    {
        using var scene = Scene();
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        new StatusText(Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2027-03-18T14:20:00Z"), []), default).Write(output);

        output.ToString().Should().Contain("This month").And.Contain("Today");
    }

    [Theory]
    [InlineData("status-pipe.txt", null)]
    [InlineData("status-200.txt", 200)]
    [InlineData("status-140.txt", 140)]
    [InlineData("status-120.txt", 120)]
    [InlineData("status-100.txt", 100)]
    [InlineData("status-80.txt", 80)]
    [InlineData("status-60.txt", 60)]
    public void OneScreen(string golden, int? width)
    {
        using var scene = Scene();
        scene.Execute("""
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, window_label, used_percent, reset_at_ms)
            VALUES ('2026-11-18T14:00:00.000Z', 'openai', 'window', '5h', 80.5, 1795020000000)
            """);
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        var status = Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2026-11-18T14:20:00Z"), []);

        new StatusText(status, new Screen(width, HasColor: false)).Write(output);

        ReportScene.ShouldBeGolden(output.ToString(), golden);
        output.ToString().Split('\n').Should().OnlyContain(line => width == null || TextWidth.WidthOf(line.TrimEnd('\r')) <= width);
        output.ToString().Should().Contain("$116.28").And.NotContainAny("FORECAST.", "FORECAST,");
        new StatusText(status, default).Short().Should().NotContain("\n").And.Contain("today").And.Contain("openai 5h 19.5 % left");
    }

    [Fact]
    public void AJobWithoutANameIsShownByTheBeginningOfItsId()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, trigger, job_id, total_tokens, cost_total, cost_source, event_key)
            VALUES ('', '2026-11-18T10:00:00.000Z', 'ops', 'cron', '0f2a6c1e-1f1b-4f7e-9a53-6c0a4f8f1d01', 10, 0.5, 'recorded', x'01')
            """);
        using var output = new StringWriter(CultureInfo.InvariantCulture);

        new StatusText(Status.Read(new LocalStore(scene.Db), TimeZoneInfo.Utc, Ms("2026-11-18T14:20:00Z"), []), default).Write(output);

        output.ToString().Should().MatchRegex("Top job +0f2a6c1e: ");
    }

    [Fact]
    public void AsAProcessOfItsOwn()
    {
        using var scene = new ReportScene();
        scene.Create();

        var empty = Cli.Run("status", "--db", scene.Db);
        var line = Cli.Run("status", "--short", "--db", scene.Db);
        scene.Collect("docs", "sample-home");
        var json = Cli.Run("status", "--json", "--db", scene.Db, "--tz", "UTC");

        (empty.ExitCode, line.ExitCode, json.ExitCode).Should().Be((0, 0, 0));
        empty.Error.Should().Contain("Run 'token-governance collect --once' to fill it");
        line.Output.Should().Be($"no usage yet{Environment.NewLine}");
        json.Error.Should().BeEmpty();
        var root = JsonDocument.Parse(json.Output).RootElement;
        root.GetProperty("newest_event").GetString().Should().StartWith("2026-11-18");
        root.GetProperty("periods").EnumerateArray().Select(period => period.GetProperty("name").GetString()).Should().Equal("today", "this-week", "this-month");
    }

    static ReportScene Scene()
    {
        var scene = new ReportScene();
        scene.Generate(6000, seed: 31, "2026-10-01T00:00:00Z", everyMs: 780_000);

        return scene;
    }

    static decimal Rounded(UsageTotals totals) => Math.Round(totals.Known?.Dollars ?? 0, 6);

    static (long Now, long Before, decimal NowCost, decimal BeforeCost) Sums(ReportScene scene, string from, string end, string beforeFrom, string beforeEnd)
    {
        (long Tokens, decimal Cost) Sum(string since, string until)
        {
            var row = scene.Query($"""
                SELECT coalesce(sum(total_tokens), 0) AS tokens, coalesce(sum(cost_total) FILTER (WHERE cost_source IN ('recorded', 'provider-billed')), 0.0) AS cost
                FROM usage_events WHERE coalesce(started_ts, event_ts) >= '{since}' AND coalesce(started_ts, event_ts) < '{until}'
                """)[0];

            return ((long)row["tokens"]!, Math.Round((decimal)(double)row["cost"]!, 6));
        }

        var (now, before) = (Sum(from, end), Sum(beforeFrom, beforeEnd));

        return (now.Tokens, before.Tokens, now.Cost, before.Cost);
    }

    static long Ms(string time)
    {
        UtcTime.TryParse(time, out var ms).Should().BeTrue();

        return ms;
    }
}
