using TokenGovernance.Budgets;
using TokenGovernance.Configuration;

using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Runaways and providers' windows, from the store to the message.</summary>
public sealed class RunawayAlertTests : IDisposable
{
    readonly BudgetScene _scene = new() { Config = "[runaway]\nnotify = ['hook']\n[notify.hook]\nwebhook = 'HOOK'\n" };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ALoopIsToldOnceWithWhatIsUsualAndWhoDidIt()
    {
        SpendUsually();
        _scene.Check().Should().BeEmpty();
        for (var i = 0; i < 30; i++)
        {
            _scene.Clock.Advance(TimeSpan.FromSeconds(20));
            _scene.Spend(0.1, "research", session: "loop", model: "stub-b");
        }

        var text = _scene.Check().Should().ContainSingle().Subject;

        text.Should().StartWith("Runaway? Agent research used $3.00 in 15 minutes and $3.00 in an hour; its busiest in 28 days were $0.50 and $0.50.")
            .And.EndWith("In that hour 30 responses: 100 % with model stub-b, 100 % in session loop.");
        _scene.Spend(5, "research");
        _scene.Clock.Advance(TimeSpan.FromMinutes(5));
        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void ARunawayIsOverAfterSixQuietHoursAndTheNextIsToldAgainAlthoughTheFirstWasIntheLastFourWeeks()
    {
        SpendUsually();
        Loop();
        _scene.Check().Should().ContainSingle();
        _scene.Clock.Advance(TimeSpan.FromHours(7));

        _scene.Check().Should().ContainSingle().Which.Should().StartWith("Over: Runaway?");
        _scene.Clock.Advance(TimeSpan.FromHours(17));
        Loop();

        _scene.Check().Should().ContainSingle().Which.Should().StartWith("Runaway? Agent research");
    }

    [Fact]
    public void WhatHasNoPriceIsWatchedByItsOutput()
    {
        for (var day = 1; day <= 20; day++)
        {
            _scene.Spend(null, "plan", tokens: 10_000, hoursAgo: 24 * day);
        }

        for (var i = 0; i < 20; i++)
        {
            _scene.Spend(null, "plan", tokens: 10_000);
        }

        _scene.Check().Should().ContainSingle().Which.Should().StartWith("Runaway? Agent plan used 100,000 output tokens in 15 minutes");
    }

    [Fact]
    public void WhereNothingIsUsualYetOnlyMuchIsAnAlarmAndThatIsSaid()
    {
        _scene.Spend(0.9, "new");
        _scene.Check().Should().BeEmpty();
        _scene.Spend(0.2, "new");

        _scene.Check().Should().ContainSingle().Which.Should().Contain("what is usual is not known yet (0 days of usage)");
    }

    [Fact]
    public void AnomaliesShowsWhatWouldHaveBeenToldWithoutAnyConfiguration()
    {
        SpendUsually();
        Loop();
        _scene.Clock.Advance(TimeSpan.FromDays(3));

        var found = new BudgetWatch(Settings.None, TimeZoneInfo.Utc, new LocalStore(_scene.Db), _scene.Clock).ReadRunaways(BudgetReader.UsualRunaway);

        found.Should().ContainSingle().Which.Episode.Should().Match<TokenGovernance.Budgets.Runaway.RunawayEpisode>(
            episode => episode.Agent == "research" && !episode.IsOpen && episode.Spent > 2.9);
    }

    void Loop() => _scene.SpendAll(Enumerable.Range(0, 30).Select(i => (_scene.Clock.Now.AddSeconds(-10 * i), 0.1, "research")));

    /// <summary>Half a dollar in a quarter of an hour, once a day.</summary>
    void SpendUsually() => _scene.SpendAll(
        from day in Enumerable.Range(1, 40)
        from i in Enumerable.Range(0, 5)
        select (_scene.Clock.Now.AddDays(-day).AddSeconds(i), 0.1, "research"));
}
