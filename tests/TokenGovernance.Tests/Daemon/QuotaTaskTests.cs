using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Logging;
using TokenGovernance.Sources.OpenClaw.Status;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Sources.OpenClaw.Status;
using TokenGovernance.Tests.Storage;

namespace TokenGovernance.Tests.Daemon;

public sealed class QuotaTaskTests : IDisposable
{
    readonly StatusFolder _folder = new();
    readonly FakeTimeProvider _clock = new();
    readonly StringWriter _log = new();
    readonly UsageStore _store;
    QuotaTask? _task;
    Func<CancellationToken, Task<IReadOnlyList<StatusReading>>> _answer;
    TimeSpan _took = TimeSpan.FromSeconds(1);
    int _readings;

    public QuotaTaskTests()
    {
        _store = UsageStore.Open(_folder["usage.db"]);
        _answer = _ => Task.FromResult<IReadOnlyList<StatusReading>>([Good()]);
    }

    public void Dispose()
    {
        _task?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _store.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task TheFirstReadingIsTakenAtOnceAndThenOneEverySoManyPasses()
    {
        Start(everyPasses: 5, keepUnchanged: TimeSpan.Zero);
        var readAt = new List<int>();
        for (var pass = 1; pass <= 16; pass++)
        {
            var before = _readings;
            await PassAsync(TimeSpan.FromMinutes(1));
            if (_readings > before)
            {
                readAt.Add(pass);
            }
        }

        readAt.Should().Equal(1, 6, 11, 16);
        SnapshotRows.Count(_store.Path).Should().Be(4);
        _log.ToString().Should().Contain("quota readings work").And.NotContain("ten times");
    }

    [Fact]
    public async Task PassesGoOnWhileAReadingTakesLongAndNoSecondOneIsStarted()
    {
        var answer = new TaskCompletionSource<IReadOnlyList<StatusReading>>();
        _answer = _ => answer.Task;
        var task = Start(everyPasses: 1);

        for (var pass = 0; pass < 100; pass++)
        {
            task.BeforePass();
            task.AfterPass(Done());
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        SnapshotRows.Count(_store.Path).Should().Be(0);
        var reading = task.Reading!;
        answer.SetResult([Good()]);
        await reading;
        task.AfterPass(Done());

        SnapshotRows.Count(_store.Path).Should().Be(1);
        _readings.Should().Be(1);
    }

    [Fact]
    public async Task AfterASlowReadingTheNextWaitsTenTimesAsLongAndTheLogSaysSoOnce()
    {
        _took = TimeSpan.FromSeconds(6.5);
        Start(everyPasses: 1);
        await PassAsync(TimeSpan.Zero);

        for (var second = 1; second < 65; second++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        _readings.Should().Be(1);
        await PassAsync(TimeSpan.FromSeconds(1));
        _readings.Should().Be(2);
        for (var second = 1; second < 65; second++)
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        _readings.Should().Be(2);
        _log.ToString().Split('\n').Where(line => line.Contains("ten times", StringComparison.Ordinal)).Should().ContainSingle()
            .Which.Should().Contain("a quota reading took 6.5 s");
    }

    [Fact]
    public async Task AMissingProgramIsSaidOnceAndLookedForLessAndLessOften()
    {
        _answer = _ => Task.FromResult<IReadOnlyList<StatusReading>>([StatusReading.Missing("there is no openclaw on PATH")]);
        Start(everyPasses: 1000);
        var readAt = new List<int>();
        for (var minute = 0; minute <= 250; minute++)
        {
            var before = _readings;
            await PassAsync(minute == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1));
            if (_readings > before)
            {
                readAt.Add(minute);
            }
        }

        readAt.Should().Equal(0, 1, 3, 7, 15, 31, 63, 123, 183, 243);
        SnapshotRows.Count(_store.Path).Should().Be(0);
        _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().ContainSingle()
            .Which.Should().Contain("warning: no quota snapshots: there is no openclaw on PATH. Name it with --openclaw-bin");
    }

    [Fact]
    public async Task AProgramThatAppearsIsFoundAndSaid()
    {
        var good = _answer;
        _took = TimeSpan.Zero;
        _answer = _ => Task.FromResult<IReadOnlyList<StatusReading>>([StatusReading.Missing("there is no openclaw on PATH")]);
        Start(everyPasses: 1);
        await PassAsync(TimeSpan.Zero);
        _answer = good;

        await PassAsync(TimeSpan.FromMinutes(1));

        SnapshotRows.Count(_store.Path).Should().Be(1);
        _log.ToString().Should().Contain("quota readings work");
    }

    [Fact]
    public async Task AFailureIsStoredAndToldOnceWhileItLasts()
    {
        var good = _answer;
        _took = TimeSpan.Zero;
        _answer = _ => Task.FromResult<IReadOnlyList<StatusReading>>([StatusText.FailedReading(Blank(), "no answer within 90 s") with { Hint = "oops" }]);
        Start(everyPasses: 1);
        for (var minute = 0; minute < 20; minute++)
        {
            await PassAsync(TimeSpan.FromMinutes(1));
        }

        _answer = good;
        await PassAsync(TimeSpan.FromMinutes(1));

        _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries).Should().SatisfyRespectively(
            line => line.Should().EndWith("warning: the quota reading failed: no answer within 90 s (openclaw said: oops)"),
            line => line.Should().EndWith("quota readings work"));
        SnapshotRows.Query(_store.Path, "SELECT kind, error FROM provider_usage_snapshots ORDER BY id").Should().Equal(
            "error | no answer within 90 s", "error | no answer within 90 s", "window | -");
    }

    [Fact]
    public async Task AReadingThatCannotBeStoredIsKeptUntilItCan()
    {
        var task = Start(everyPasses: 1);
        task.BeforePass();
        await task.Reading!;
        _store.Connection.Execute("PRAGMA query_only = 1");

        task.Invoking(t => t.AfterPass(Done())).Should().Throw<UserFacingException>();
        task.BeforePass();
        task.Reading.Should().BeNull();
        _store.Connection.Execute("PRAGMA query_only = 0");
        task.AfterPass(Done());

        SnapshotRows.Count(_store.Path).Should().Be(1);
    }

    [Fact]
    public async Task EndingEndsTheReadingUnderWay()
    {
        var ended = false;
        _answer = async stop =>
        {
            await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ended = true;
            stop.ThrowIfCancellationRequested();

            return [];
        };
        var task = Start(everyPasses: 1);
        task.BeforePass();

        await task.DisposeAsync();
        _task = null;

        ended.Should().BeTrue();
        task.Reading!.IsCompleted.Should().BeTrue();
    }

    StatusReading Good() => new([Blank() with { Provider = "zai", WindowLabel = "5h", UsedPercent = 10 }]);

    PassDone Done() => new(_store, new PassResult { Stored = new AppendResult() }, IsLast: false);

    QuotaSnapshot Blank() => new() { TakenMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(), Home = "/h" };

    QuotaTask Start(int everyPasses, TimeSpan? keepUnchanged = null)
    {
        var plan = new StatusPlan
        {
            DefaultHome = "/h",
            EveryPasses = everyPasses,
            KeepUnchanged = keepUnchanged ?? TimeSpan.FromMinutes(15),
        };

        return _task = new QuotaTask(plan, ReadAsync, new QuotaLog(new CollectLog(new LogWriter(_log, new LogStyle(false, false, LogLevel.Info), _clock))), _clock);
    }

    async Task<IReadOnlyList<StatusReading>> ReadAsync(CancellationToken stop)
    {
        Interlocked.Increment(ref _readings);
        var readings = await _answer(stop);
        _clock.Advance(_took);

        return readings;
    }

    async Task PassAsync(TimeSpan afterPause)
    {
        _clock.Advance(afterPause);
        _task!.BeforePass();
        await (_task.Reading ?? Task.CompletedTask);
        _task.AfterPass(Done());
    }
}
