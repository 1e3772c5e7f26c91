using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Logging;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Daemon;

/// <summary>A task around the passes that fails is said once and tried again, and harms nobody else.</summary>
public sealed class PassTasksTests : IAsyncDisposable
{
    readonly TempFolder _folder = new();
    readonly FakeTimeProvider _clock = new();
    readonly StringWriter _log = new();
    readonly UsageStore _store;
    readonly FakeTask _first = new("the first"), _second = new("the second");
    readonly PassTasks _tasks;

    public PassTasksTests()
    {
        _store = UsageStore.Open(_folder["usage.db"]);
        var log = new CollectLog(new LogWriter(_log, new LogStyle(false, false, LogLevel.Info), _clock));
        _tasks = new PassTasks([_first, _second], log, _clock);
    }

    string[] Said => _log.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public async ValueTask DisposeAsync()
    {
        await _tasks.DisposeAsync();
        _store.Dispose();
        await _log.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void EachTaskIsTakenBeforeAndAfterEachPassAndGetsWhatThePassChanged()
    {
        Pass();
        Pass(added: 1);

        _first.Calls.Should().Equal("before", "after False", "before", "after True");
        _second.Calls.Should().Equal(_first.Calls);
        _log.ToString().Should().BeEmpty();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ATaskThatFailsIsSaidOnceAndDoesNotStopTheOthers(bool isExpected)
    {
        _first.Failure = isExpected ? new UserFacingException("no room") : new InvalidOperationException("what?");
        for (var pass = 0; pass < 100; pass++)
        {
            Pass();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        _second.Calls.Should().HaveCount(200);
        Said.Should().ContainSingle().Which.Should().EndWith(
            $"warning: the first failed and is tried again later: {(isExpected ? "no room" : "internal error (InvalidOperationException: what?)")}");
    }

    [Fact]
    public void ItIsTriedLessAndLessOftenAndSaysWhenItWorksAgain()
    {
        _first.Failure = new IOException("no");
        var tried = new List<int>();
        for (var second = 0; second <= 1200; second++)
        {
            var before = _first.Calls.Count(call => call != "before");
            Pass();
            if (_first.Calls.Count(call => call != "before") > before)
            {
                tried.Add(second);
            }

            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        tried.Should().Equal(0, 5, 15, 35, 75, 155, 315, 615, 915);
        _first.Failure = null;
        _clock.Advance(TimeSpan.FromMinutes(5));
        Pass();
        Said[^1].Should().EndWith("no longer a problem: the first");
        _tasks.AnyFailed.Should().BeFalse();
        Pass();
        Said.Should().HaveCount(2);
    }

    [Fact]
    public async Task AOneShotWaitsForWhatIsUnderWayOfEachAndKnowsThatOneFailed()
    {
        _first.Failure = new IOException("no");

        await _tasks.FinishAsync(_store, CancellationToken.None);

        _second.Calls.Should().Equal("finish");
        _tasks.AnyFailed.Should().BeTrue();
    }

    [Fact]
    public async Task APauseEndsForTheTaskWhoseWorkIsDoneOrWhosePatienceIsOverAndOnlyThatIsCalled()
    {
        var work = new TaskCompletionSource();
        _first.Running = work.Task;
        var pause = WaitAsync(60);
        work.SetResult();
        await pause;
        _first.Calls.Should().Equal("between");

        _first.Running = null;
        _second.Rest = TimeSpan.FromSeconds(20);
        pause = WaitAsync(60);
        _clock.Advance(TimeSpan.FromSeconds(20));

        (await pause).Should().Be(TimeSpan.FromSeconds(20));
        _first.Calls.Should().HaveCount(1);
        _second.Calls.Should().Equal("between");
    }

    [Fact]
    public async Task APauseThatIsStoppedCallsNobodyAndATaskThatFailedIsLeftAlone()
    {
        using var stop = new CancellationTokenSource();
        _first.Running = new TaskCompletionSource().Task;
        var pause = _tasks.WaitAsync(_store, TimeSpan.FromHours(1), until: null, stop.Token);
        await stop.CancelAsync();
        await pause;
        _first.Calls.Should().BeEmpty();

        _first.Failure = new IOException("no");
        Pass();
        _first.Running = Task.CompletedTask;
        pause = WaitAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        await pause;

        _first.Calls.Should().Equal("before", "after False");
    }

    [Fact]
    public async Task TheEndOfADaemonIsToldToEach()
    {
        _first.Failure = new IOException("no");

        await _tasks.EndAsync(_store);

        _second.Calls.Should().Equal("end");
    }

    Task<TimeSpan> WaitAsync(int seconds) => _tasks.WaitAsync(_store, TimeSpan.FromSeconds(seconds), until: null, CancellationToken.None);

    void Pass(int added = 0)
    {
        var stored = new AppendResult();
        for (var i = 0; i < added; i++)
        {
            stored.AddAdded(Some.Event());
        }

        _tasks.BeforePass();
        _tasks.AfterPass(new PassDone(_store, new PassResult { Stored = stored }, IsLast: false));
    }

    sealed class FakeTask(string name) : IPassTask
    {
        public List<string> Calls { get; } = [];

        public Exception? Failure { get; set; }

        public string Name => name;

        public Task? Running { get; set; }

        public TimeSpan? Rest { get; set; }

        public void BetweenPasses(UsageStore store) => Call("between");

        public Task EndAsync(UsageStore store)
        {
            Call("end");

            return Task.CompletedTask;
        }

        public void BeforePass() => Calls.Add("before");

        public void AfterPass(PassDone pass) => Call($"after {pass.ChangedEvents}");

        public Task FinishAsync(UsageStore store, CancellationToken stop)
        {
            Call("finish");

            return Task.CompletedTask;
        }

        void Call(string name)
        {
            Calls.Add(name);
            if (Failure is not null)
            {
                throw Failure;
            }
        }
    }
}
