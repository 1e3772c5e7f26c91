using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Tests.Budgets;

/// <summary>A watch that keeps what it read sees what one sees that reads all: whatever is added, late, moved or removed meanwhile.</summary>
public sealed class KeptUsageTests : IDisposable
{
    static readonly string[] Agents = ["main", "research", "ops"];

    readonly BudgetScene _scene = new()
    {
        Config = string.Concat(new[] { "hour", "day", "week", "month", "2h", "7d" }.Select((period, i) => $"""
            [[budget]]
            name = 'p{i}'
            period = '{period}'
            limit = '5 USD'

            [[budget]]
            name = 'e{i}'
            period = '{period}'
            limit = '20k tokens'
            each = 'agent'
            where = ['agent!=ops'MORE]

            [[budget]]
            name = 'l{i}'
            period = '{period}'
            limit = '5 USD'
            unpriced = 'estimate'

            """)) + "[runaway]\n",
        Prices = () =>
        {
            var prices = new PriceList();
            prices.Add(new Price(0.001m, 0.002m, null, null, "prices.json", "stub-a"));

            return prices;
        },
    };

    readonly Random _random = new(TestSeed.Value);

    public void Dispose() => _scene.Dispose();

    /// <summary>What filters ask for decides which sums are read.</summary>
    [Theory]
    [InlineData("")]
    [InlineData(", 'job!=nobody'")]
    [InlineData(", 'session!=nobody'")]
    public void WhatIsKeptIsRightAfterEveryKindOfChange(string where)
    {
        _scene.Config = _scene.Config.Replace("MORE", where, StringComparison.Ordinal);
        var settings = _scene.ReadSettings();
        using var store = UsageStore.Open(_scene.Db, _scene.Clock);
        var kept = new BudgetWatch(settings, settings.Zone!, new LocalStore(_scene.Db), _scene.Clock, _scene.Prices, pauseFactor: 0);
        var (looks, found) = (0, 0);
        SpendingHistory? history = null;
        for (var step = 0; step < 250; step++)
        {
            Change();
            if (_random.Next(3) > 0)
            {
                var now = store.Read(reader => kept.Read(reader));
                var fromStore = store.Read(reader => new BudgetWatch(settings, settings.Zone!, new LocalStore(_scene.Db), _scene.Clock, _scene.Prices).Read(reader));
                StoreRows.Execute(_scene.Db, "DELETE FROM runaway_history");
                var all = store.Read(reader => new BudgetWatch(settings, settings.Zone!, new LocalStore(_scene.Db), _scene.Clock, _scene.Prices).Read(reader));
                history = history is null || _random.Next(3) == 0 ? all.History : history;
                store.ChangeAlerts(table =>
                {
                    table.Keep(history!);

                    return true;
                });

                now.Budgets.Select(Text).Should().Equal(all.Budgets.Select(Text), $"step {step}");
                now.Runaways!.Select(runaway => runaway.Episode).Should().Equal(all.Runaways!.Select(runaway => runaway.Episode), $"step {step}");
                fromStore.Runaways!.Select(runaway => runaway.Episode).Should().Equal(all.Runaways!.Select(runaway => runaway.Episode), $"step {step}, kept in the store");
                looks += now.Runaways!.Count;
                found += fromStore.History is null ? 1 : 0;
            }
        }

        looks.Should().BeGreaterThan(10, "or there were no runaways to see");
        found.Should().BeGreaterThan(10, "or nothing was found in the store");
    }

    [Theory]
    [InlineData("x''")]
    [InlineData("x'FFFFFF7F'")]
    [InlineData("zeroblob(100000)")]
    public void WhatIsKeptAndCannotBeReadIsMadeAnew(string state)
    {
        _scene.Config = _scene.Config.Replace("MORE", "", StringComparison.Ordinal);
        _scene.SpendAll([.. Enumerable.Range(0, 1000).Select(i => (_scene.Clock.Now.AddHours(-i), 0.1, "main"))]);
        _scene.SpendAll([.. Enumerable.Range(0, 60).Select(i => (_scene.Clock.Now.AddMinutes(-i), 5.0, "main"))]);
        _scene.CheckOnly(deliver: false);
        StoreRows.Query(_scene.Db, "SELECT settings FROM runaway_history").Should().ContainSingle();
        StoreRows.Execute(_scene.Db, $"UPDATE runaway_history SET state = {state}");
        var settings = _scene.ReadSettings();

        var view = new BudgetWatch(settings, settings.Zone!, new LocalStore(_scene.Db), _scene.Clock).Read();

        view.Runaways.Should().ContainSingle();
        view.History.Should().NotBeNull();
    }

    void Change()
    {
        var agent = Agents[_random.Next(3)];
        switch (_random.Next(10))
        {
            case < 4:
                _scene.SpendAll([.. Enumerable.Range(0, _random.Next(1, 8)).Select(_ => (_scene.Clock.Now.AddSeconds(-_random.Next(900)), _random.NextDouble(), agent))]);
                break;
            case 4:
                _scene.Spend(_scene.Clock.Now.AddMinutes(-_random.Next(1, 5000)), _random.NextDouble(), agent);
                break;
            case 5:
                _scene.Spend(null, agent, tokens: 5000);
                break;
            case 6:
                Execute("UPDATE event_facts SET attribution_id = (SELECT id FROM event_attributions ORDER BY random() LIMIT 1) WHERE id = (SELECT id FROM event_facts ORDER BY id DESC LIMIT 1 OFFSET {0})");
                break;
            case 7:
                Execute("DELETE FROM event_facts WHERE id = (SELECT id FROM event_facts ORDER BY id DESC LIMIT 1 OFFSET {0})");
                break;
            default:
                _scene.Clock.Advance(TimeSpan.FromMinutes(_random.Next(4) switch { 0 => 1, 1 => 15, 2 => 40, _ => _random.Next(2000) }));
                break;
        }
    }

    void Execute(string sql)
    {
        if (File.Exists(_scene.Db))
        {
            StoreRows.Execute(_scene.Db, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, _random.Next(20)));
        }
    }

    static string Text(BudgetStatus status) =>
        $"{status.Budget.Name} {status.Instance} {status.Bounds} {status.IsBefore} {status.Used} {status.Events} {status.UnpricedEvents} {status.UnmeasuredEvents} {status.Estimated} {status.Forecast}";
}
