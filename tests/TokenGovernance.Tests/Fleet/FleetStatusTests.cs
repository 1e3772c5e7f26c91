using System.Text.RegularExpressions;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Fleet.Reading;
using TokenGovernance.Overview;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Budgets;

namespace TokenGovernance.Tests.Fleet;

/// <summary>What looks at the clock, asked at one moment of the fleet and of the store that read all homes: status, forecasts, budgets, runaways.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed partial class FleetStatusTests(FourNodes nodes) : IClassFixture<FourNodes>
{
    const string Config = """
        timezone = 'Asia/Kathmandu'
        [[budget]]
        name = 'all'
        period = 'month'
        limit = '1 USD'
        [[budget]]
        name = 'each'
        period = 'week'
        each = 'agent'
        limit = '1000 tokens'
        where = ['provider=openai']
        [[budget]]
        name = 'sessions'
        period = 'day'
        each = 'session'
        limit = '3 responses'
        [[budget]]
        name = 'last'
        period = '30d'
        limit = '2 output-tokens'
        """;

    readonly SettableClock _clock = new(DateTimeOffset.UtcNow.AddDays(-2));
    readonly TimeZoneInfo _zone = TimeZoneInfo.FindSystemTimeZoneById("Asia/Kathmandu");

    long NowMs => _clock.Now.ToUnixTimeMilliseconds();

    [Fact]
    public void StatusIsTheSame() => ShouldBeSame(store =>
    {
        using var output = new StringWriter();
        StatusJson.Write(output, Status.Read(store, _zone, NowMs, []));

        return output.ToString();
    });

    [Fact]
    public void ForecastsAreTheSame()
    {
        foreach (var by in new Dimension?[] { null, Dimension.Agent, Dimension.Job, Dimension.Session, Dimension.Home })
        {
            ShouldBeSame(store => string.Join('\n', UsageForecast.Read(store, by, NowMs - (20 * QuarterHour.DayMs), NowMs + (9 * QuarterHour.DayMs), NowMs)
                .Select(one => $"{one.Name} {one.SoFar.Known} {one.SoFar.All.Total} {one.Outlook}")));
        }
    }

    [Fact]
    public void BudgetsAndWhatIsSuggestedAreTheSame()
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder["config.toml"], Config);
        var settings = ConfigurationFile.Read(folder["config.toml"]);
        ShouldBeSame(store =>
        {
            using var output = new StringWriter();
            BudgetJson.Write(output, JsonHead.Read(store, _zone), new BudgetWatch(settings, _zone, store, _clock).Read(withRunaways: false).Budgets, fired: null);
            BudgetJson.Write(output, JsonHead.Read(store, _zone), BudgetSuggestion.Read(store, _zone, NowMs));

            return output.ToString();
        });
    }

    [Fact]
    public void RunawaysAreTheSame() => ShouldBeSame(store =>
    {
        var watch = new BudgetWatch(Settings.None, _zone, store, _clock);

        return string.Join('\n', watch.ReadRunaways(BudgetReader.UsualRunaway).Select(one => one.Text)) + ".";
    });

    void ShouldBeSame(Func<IStore, string> ask)
    {
        var ours = Known(ask(new LocalStore(nodes.Union)));

        Known(ask(new FleetStore(PostgresServer.Open(nodes.Url)))).Should().Be(ours);
        ours.Should().NotBeEmpty();
    }

    /// <summary>Without what says how new the store is.</summary>
    static string Known(string text) => Newness().Replace(text, "");

    [GeneratedRegex("\"(last_collected|newest_event)\": ?(\"[^\"]*\"|null)", RegexOptions.ExplicitCapture)]
    private static partial Regex Newness();
}
