using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Reports.Pages;
using TokenGovernance.Text;

using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Reports;

/// <summary>Questions with one command each: compared periods, spikes, sessions, jobs, trees of sub-agents.</summary>
public sealed class AnswerTests
{
    [Fact]
    public void AComparisonIsTwoReportsRowByRow()
    {
        using var scene = Scene();
        var comparison = Compare(scene, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", now: "2026-11-18T10:07:00Z", Dimension.Agent, Dimension.Model);

        var (now, before) = (Report(scene, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"), Report(scene, "2026-11-09T00:00:00Z", "2026-11-11T10:07:00Z"));
        Totals(comparison.Rows, row => row.Now).Should().BeEquivalentTo(Totals(now));
        Totals(comparison.Rows, row => row.Before).Should().BeEquivalentTo(Totals(before));
        comparison.Rows.Select(row => Math.Abs(row.CostChange)).Should().BeInDescendingOrder();
    }

    [Fact]
    public void WhoCameAndWhoLeftIsMarked()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, model, total_tokens, cost_total, cost_source, event_key) VALUES
              ('', '2026-11-10T10:00:00.000Z', 'left', 'm', 10, 0.5, 'recorded', x'01'),
              ('', '2026-11-10T10:00:00.000Z', 'stayed', 'm', 10, 0.5, 'recorded', x'02'),
              ('', '2026-11-11T10:00:00.000Z', 'stayed', 'm', 10, 0.75, 'recorded', x'03'),
              ('', '2026-11-11T10:00:00.000Z', 'came', 'm', 10, NULL, NULL, x'04')
            """);
        var comparison = Compare(scene, "2026-11-11T00:00:00Z", "2026-11-12T00:00:00Z", now: "2026-11-13T00:00:00Z", Dimension.Agent);
        using var table = Text();
        TableFormat.Write(table, ComparisonSheet.Of(comparison), default);
        using var csv = Text();
        ComparisonData.WriteCsv(csv, comparison);
        using var json = Text();
        ComparisonData.WriteJson(json, comparison);

        table.ToString().Should().MatchRegex(@"left +– +\$0.50 +-\$0.50 +gone").And.MatchRegex(@"stayed +\$0.75 +\$0.50 +\+\$0.25 +\+50 %").And.MatchRegex(@"came +– +– +– +new").And.Contain("1 new, 1 gone.");
        csv.ToString().Split("\r\n")[1].Should().Be("left,,0.5,-0.5,0,10,-10,0,1,-1,gone");
        JsonDocument.Parse(json.ToString()).RootElement.GetProperty("rows").EnumerateArray().Select(row => row.GetProperty("state").GetString()).Should().Equal("gone", "both", "new");
    }

    [Theory]
    [InlineData("compare-pipe.txt", null)]
    [InlineData("compare-200.txt", 200)]
    [InlineData("compare-140.txt", 140)]
    [InlineData("compare-120.txt", 120)]
    [InlineData("compare-100.txt", 100)]
    [InlineData("compare-80.txt", 80)]
    [InlineData("compare-60.txt", 60)]
    public void AComparisonAsATable(string golden, int? width)
    {
        using var scene = Scene();
        using var output = Text();
        TableFormat.Write(
            output, ComparisonSheet.Of(Compare(scene, "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", now: "2026-11-18T10:07:00Z", Dimension.Agent, Dimension.Model)),
            new Screen(width, HasColor: false));

        ReportScene.ShouldBeGolden(output.ToString(), golden);
        output.ToString().Split('\n').Should().OnlyContain(line => width == null || TextWidth.WidthOf(line.TrimEnd('\r')) <= width);
    }

    [Fact]
    public void ASpikeIsExplainedAndANewHighOfAFewPercentIsNone()
    {
        using var scene = new ReportScene();
        scene.Create();
        for (var day = 1; day <= 20; day++)
        {
            var cost = day switch { 15 => 1.1, 18 => 4.0, _ => 0.5 + (day % 5 * 0.1) };
            scene.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO usage_events (ingest_ts, event_ts, agent_id, model, total_tokens, cost_total, cost_source, event_key) VALUES
                  ('', '2026-11-{day:00}T10:00:00.000Z', 'main', 'm', 10, 0.2, 'recorded', randomblob(16)),
                  ('', '2026-11-{day:00}T11:00:00.000Z', 'research', 'big', 10, {cost}, 'recorded', randomblob(16))
                """));
        }

        var report = scene.Report(new ReportQuery { By = [Dimension.Day], WithSpikes = true, NowMs = Ms("2026-11-20T12:00:00Z") });

        var spike = report.Spikes.Should().ContainSingle().Subject;
        (spike.Day, spike.Value).Should().Be((new DateOnly(2026, 11, 18), 4.2));
        spike.UsualLow.Should().BeInRange(0.7, 0.8);
        spike.UsualHigh.Should().BeInRange(1.0, 1.3);
        SpikeText.Of(spike).Should().StartWith("! 2026-11-18: $4.20, usual are $0.80 to $1").And.Contain("95 % by agent research").And.Contain("95 % by model big");
        using var table = Text();
        TableFormat.Write(table, report, default);
        table.ToString().Should().Contain("2026-11-18!").And.Contain("2026-11-20*").And.Contain("* Not over yet.");
    }

    [Theory]
    [InlineData("2026-10-20T00:00:00Z", "2026-11-19T00:00:00Z", "2026-11-18T10:00:00Z", false, "what will have come by tonight is no question about 30 days")]
    [InlineData("2026-11-09T00:00:00Z", "2026-11-19T06:00:00Z", "2026-11-18T10:00:00Z", true, "it ends tomorrow")]
    [InlineData("2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z", "2026-11-30T10:00:00Z", true, "a month ends, if on its last day")]
    [InlineData("2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z", "2026-11-22T10:00:00Z", true, "a week ends, too")]
    [InlineData("2026-11-17T00:00:00Z", "2026-11-24T00:00:00Z", "2026-11-23T10:00:00Z", false, "these are any seven days")]
    public void AForecastIsForWhatEndsLaterThanTonight(string from, string end, string now, bool isForecast, string because)
    {
        using var scene = Scene();
        var report = scene.Report(new ReportQuery { By = [Dimension.Day], Range = new TimeRange(Ms(from), Ms(end)), NowMs = Ms(now) });

        (report.Outlook is not null).Should().Be(isForecast, because);
    }

    [Fact]
    public void SubAgentsAreRolledUpToWhoeverStartedThemAllTheWay()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, agent_id, session_id, session_key, spawned_by, home, total_tokens, event_key) VALUES
              ('', 'main', 's1', 'agent:main:telegram:direct:49123', NULL, '/h', 1, x'01'),
              ('', 'main', 's2', 'agent:main:subagent:a', 'agent:main:telegram:direct:49123', '/h', 10, x'02'),
              ('', 'main', 's3', 'agent:main:subagent:b', 'agent:main:subagent:a', '/h', 100, x'03'),
              ('', 'main', 's4', 'agent:main:subagent:x', 'agent:main:subagent:y', '/h', 1000, x'04'),
              ('', 'main', 's5', 'agent:main:subagent:y', 'agent:main:subagent:x', '/h', 2000, x'05'),
              ('', 'main', 's6', 'agent:main:subagent:b', NULL, '/other', 5, x'06'),
              ('', 'main', 's7', NULL, NULL, '/h', 7, x'07')
            """);

        var rows = scene.Report(new ReportQuery { By = [Dimension.Parent], WithIdentifiers = true }).Rows.ToDictionary(row => row.Values[0].Id!, row => row.Totals.All.Total);
        var masked = scene.Report(new ReportQuery { By = [Dimension.Parent] }).Rows.Select(row => row.Values[0].Id!).ToList();

        rows.Should().Equal(new Dictionary<string, long>
        {
            ["agent:main:subagent:x"] = 3000,
            ["agent:main:telegram:direct:49123"] = 111,
            ["s7"] = 7,
            ["agent:main:subagent:b"] = 5,
        });
        masked.Should().OnlyContain(key => !key.Contains("49123", StringComparison.Ordinal)).And.Contain(key => key.StartsWith("agent:main:telegram:direct:…#", StringComparison.Ordinal));
        scene.Report(new ReportQuery { By = [Dimension.Agent], Where = [NameFilter.Parse($"parent={masked.Single(key => key.Contains("telegram", StringComparison.Ordinal))}")!] }).Totals.All.Total
            .Should().Be(111, "what is shown can be given back");
    }

    [Fact]
    public void SessionsShowWhatTellsThemApartAndNoPeople()
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");
        var query = new ReportQuery { By = [Dimension.Agent, Dimension.Channel, Dimension.Session], Detail = RowDetail.Session };
        var report = scene.Report(query);
        using var table = Text();
        TableFormat.Write(table, report, default);
        using var json = Text();
        JsonFormat.Write(json, report);

        var peers = scene.Query("SELECT DISTINCT session_key FROM usage_events WHERE session_key LIKE '%:direct:%' OR session_key LIKE '%:group:%' OR session_key LIKE '%:channel:%'")
            .Select(row => ((string)row["session_key"]!).Split(':')).SelectMany(parts => parts.Where((_, i) => i > 0 && parts[i - 1] is "direct" or "group" or "channel")).ToList();
        peers.Should().NotBeEmpty();
        (table.ToString() + json).Should().NotContainAny(peers);
        var first = report.Rows[0];
        var times = scene.Query($"SELECT min(coalesce(started_ts, event_ts)) AS f, max(event_ts) AS l FROM usage_events WHERE session_id = '{first.Values[2].Id}'")[0];
        (UtcTime.Format(first.Session!.FirstMs!.Value), UtcTime.Format(first.Session.LastMs!.Value)).Should().Be(((string)times["f"]!, (string)times["l"]!));
        scene.Report(query with { Where = [NameFilter.Parse($"session={first.Values[2].Id![..8]}")!] }).Rows.Should().ContainSingle().Which.Totals.All.Total.Should().Be(first.Totals.All.Total);
        scene.Report(query with { WithIdentifiers = true }).Rows.Select(row => row.Values[2].Label).OfType<string>().Should().Contain(key => peers.Any(peer => key.Contains(peer, StringComparison.Ordinal)));
    }

    [Fact]
    public void JobsSayHowOftenTheyRanAndWhatHeartbeatsWaste()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, session_id, trigger, job_id, job_name, run_id, output_tokens, total_tokens, cost_total, cost_source, event_key) VALUES
              ('', '2026-11-10T10:00:00.000Z', 'ops', 's1', 'cron', 'j', 'Nightly', 'r1', 500, 500, 1.0, 'recorded', x'01'),
              ('', '2026-11-10T10:01:00.000Z', 'ops', 's1', 'cron', 'j', 'Nightly', 'r1', 500, 500, 1.0, 'recorded', x'02'),
              ('', '2026-11-11T10:00:00.000Z', 'ops', 's2', 'cron', 'j', 'Nightly', 'r2', 500, 500, 1.0, 'recorded', x'03'),
              ('', '2026-11-11T10:00:00.000Z', 'ops', 's3', 'cron', 'k', NULL, NULL, 500, 500, 1.0, 'recorded', x'04'),
              ('', '2026-11-11T10:00:00.000Z', 'ops', 'h', 'heartbeat', NULL, NULL, 'h1', 8, 500, 0.25, 'recorded', x'05'),
              ('', '2026-11-11T11:00:00.000Z', 'ops', 'h', 'heartbeat', NULL, NULL, 'h2', 400, 500, 0.5, 'recorded', x'06'),
              ('', '2026-11-11T11:00:01.000Z', 'ops', 'h', 'heartbeat', NULL, NULL, 'h2', 8, 500, 0.25, 'recorded', x'07')
            """);
        var report = scene.Report(new ReportQuery { By = [Dimension.Agent, Dimension.Job], Where = [NameFilter.Parse("job!=")!], Detail = RowDetail.Job });

        report.Rows.Select(row => (row.Values[1].Label ?? row.Values[1].Id, row.Runs)).Should().Equal(("Nightly", 2), ("k", 1));
        report.Heartbeats.Should().Be(new Heartbeats(2, Money.FromDollars(1.0), 1, Money.FromDollars(0.25), Money.FromDollars(5.0)));
        ReportText.Notes(report).Should().ContainSingle(note => note.Contains("2 heartbeats cost $1.00 (20.0 % of all known cost); 1 of them did nothing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("job=0f2a6c1e", 3)]
    [InlineData("job=0f2a6c1e-1f1b-4f7e-9a53-6c0a4f8f1d01", 3)]
    [InlineData("job!=0f2a6c1e", 4)]
    [InlineData("job=0f2a6c1", 0)]
    [InlineData("job=Nightly", 4)]
    [InlineData("job=7d9be20a", 0)]
    public void AJobIsFoundByWhatReportsShowOfIt(string filter, long tokens)
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, trigger, job_id, job_name, total_tokens, event_key) VALUES
              ('', '2026-11-10T10:00:00.000Z', 'ops', 'cron', '0f2a6c1e-1f1b-4f7e-9a53-6c0a4f8f1d01', NULL, 3, x'01'),
              ('', '2026-11-10T10:00:00.000Z', 'ops', 'cron', '7d9be20a-64d5-4c7c-8d3e-21f4b8a9c002', 'Nightly', 4, x'02')
            """);

        scene.Report(new ReportQuery { By = [Dimension.Job], Where = [NameFilter.Parse(filter)!] }).Totals.All.Total.Should().Be(tokens);
    }

    [Fact]
    public void OneNameInTwoHomesIsSaidAndTwoRowsOnceAsked()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("INSERT INTO usage_events (ingest_ts, agent_id, home, total_tokens, event_key) VALUES ('', 'main', '/a', 1, x'01'), ('', 'main', '/b', 2, x'02')");

        var one = scene.Report(new ReportQuery { By = [Dimension.Agent] });
        var two = scene.Report(new ReportQuery { By = [Dimension.Home, Dimension.Agent] });

        one.Rows.Should().ContainSingle();
        ReportText.Notes(one).Should().ContainSingle(note => note.Contains("In several homes: agent main.", StringComparison.Ordinal));
        two.Rows.Should().HaveCount(2);
        ReportText.Notes(two).Should().NotContain(note => note.Contains("several homes", StringComparison.Ordinal));
    }

    [Fact]
    public void APageStandsAloneAndAPictureIsXml()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, event_ts, agent_id, model, total_tokens, cost_total, cost_source, event_key) VALUES
              ('', '2026-11-10T10:00:00.000Z', '<script>alert(1)</script>"&', 'm', 10, 0.5, 'recorded', x'01'),
              ('', '2026-11-11T10:00:00.000Z', 'b', 'm', 10, 0.25, 'recorded', x'02')
            """);
        foreach (var by in new[] { Dimension.Agent, Dimension.Day })
        {
            var sheet = ReportSheet.Of(scene.Report(new ReportQuery { By = [by] }));
            using var page = Text();
            HtmlPage.Write(page, sheet);
            using var picture = Text();
            SvgChart.Write(picture, sheet);

            page.ToString().Should().NotContainAny("<script", "https://", "src=", "@import").And.Contain("prefers-color-scheme").And.Contain("$0.50").And.Contain("</html>");
            var svg = System.Xml.Linq.XDocument.Parse(picture.ToString());
            svg.Descendants().Count(element => element.Name.LocalName == "rect").Should().Be(3, "a background and two bars");
            svg.Descendants().Should().NotContain(element => element.Name.LocalName == "script");
        }
    }

    static ReportScene Scene()
    {
        var scene = new ReportScene();
        scene.Generate(6000, seed: 41, "2026-10-01T00:00:00Z", everyMs: 780_000);

        return scene;
    }

    static Comparison Compare(ReportScene scene, string from, string end, string now, params Dimension[] by)
    {
        var query = new ReportQuery { By = by, Range = new TimeRange(Ms(from), Ms(end)), NowMs = Ms(now) };

        return Comparison.Read(new LocalStore(scene.Db), query, PeriodPair.Of(new LocalCalendar(TimeZoneInfo.Utc), query.Range, Ms(now))!.Value);
    }

    static Report Report(ReportScene scene, string from, string end) =>
        scene.Report(new ReportQuery { By = [Dimension.Agent, Dimension.Model], Range = new TimeRange(Ms(from), Ms(end)) });

    static Dictionary<string, (Money?, long)> Totals(Report report) => report.Rows.ToDictionary(Name, row => (row.Totals.Known, row.Totals.All.Total));

    static Dictionary<string, (Money?, long)> Totals(IReadOnlyList<ComparisonRow> rows, Func<ComparisonRow, UsageTotals> of) =>
        rows.Where(row => of(row).All.Events > 0).ToDictionary(row => Name(row.Names), row => (of(row).Known, of(row).All.Total));

    static string Name(ReportRow row) => string.Join('/', row.Values.Select(value => value.Id));

    static StringWriter Text() => new(CultureInfo.InvariantCulture);

    static long Ms(string time)
    {
        UtcTime.TryParse(time, out var ms).Should().BeTrue();

        return ms;
    }
}
