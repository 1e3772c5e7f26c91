using System.Text.Json.Nodes;
using TokenGovernance.Budgets;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Limits in dollars that count what has no price at list prices: that is said, and what no list names is said as before.</summary>
public sealed class BudgetEstimateTests : IDisposable
{
    readonly BudgetScene _scene = new() { Prices = PricesOf(0.001m) };

    public BudgetEstimateTests() => Configure("estimate", "5 USD");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void WhatHasNoPriceCountsAtListPricesAndIsSaidToBeEstimated()
    {
        _scene.Spend(3.1);
        _scene.Spend(null, tokens: 1000);

        // 500 tokens in at 0.1 cent each, 500 out at 0.2 cent.
        _scene.Check().Should().Equal("b: about $4.60 of $5.00 used today (92 %, warned at 80 %). $1.50 of it is estimated at list prices.");
    }

    /// <summary>Also where it was stored first, and is told later.</summary>
    [Fact]
    public void ProgramsAreToldWhichPartIsEstimated()
    {
        _scene.Spend(3.1);
        _scene.Spend(null, tokens: 1000);
        _scene.Check(deliver: false);

        _scene.Check();

        var message = JsonNode.Parse(_scene.Receiver.All.Single().Body)!;
        (message["value"]!.GetValue<double>(), message["estimated_usd"]!.GetValue<double>(), message["unpriced"]!.GetValue<long>()).Should().Be((4.6, 1.5, 0));
    }

    [Fact]
    public void WhatNoListNamesIsSaidAndNeverFree()
    {
        _scene.Spend(4.1);
        _scene.Spend(null, tokens: 200);
        _scene.Spend(null, model: "unheard-of");
        _scene.SpendUnmeasured();

        _scene.Check().Should().Equal(
            "b: at least about $4.40 of $5.00 used today (88 %, warned at 80 %). $0.30 of it is estimated at list prices."
            + " 1 response has no price and is not in it. 1 response was not measured and is not in it.");
    }

    [Fact]
    public void WhatIsRecordedStaysAsItIs()
    {
        _scene.Spend(4.1, tokens: 100_000);

        _scene.Check().Should().Equal("b: $4.10 of $5.00 used today (82 %, warned at 80 %).");
    }

    [Theory]
    [InlineData("count", "b: at least $4.10 of $5.00 used today (82 %, warned at 80 %). 1 response has no price and is not in it.")]
    [InlineData("ignore", "b: $4.10 of $5.00 used today (82 %, warned at 80 %).")]
    public void NobodyEstimatesWhoIsNotAsked(string unpriced, string text)
    {
        Configure(unpriced, "5 USD");
        _scene.Spend(4.1);
        _scene.Spend(null);

        _scene.Check().Should().Equal(text);
    }

    [Fact]
    public void WithoutPricesItIsAsWithCount()
    {
        _scene.Prices = null;
        _scene.Spend(4.1);
        _scene.Spend(null);

        _scene.Check().Should().Equal("b: at least $4.10 of $5.00 used today (82 %, warned at 80 %). 1 response has no price and is not in it.");
    }

    [Fact]
    public void LimitsOfTokensHaveNothingToEstimate()
    {
        Configure("estimate", "1200 tokens");
        _scene.Spend(null);

        _scene.Check().Should().Equal("b: 1,000 tokens of 1,200 tokens used today (83 %, warned at 80 %).");
    }

    [Fact]
    public void AForecastGoesOnFromWhatIsEstimated()
    {
        _scene.Config = _scene.Config.Replace("period = 'day'", "period = 'month'\nforecast = true", StringComparison.Ordinal).Replace("5 USD", "60 USD", StringComparison.Ordinal);
        for (var day = 0; day < 28; day++)
        {
            _scene.Spend(null, tokens: 2000, hoursAgo: 24 * day);
        }

        _scene.Check().Should().HaveCount(2).And.OnlyContain(text => text.Contains("$54.00 of it is estimated at list prices.", StringComparison.Ordinal))
            .And.ContainSingle(text => text.StartsWith("b: will probably come to $", StringComparison.Ordinal));
    }

    /// <summary>A price that changes holds from the next quarter of an hour on, for all of the period.</summary>
    [Fact]
    public void PricesAreAskedForAnewEachQuarterOfAnHour()
    {
        var asked = 0;
        var settings = _scene.ReadSettings();
        _scene.Spend(null);
        var watch = new BudgetWatch(settings, settings.Zone!, new LocalStore(_scene.Db), _scene.Clock, () => PricesOf(asked++ == 0 ? 0.001m : 0.002m)());

        watch.Read().Budgets[0].Used.Should().Be(1.5m);
        watch.Read().Budgets[0].Used.Should().Be(1.5m);
        _scene.Clock.Advance(TimeSpan.FromMinutes(15));
        watch.Read().Budgets[0].Used.Should().Be(3);
    }

    static Func<PriceList> PricesOf(decimal input) => () =>
    {
        var prices = new PriceList();
        prices.Add(new Price(input, 2 * input, null, null, "prices.json", "stub-a"));

        return prices;
    };

    void Configure(string unpriced, string limit) => _scene.Config = $"""
        [[budget]]
        name = 'b'
        period = 'day'
        limit = '{limit}'
        warn = [80]
        unpriced = '{unpriced}'
        notify = ['hook']
        [notify.hook]
        webhook = 'HOOK'
        """;
}
