using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Faults;
using TokenGovernance.Logging;

namespace TokenGovernance.Tests.Proof;

/// <summary>The first collection into a store that does not exist: killed, stopped, and with others at the same time.</summary>
[Trait("Category", "Slow")]
public sealed partial class FirstFillProofTests : IDisposable
{
    const int Sessions = 12, AnswersPerSession = 40;

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData(FailPoint.FillAfterAppend, false)]
    [InlineData(FailPoint.MigrationBeforeCommit, false)]
    [InlineData(FailPoint.StoreBeforeRename, false)]
    [InlineData(FailPoint.StoreAfterRename, true)]
    public void KilledAtAnyMomentThereIsNoStoreOrAWholeOneAndTheNextRunRemovesWhatIsLeft(string place, bool isThere)
    {
        WriteHome();
        var deaths = FailPointTests.DieEachTime(place, time =>
        {
            File.Delete(_scene.Db);
            var died = FailPointTests.Died(FailPointTests.Run($"{place}:{time}", Collect));
            if (died)
            {
                File.Exists(_scene.Db).Should().Be(isThere);
                Left().Should().NotBeEmpty("nobody could clean up");
                if (isThere)
                {
                    ShouldHoldAll();
                }
            }

            Added(Cli.Run(Collect)).Should().Be(died && !isThere ? Sessions * AnswersPerSession : 0);
            ShouldHoldAll();
            Left().Should().BeEmpty();

            return died;
        });

        deaths.Should().BeGreaterThanOrEqualTo(1);
    }

    [Fact]
    public async Task OfSeveralAtOnceEachResponseIsReportedByOne()
    {
        WriteHome();
        for (var round = 0; round < 3; round++)
        {
            File.Delete(_scene.Db);
            var reports = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Cli.Run(Collect))));

            reports.Should().OnlyContain(report => report.ExitCode == 0 && report.Error == "");
            reports.Sum(Added).Should().Be(Sessions * AnswersPerSession);
            ShouldHoldAll();
            Left().Should().BeEmpty();
        }
    }

    [Fact]
    public void WhoIsSlowerCollectsIntoTheStoreOfTheOtherAndReportsThat()
    {
        WriteHome();
        var isFirst = true;

        var result = Run(_ =>
        {
            if (isFirst)
            {
                isFirst = false;
                _scene.Collect().Stored.Added.Should().Be(Sessions * AnswersPerSession);
                _scene.Home.Append("s0.jsonl", Some.Answer("late", "23:59"));
            }
        });

        (result.Stored.Added, result.Stored.Known).Should().Be((1, 0));
        _scene.Events.Should().HaveCount((Sessions * AnswersPerSession) + 1);
        Left().Should().BeEmpty();
    }

    [Fact]
    public void AnEmptyStoreThatAppearsMeanwhileIsFilled()
    {
        WriteHome();

        var result = Run(_ => Cli.Run("init", "--db", _scene.Db).ExitCode.Should().Be(0));

        result.Stored.Added.Should().Be(Sessions * AnswersPerSession);
        ShouldHoldAll();
    }

    [Fact]
    public void StoppedItHasStoredWhatItSaysAndTheNextRunTheRest()
    {
        // A single source is read by the thread that stores: so it is the next batch that is not read.
        const int answers = 2_500;
        var writer = new TranscriptWriter();
        _scene.Home.Log("s1.jsonl", [.. Enumerable.Range(0, answers).Select(_ => writer.Answer())]);
        using var stop = new CancellationTokenSource();

        var result = Run(progress => StopAtAnEvent(progress, stop), stop.Token);

        result.Stored.Added.Should().BePositive().And.BeLessThan(answers);
        _scene.Events.Should().HaveCount((int)result.Stored.Added);
        Left().Should().BeEmpty();
        _scene.Collect().Stored.Added.Should().Be(answers - result.Stored.Added);
        _scene.Events.Should().HaveCount(answers);
    }

    [Theory]
    [InlineData(DaemonProcess.Interrupt)]
    [InlineData(DaemonProcess.Terminate)]
    public async Task ADaemonThatIsStoppedInItsFirstPassHasStoredWhatItSays(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        WriteHome();
        using var daemon = await DaemonProcess.StartAsync(_scene);

        daemon.Signal(signal);
        var (exitCode, said) = await daemon.EndAsync();

        exitCode.Should().Be(0);
        var told = said.Select(line => NewEvents().Match(line)).Where(match => match.Success)
            .Sum(match => int.Parse(match.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
        (File.Exists(_scene.Db) ? _scene.Events.Count : 0).Should().Be(told, string.Join('\n', said));
        Left().Should().BeEmpty();
    }

    [Fact]
    public async Task ADaemonThatIsSlowerCollectsIntoTheStoreOfTheOtherAndReportsThat()
    {
        WriteHome();
        using var daemonLock = DaemonLock.Take(_scene.Db);
        using var stop = new CancellationTokenSource();
        var passes = new PassesUntil(stop);
        var said = new StringWriter();
        var log = new CollectLog(new LogWriter(said, new LogStyle(false, false, LogLevel.Info), TimeProvider.System));
        await using var tasks = new PassTasks([passes], log, TimeProvider.System);
        var isFirst = true;

        await new DaemonLoop(Plan(), daemonLock, tasks, log, TimeProvider.System).RunAsync(
            _ =>
            {
                if (isFirst)
                {
                    isFirst = false;
                    _scene.Collect().Stored.Added.Should().Be(Sessions * AnswersPerSession);
                    _scene.Home.Append("s0.jsonl", Some.Answer("late", "23:59"));
                }
            },
            stop.Token);

        passes.Done.Should().ContainSingle().Which.Stored.Added.Should().Be(1);
        said.ToString().Should().Contain("1 new event,").And.NotContain("error");
        _scene.Events.Should().HaveCount((Sessions * AnswersPerSession) + 1);
        Left().Should().BeEmpty();
    }

    [Fact]
    public async Task ADaemonGoesOnInTheStoreThatItFilled()
    {
        WriteHome();
        using var daemon = await DaemonProcess.StartAsync(_scene);
        await daemon.SaysAsync($"{Sessions * AnswersPerSession} new events,");
        ShouldHoldAll();

        _scene.Home.Append("s0.jsonl", Some.Answer("late", "23:59"));
        await daemon.SaysAsync("1 new event,");

        _scene.Events.Should().HaveCount((Sessions * AnswersPerSession) + 1);
        await daemon.KillAsync();
        _scene.Collect().Stored.Added.Should().Be(0, "what it said is stored, also when it is killed");
    }

    string[] Collect => ["collect", "--once", "--no-status", "--json", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db];

    PassResult Run(Action<PassProgress> progress, CancellationToken stop = default)
    {
        var log = new CollectLog(new LogWriter(TextWriter.Null, new LogStyle(false, false, LogLevel.Error), TimeProvider.System));
        var tasks = new PassTasks([], log, TimeProvider.System);

        return OneShot.RunAsync(Plan(), tasks, done: null, upgrading: null, progress, stop).GetAwaiter().GetResult();
    }

    CollectPlan Plan() => new(_scene.Db, new Homes([_scene.Home.Path]), Status: null, Rescan: false, TimeSpan.FromHours(1));

    static void StopAtAnEvent(PassProgress progress, CancellationTokenSource stop)
    {
        if (progress.Events > 0)
        {
            stop.Cancel();
        }
    }

    void WriteHome()
    {
        for (var session = 0; session < Sessions; session++)
        {
            _scene.Home.Log($"s{session}.jsonl",
            [
                Some.Header($"s{session}"),
                .. Enumerable.Range(0, AnswersPerSession).Select(i => Some.Answer(string.Create(CultureInfo.InvariantCulture, $"a{session}-{i}"), $"{10 + session}:{i:00}")),
            ]);
        }
    }

    void ShouldHoldAll()
    {
        _scene.Events.Select(row => row.Text("entry_id")).Should().OnlyHaveUniqueItems().And.HaveCount(Sessions * AnswersPerSession);
        StoreRows.Query(_scene.Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    /// <summary>What is beside the store and belongs to one that is being made.</summary>
    string[] Left() => Directory.GetFiles(_scene.Folder.Path, "usage.db.*.new*");

    static int Added(CliResult result)
    {
        result.ExitCode.Should().Be(0, result.Error);

        return JsonDocument.Parse(result.Output).RootElement.GetProperty("events_added").GetInt32();
    }

    /// <summary>Stops a daemon after its first pass.</summary>
    sealed class PassesUntil(CancellationTokenSource stop) : IPassTask
    {
        public string Name => "stopping";

        public List<PassResult> Done { get; } = [];

        public void AfterPass(PassDone pass)
        {
            Done.Add(pass.Result);
            stop.Cancel();
        }
    }

    [GeneratedRegex(@"([\d,]+) new events?,")]
    private static partial Regex NewEvents();
}
