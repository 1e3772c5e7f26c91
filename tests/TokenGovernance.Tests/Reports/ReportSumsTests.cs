using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Tests.Reports;

/// <summary>Reports say what plain sums over the events say.</summary>
public sealed class ReportSumsTests
{
    public static TheoryData<string> Homes =>
    [
        "tests/fixtures/openclaw-2026.2.9/home", "tests/fixtures/openclaw-2026.7.1/home", "tests/fixtures/openclaw-2026.7.1-migrated-2026.9.6/home",
        "tests/fixtures/openclaw-2026.9.6/home", "docs/sample-home",
    ];

    /// <summary>Zones, and a time some days before each one's clock changes.</summary>
    public static TheoryData<string, string> Changes => new()
    {
        { "Europe/Vienna", "2026-10-23T12:00:00Z" },
        { "Europe/Vienna", "2026-03-27T12:00:00Z" },
        { "America/New_York", "2026-10-30T12:00:00Z" },
        { "Asia/Kolkata", "2026-12-30T12:00:00Z" },
        { "Australia/Lord_Howe", "2026-04-03T12:00:00Z" },
        { "Australia/Lord_Howe", "2026-10-02T12:00:00Z" },
        { "Africa/Cairo", "2026-04-22T12:00:00Z" },
        { "America/Havana", "2026-10-30T12:00:00Z" },
    };

    [Theory]
    [MemberData(nameof(Homes))]
    public void OfEveryHomeByEveryDimension(string home)
    {
        using var scene = new ReportScene();
        scene.Collect(home.Split('/'));

        foreach (var dimension in Enum.GetValues<Dimension>())
        {
            Check(scene, new ReportQuery { By = [dimension], Zone = Zone("Europe/Vienna"), WithIdentifiers = true });
        }

        Check(scene, new ReportQuery { By = [Dimension.Agent, Dimension.Day, Dimension.Model, Dimension.ChatType] });
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void AcrossAChangeOfTheClock(string zone, string from)
    {
        using var scene = new ReportScene();
        scene.Generate(4000, seed: 7, from, everyMs: 100_000);

        foreach (var dimension in new[] { Dimension.Day, Dimension.Week, Dimension.Month, Dimension.Hour })
        {
            Check(scene, new ReportQuery { By = [dimension, Dimension.Agent], Zone = Zone(zone) });
        }
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public void OfDaysThatHaveAnotherLengthThanOthers(string zone, string from)
    {
        using var scene = new ReportScene();
        scene.Generate(4000, seed: 8, from, everyMs: 100_000);
        var whole = scene.Report(new ReportQuery { By = [Dimension.Day], Zone = Zone(zone) });

        // A day alone is the row of that day: bounds and rows agree on where it begins and ends.
        foreach (var row in whole.Rows.Where(row => row.Values[0].Id is not null))
        {
            var day = new TimeGrammar(Zone(zone), DateTimeOffset.UnixEpoch).Parse(row.Values[0].Id!)!.Value;
            var range = new TimeRange(day.FromMs, day.BeforeMs);

            var alone = scene.Report(new ReportQuery { By = [Dimension.Day], Zone = Zone(zone), Range = range });

            ReferenceTotals.Of(alone).Should().Equal(ReferenceTotals.Of(whole with { Rows = [row] }));
        }
    }

    [Fact]
    public void WithFiltersAndSeveralDimensions()
    {
        using var scene = new ReportScene();
        scene.Generate(3000, seed: 9, "2026-11-01T00:00:00Z", everyMs: 60_000);
        string[][] filters = [["agent=agent-1"], ["agent=agent-1", "agent=agent-2", "channel="], ["model!=claude-a", "job!="], ["provider=nobody"],
            ["error=yes"], ["error=no", "weekday=monday", "weekday=Sunday"], ["weekday!=Friday", "agent=agent-2"]];

        foreach (var filter in filters)
        {
            Check(scene, new ReportQuery
            {
                By = [Dimension.Provider, Dimension.Channel, Dimension.Job],
                Where = NameFilter.Join(filter.Select(text => NameFilter.Parse(text)!)),
            });
        }
    }

    [Fact]
    public void TotalsAreTheRowsAndTheRest()
    {
        using var scene = new ReportScene();
        scene.Generate(2000, seed: 10, "2026-11-01T00:00:00Z", everyMs: 60_000);
        var whole = scene.Report(new ReportQuery { By = [Dimension.Session] });

        var top = scene.Report(new ReportQuery { By = [Dimension.Session], Top = 3 });

        ReferenceTotals.Of(top).Should().Equal(ReferenceTotals.Of(whole).Take(3));
        top.Rest!.Rows.Should().Be(whole.Rows.Count - 3);
        top.Totals.Known.Should().Be(whole.Totals.Known);
        (top.Rest.Totals.All.Events + top.Rows.Sum(row => row.Totals.All.Events)).Should().Be(2000);
    }

    [Fact]
    public void SessionsOfOneIdAreTwoIfTheirAgentsAre()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, agent_id, session_id, session_key, event_key)
            VALUES ('', 'a', 's', NULL, x'01'), ('', 'b', 's', 'agent:b:main', x'02'), ('', 'a', 's', 'agent:a:main', x'03')
            """);

        var rows = scene.Report(new ReportQuery { By = [Dimension.Session], Sort = SortBy.Events }).Rows;

        rows.Select(row => (row.Values[0].Label, row.Totals.All.Events)).Should().Equal(("agent:a:main", 2), ("agent:b:main", 1));
    }

    [Fact]
    public void AMillionAmountsAddUpToTheBillionth()
    {
        var random = new Random(11);
        var amounts = Enumerable.Range(0, 1_000_000).Select(i => Math.Round(random.NextDouble() * (i % 1000 == 0 ? 100 : 0.01), 9)).ToList();

        var sum = amounts.Aggregate(default(Money), (sum, amount) => sum + Money.FromDollars(amount));

        sum.Dollars.Should().Be(amounts.Sum(amount => (decimal)amount));
        sum.Should().Be(amounts.Order().Aggregate(default(Money), (sum, amount) => sum + Money.FromDollars(amount)), "the order of adding does not matter");
    }

    static void Check(ReportScene scene, ReportQuery query)
    {
        var report = scene.Report(query);

        ReferenceTotals.Of(report).Order(StringComparer.Ordinal).Should().Equal(ReferenceTotals.Of(scene, query).Order(StringComparer.Ordinal), $"by {string.Join(", ", query.By)} in {query.Zone.Id}");
    }

    static TimeZoneInfo Zone(string id) => TimeZoneInfo.FindSystemTimeZoneById(id);
}
