using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Budgets.Passes;
using TokenGovernance.Collection;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Logging;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>When the daemon looks at limits, and that it never waits: passes, store and web server are real, the seconds are not.</summary>
public sealed class BudgetTaskTests : IAsyncDisposable
{
    readonly BudgetScene _scene = new() { Config = Budget("5 USD") };
    readonly FakeTimeProvider _seconds = new(new DateTimeOffset(2026, 11, 18, 11, 0, 0, TimeSpan.Zero));
    readonly StringWriter _log = new();
    readonly List<AlertRound> _rounds = [];
    UsageStore _store;
    BudgetTask? _task;

    public BudgetTaskTests() => _store = UsageStore.Open(_scene.Db, _scene.Clock);

    public async ValueTask DisposeAsync()
    {
        await (_task?.DisposeAsync() ?? ValueTask.CompletedTask);
        _store.Dispose();
        _scene.Dispose();
        await _log.DisposeAsync();
    }

    string Said => _log.ToString();

    [Fact]
    public async Task ItLooksAfterTheFirstPassThenAtNewsEveryTenSecondsAndElseEveryMinute()
    {
        Start();
        var looks = new List<int>();
        for (var second = 0; second <= 200; second++)
        {
            if (await PassAsync(isNews: second is 12 or 15 or 16))
            {
                looks.Add(second);
            }

            _seconds.Advance(TimeSpan.FromSeconds(1));
        }

        looks.Should().Equal(0, 12, 22, 82, 142);
    }

    [Fact]
    public async Task WithoutLimitsItReadsNothingAndAsksForNoCall()
    {
        _scene.Config = "";
        var task = Start();
        for (var second = 0; second < 100; second++)
        {
            (await PassAsync(isNews: true)).Should().BeFalse();
            _seconds.Advance(TimeSpan.FromSeconds(1));
        }

        (task.Running, task.Rest).Should().Be((null, null));
        _rounds.Should().BeEmpty();
        Said.Should().BeEmpty();
    }

    [Fact]
    public async Task ALookThatFindsNothingToStoreStoresNothing()
    {
        _scene.Config = Budget("5 USD").Replace("[[budget]]", "[runaway]\n[[budget]]\nwarn = [50]", StringComparison.Ordinal);
        _scene.Spend(3);
        Start();
        await PassAsync();
        var round = _rounds[0];

        round.Look(_store).Should().BeNull("nothing happened");
        _scene.Spend(1);
        round.Look(_store).Should().BeNull("no further threshold is reached");
        _scene.Spend(1);
        round.Look(_store).Should().NotBeNull();
        round.Look(_store).Should().BeNull("the store did not change; who has the view keeps it until it is stored");
        _scene.Clock.Advance(TimeSpan.FromMinutes(15));
        round.Look(_store).Should().NotBeNull("with a quarter of an hour periods end");
    }

    [Fact]
    public async Task ItSaysHowLongItCanDoWithoutACall()
    {
        var task = Start();
        task.Rest.Should().BeNull("it knows nothing yet");
        await PassAsync();

        task.Rest.Should().Be(TimeSpan.FromMinutes(1));
        task.AfterPass(Done(isNews: true));
        _seconds.Advance(TimeSpan.FromSeconds(4));
        task.Rest.Should().Be(TimeSpan.FromSeconds(6));
        _seconds.Advance(TimeSpan.FromSeconds(6));
        task.BetweenPasses(_store);
        task.Rest.Should().BeNull("it looks, and its end is waited for");
        task.Running.Should().NotBeNull();
    }

    [Fact]
    public async Task WhatCannotBeStoredIsKeptUntilItCan()
    {
        _scene.Spend(6);
        var task = Start();
        task.AfterPass(Done());
        await task.Running!;
        _store.Connection.Execute("PRAGMA query_only = 1");
        task.Invoking(t => t.BetweenPasses(_store)).Should().Throw<UserFacingException>();
        _store.Connection.Execute("PRAGMA query_only = 0");
        task.BetweenPasses(_store);
        await task.Running!;

        _store.Connection.Execute("PRAGMA query_only = 1");
        task.Invoking(t => t.BetweenPasses(_store)).Should().Throw<UserFacingException>();
        task.Running.Should().BeNull();
        _store.Connection.Execute("PRAGMA query_only = 0");
        task.BetweenPasses(_store);

        _scene.Receiver.Texts.Should().Equal("b: $6.00 of $5.00 used today (120 %).");
        Said.Should().Contain("told hook: alert 1");
        StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries WHERE delivered_ts IS NULL").Should().BeEmpty();
    }

    [Fact]
    public async Task AStoreThatIsLockedCostsNoMessage()
    {
        _scene.Spend(6);
        _store.Dispose();
        _store = UsageStore.OpenInFolder(_scene.Db, _scene.Clock);
        var task = Start();
        task.AfterPass(Done());
        await task.Running!;
        using (var other = UsageStore.Open(_scene.Db))
        {
            other.Connection.Execute("BEGIN IMMEDIATE");
            task.Invoking(t => t.BetweenPasses(_store)).Should().Throw<UserFacingException>();
            other.Connection.Execute("ROLLBACK");
        }

        await PassAsync();

        _scene.Receiver.Texts.Should().ContainSingle();
    }

