namespace TokenGovernance.Tests.Budgets;

/// <summary>What fires, how often, and what is said: store, clock and web server are real, the hours are not.</summary>
public sealed class BudgetAlertTests : IDisposable
{
    readonly BudgetScene _scene = new() { Config = Budget("period = 'day'\nlimit = '5 USD'\nwarn = [50, 80]") };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EachThresholdIsToldOnceAlsoByProcessesThatComeAfter()
    {
        _scene.Spend(2.4);
        _scene.Check().Should().BeEmpty();

        _scene.Spend(0.2);
        _scene.Check().Should().Equal("b: $2.60 of $5.00 used today (52 %, warned at 50 %).");
        _scene.Check().Should().BeEmpty();

        _scene.Spend(1.5);
        _scene.Check().Should().Equal("b: $4.10 of $5.00 used today (82 %, warned at 80 %).");

        _scene.Spend(0.9);
        _scene.Check().Should().Equal("b: $5.00 of $5.00 used today (100 %).");
        _scene.Spend(3);
        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void SeveralThresholdsAtOnceAreOneMessage()
    {
        _scene.Spend(7);

        _scene.Check().Should().ContainSingle().Which.Should().Contain("140 %");
        Alerts().Should().Equal(50, 80, 100);
    }

    [Fact]
    public void TheNextDayBeginsAtMidnightOfTheZoneAndTellsAgain()
    {
        _scene.Spend(5);
        _scene.Check().Should().ContainSingle();

        _scene.Clock.Now = At("2026-11-18T22:59:00Z");
        _scene.Spend(1);
        _scene.Check().Should().BeEmpty();

        _scene.Clock.Now = At("2026-11-18T23:01:00Z");
        _scene.Spend(3);
        _scene.Check().Should().Equal("Over: b: $5.00 of $5.00 used today (100 %).", "b: $3.00 of $5.00 used today (60 %, warned at 50 %).");
        OpenAlerts().Should().Equal(50);
    }

    [Fact]
    public void ALimitThatIsRaisedIsAnotherLimit()
    {
        _scene.Spend(5);
        _scene.Check().Should().ContainSingle();

        _scene.Config = _scene.Config.Replace("5 USD", "20 USD", StringComparison.Ordinal);
        _scene.Check().Should().BeEmpty();
        _scene.Spend(16);

        _scene.Check().Should().ContainSingle().Which.Should().Contain("$21.00 of $20.00");
    }

    [Fact]
    public void WhatComesLateIsToldForADayAfterItsPeriodAndCountedNowhereElse()
    {
        _scene.Spend(1);
        _scene.Check();
        _scene.Clock.Now = At("2026-11-19T20:00:00Z");

        _scene.Spend(At("2026-11-18T20:00:00Z"), 6);
        _scene.Spend(At("2026-11-17T20:00:00Z"), 60);

        _scene.Check().Should().Equal("b: $7.00 of $5.00 used yesterday (140 %).");
    }

    [Fact]
    public void AValueThatFallsAndRisesAgainIsNotToldTwice()
    {
        _scene.Config = Budget("period = 'day'\nlimit = '5 USD'\nwhere = ['session=s1']");
        _scene.Spend(6, session: "s1");
        _scene.Check().Should().ContainSingle();

        StoreRows.Execute(_scene.Db, "DELETE FROM event_facts");
        _scene.Check().Should().BeEmpty();
        _scene.Spend(6, session: "s1");

        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void WhatRollsIsToldAgainOnceItWasATenthBelow()
    {
        _scene.Config = Budget("period = '5h'\nlimit = '5 USD'");
        _scene.Spend(5);
        _scene.Check().Should().ContainSingle().Which.Should().Be("b: $5.00 of $5.00 used in the last 5h (100 %).");
        _scene.Spend(1);
        _scene.Check().Should().BeEmpty();

        _scene.Clock.Advance(TimeSpan.FromHours(6));
        _scene.Check().Should().Equal("Over: b: $5.00 of $5.00 used in the last 5h (100 %).");
        OpenAlerts().Should().BeEmpty();
        _scene.Spend(9);

        _scene.Check().Should().ContainSingle().Which.Should().Contain("$9.00");
    }

    [Fact]
    public void EachAgentHasALimitOfItsOwn()
    {
        _scene.Config = Budget("period = 'month'\nlimit = '5 USD'\neach = 'agent'");
        _scene.Spend(4, "main");
        _scene.Spend(6, "research");
        _scene.Spend(8, "ops");

        _scene.Check().Should().BeEquivalentTo(
            "b, agent ops: $8.00 of $5.00 used this month (160 %).", "b, agent research: $6.00 of $5.00 used this month (120 %).");
    }

    [Theory]
    [InlineData("10k tokens", "b: 12,000 tokens of 10,000 tokens used today (120 %).")]
    [InlineData("5k output-tokens", "b: 6,000 output tokens of 5,000 output tokens used today (120 %).")]
    [InlineData("2 responses", "b: 3 responses of 2 responses used today (150 %).")]
    public void OtherThingsThanDollarsAreLimitedTheSameWay(string limit, string text)
    {
        _scene.Config = Budget($"period = 'day'\nlimit = '{limit}'");
        Enumerable.Range(0, 3).ToList().ForEach(_ => _scene.Spend(null, tokens: 4000));

        _scene.Check().Should().Equal(text);
    }

    [Fact]
    public void WhatHasNoPriceIsSaidAndNeverFree()
    {
        _scene.Spend(4.1);
        _scene.Spend(null);

        _scene.Check().Should().Equal("b: at least $4.10 of $5.00 used today (82 %, warned at 80 %). 1 response has no price and is not in it.");
    }

    [Theory]
    [InlineData("10k tokens", "b: at least 12,000 tokens of 10,000 tokens used today (120 %). 1 response was not measured and is not in it.")]
    [InlineData("10k output-tokens", null)]
    [InlineData("1 USD", "b: at least $3.00 of $1.00 used today (300 %). 1 response was not measured and is not in it.")]
    [InlineData("4 responses", "b: 4 responses of 4 responses used today (100 %).")]
    public void WhatWasNotMeasuredIsSaidAndNotTakenForNothing(string limit, string? text)
    {
        _scene.Config = Budget($"period = 'day'\nlimit = '{limit}'");
        Enumerable.Range(0, 3).ToList().ForEach(_ => _scene.Spend(1, tokens: 4000));
        _scene.SpendUnmeasured();

        _scene.Check().Should().Equal(text is null ? [] : [text]);
    }

    /// <summary>Evidence that comes later may say that a response is somebody else's.</summary>
    [Fact]
    public void WhatTurnsOutToBeSomebodyElsesIsToldForHimAndNotTakenBack()
    {
        _scene.Config = Budget("period = 'day'\nlimit = '5 USD'\neach = 'job'");
        _scene.Spend(6);
        _scene.Check().Should().Equal("b, job unknown: $6.00 of $5.00 used today (120 %).");

        StoreRows.Execute(_scene.Db, "UPDATE event_attributions SET job_id = 'job-1'");
        _scene.Check().Should().Equal("b, job job-1: $6.00 of $5.00 used today (120 %).");
        StoreRows.Execute(_scene.Db, "UPDATE event_attributions SET job_id = NULL");

        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void AForecastIsToldOnceAndSaysWhatItIsFrom()
    {
        _scene.Config = Budget("period = 'month'\nlimit = '100 USD'\nforecast = true");
        for (var day = 1; day <= 20; day++)
        {
            _scene.Spend(5, hoursAgo: 24 * day);
        }

        _scene.Check().Should().ContainSingle().Which.Should().StartWith("b: will probably come to $1").And.Contain("8 in 10").And.Contain("from the mean of the last 20 days");
        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void WithFewerThanSevenDaysItIsTooEarlyForAForecast()
    {
        _scene.Config = Budget("period = 'month'\nlimit = '100 USD'\nforecast = true");
        for (var day = 1; day <= 6; day++)
        {
            _scene.Spend(15, hoursAgo: 24 * day);
        }

        _scene.Check().Should().BeEmpty();
    }

    [Fact]
    public void AClockThatIsSetBackFiresNothingAgainAndHoldsNoMessageBack()
    {
        _scene.Spend(5);
        _scene.Check(deliver: false);
        _scene.Clock.Advance(TimeSpan.FromHours(-9));

        _scene.Check().Should().ContainSingle();
        _scene.Clock.Advance(TimeSpan.FromHours(9));
        _scene.Check().Should().BeEmpty();
    }

    static string Budget(string text) => $"[[budget]]\nname = 'b'\nnotify = ['hook']\n{text}\n[notify.hook]\nwebhook = 'HOOK'\n";

    static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture);

    IEnumerable<long> Alerts() => StoreRows.Query(_scene.Db, "SELECT threshold FROM budget_alerts ORDER BY threshold").Select(row => row.Number("threshold")!.Value);

    IEnumerable<long> OpenAlerts() => StoreRows.Query(_scene.Db, "SELECT threshold FROM budget_alerts WHERE resolved_ts IS NULL ORDER BY threshold").Select(row => row.Number("threshold")!.Value);
}