    [Fact]
    public async Task AMessageIsTriedAgainByTheClockWithoutAnyPass()
    {
        _scene.Receiver.Status = 500;
        _scene.Spend(6);
        var task = Start();
        await PassAsync();
        Said.Should().Contain("warning: alert 1 was not delivered to hook: the webhook answered 500; it is tried again");

        _scene.Receiver.Status = 200;
        _seconds.Advance(task.Rest!.Value);
        _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        await BetweenAsync();

        _scene.Receiver.All.Should().HaveCount(2);
        Said.Should().Contain("told hook: alert 1");
    }

    [Fact]
    public async Task ADestinationThatDoesNotWorkIsSaidOnce()
    {
        _scene.Config = _scene.Config.Replace("[[budget]]", "[[budget]]\neach = 'agent'", StringComparison.Ordinal);
        _scene.Receiver.Status = 500;
        Start();
        for (var agent = 0; agent < 5; agent++)
        {
            _scene.Spend(6, $"agent-{agent}");
            await PassAsync(isNews: true);
            _seconds.Advance(TimeSpan.FromSeconds(10));
        }

        Said.Split('\n').Count(line => line.Contains("was not delivered", StringComparison.Ordinal)).Should().Be(1);
    }

    [Fact]
    public async Task AChangedFileIsFollowedOnceItIsLeftAlone()
    {
        _scene.Spend(4);
        Start();
        await PassAsync();

        _scene.Config = Budget("3 USD");
        _seconds.Advance(TimeSpan.FromSeconds(10));
        Write(age: TimeSpan.FromSeconds(1));
        await PassAsync();
        _scene.Receiver.All.Should().BeEmpty("who writes it may not be done");
        Write(age: TimeSpan.FromSeconds(3));
        await PassAfterAsync(TimeSpan.FromSeconds(10));

        _scene.Receiver.Texts.Should().Equal("b: $4.00 of $3.00 used today (133 %).");
        Said.Split('\n').Count(line => line.Contains("watching 1 budget", StringComparison.Ordinal)).Should().Be(2);
    }

    [Fact]
    public async Task ABrokenFileIsSaidOnceAndTheOldLimitsStay()
    {
        Start();
        await PassAsync();
        _scene.Config = "[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '-5 USD'\n";
        Write(age: TimeSpan.FromSeconds(10));
        for (var minute = 0; minute < 5; minute++)
        {
            await PassAfterAsync(TimeSpan.FromMinutes(1));
        }

        _scene.Spend(6);
        await PassAfterAsync(TimeSpan.FromMinutes(1));

        Said.Split('\n').Where(line => line.Contains("limits stay", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("config.toml:5").And.Contain("limit");
        _scene.Receiver.Texts.Should().Equal("b: $6.00 of $5.00 used today (120 %).");
    }

    [Fact]
    public async Task AFirstLimitMayComeWhileItRuns()
    {
        _scene.Config = "";
        _scene.Spend(6);
        Start();
        await PassAsync();

        _scene.Config = Budget("5 USD");
        Write(age: TimeSpan.FromSeconds(10));
        await PassAfterAsync(TimeSpan.FromSeconds(10));

        _scene.Receiver.Texts.Should().ContainSingle();
    }

    [Fact]
    public async Task AStoreThatIsAnotherOneIsLookedAtAnew()
    {
        _scene.Spend(6);
        Start();
        await PassAsync();
        _store.Dispose();
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_scene.Db)!, "usage.db*"))
        {
            File.Delete(file);
        }

        _store = UsageStore.Open(_scene.Db, _scene.Clock);
        _scene.Spend(7);
        await PassAsync();

        _scene.Receiver.Texts.Should().Equal("b: $6.00 of $5.00 used today (120 %).", "b: $7.00 of $5.00 used today (140 %).");
    }

    static string Budget(string limit) =>
        $"[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '{limit}'\nnotify = ['hook']\n[notify.hook]\nwebhook = 'HOOK'\n";

    BudgetTask Start()
    {
        var log = new AlertLog(new CollectLog(new LogWriter(_log, new LogStyle(false, false, LogLevel.Info), _seconds)));
        var settings = new SettingsWatch(_scene.Folder["config.toml"], isNamed: true, _scene.ReadSettings(), _seconds);

        return _task = new BudgetTask(settings, Open, log, _seconds);

        AlertRound Open(Settings now)
        {
            _rounds.Add(new AlertRound(now, openClawBin: null, _scene.Db, _scene.Clock, pauseFactor: 0));

            return _rounds[^1];
        }
    }

    void Write(TimeSpan age)
    {
        _scene.WriteSettings();
        File.SetLastWriteTimeUtc(_scene.Folder["config.toml"], (_seconds.GetUtcNow() - age).UtcDateTime);
    }

    Task<bool> PassAfterAsync(TimeSpan pause)
    {
        _seconds.Advance(pause);

        return PassAsync();
    }

    /// <summary>A pass, and all that follows from it. True if that was a look.</summary>
    async Task<bool> PassAsync(bool isNews = false)
    {
        _task!.AfterPass(Done(isNews));

        return await BetweenAsync(call: false);
    }

    async Task<bool> BetweenAsync(bool call = true)
    {
        if (call)
        {
            _task!.BetweenPasses(_store);
        }

        var looked = _task!.Running is not null;
        while (_task.Running is { } running)
        {
            await running;
            _task.BetweenPasses(_store);
        }

        return looked;
    }

    PassDone Done(bool isNews = false)
    {
        var stored = new AppendResult();
        if (isNews)
        {
            stored.Enriched = 1;
        }

        return new PassDone(_store, new PassResult { Stored = stored }, IsLast: false);
    }
}
