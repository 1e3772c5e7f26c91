using System.Globalization;
using System.Text.Json;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What happens to a daemon in a long life, by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class DaemonLifeTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ASecondDaemonOnTheSameStoreSaysSoAndEndsWithOne()
    {
        using var first = await DaemonProcess.StartAsync(_scene);

        using var second = DaemonProcess.Start(_scene, []);
        var (exitCode, said) = await second.EndAsync();

        exitCode.Should().Be(1);
        said.Should().ContainSingle().Which.Should().StartWith("error: Another daemon collects into").And.Contain(_scene.Db);
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        await first.SaysAsync("1 new event,");
    }

    [Fact]
    public async Task ALockThatAKilledDaemonLeftDoesNotBlockTheNext()
    {
        using var killed = await DaemonProcess.StartAsync(_scene);
        await killed.KillAsync();
        File.Exists(_scene.Db + ".lock").Should().BeTrue("it is the operating system that frees a lock, not its removal");
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));

        using var next = await DaemonProcess.StartAsync(_scene);

        await next.SaysAsync("1 new event,");
    }

    [Fact]
    public async Task AOneShotBesideADaemonCollectsAndBothCountOnce()
    {
        using var daemon = await DaemonProcess.StartAsync(_scene, "--interval-sec", "3600");
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));

        var oneShot = Cli.Run("collect", "--once", "--no-status", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path);

        oneShot.ExitCode.Should().Be(0);
        oneShot.Error.Should().BeEmpty();
        _scene.Events.Should().HaveCount(1);
    }

    [Theory]
    [InlineData(DaemonProcess.Interrupt)]
    [InlineData(DaemonProcess.Terminate)]
    public async Task ASignalEndsItInOrderWithZero(int signal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = await DaemonProcess.StartAsync(_scene, "--interval-sec", "3600");

        daemon.Signal(signal);
        var (exitCode, said) = await daemon.EndAsync();

        exitCode.Should().Be(0);
        said[^1].Should().EndWith(" stopped");
    }

    [Fact]
    public async Task ASecondSignalEndsItAtOnceWhateverItIsDoing()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // So much to complain about that it waits for a reader of its complaints who has gone away.
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        for (var i = 0; i < 1000; i++)
        {
            Directory.CreateDirectory(_scene.Home.FileOf(string.Create(CultureInfo.InvariantCulture, $"a-folder-that-is-named-as-a-transcript-is-{i}.jsonl")));
        }

        using var daemon = await DaemonProcess.StartAsync(_scene);
        await daemon.SaysAsync("1 new event,");

        (await daemon.ExitCodeAsync(DaemonProcess.Interrupt)).Should().Be(130);
    }

    [Fact]
    public async Task TwoSignalsInOneBreathAreOneWish()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = await DaemonProcess.StartAsync(_scene);

        daemon.Signal(DaemonProcess.Terminate);
        daemon.Signal(DaemonProcess.Interrupt);

        (await daemon.EndAsync()).ExitCode.Should().Be(0, "`timeout` sends a signal to the program and to its group");
    }

    [Fact]
    public async Task AHangUpIsIgnored()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = await DaemonProcess.StartAsync(_scene);

        daemon.Signal(DaemonProcess.HangUp);
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));

        await daemon.SaysAsync("1 new event,");
        daemon.Signal(DaemonProcess.Terminate);
        (await daemon.EndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task AHomeThatAppearsLaterIsCollected()
    {
        Directory.Delete(_scene.Home.Path, recursive: true);
        using var daemon = await DaemonProcess.StartAsync(_scene);
        (await daemon.SaysAsync("cannot read")).Should().Contain($"{_scene.Home.Path}: there is no such folder");

        new TestHome(_scene.Home.Path).Log("s1.jsonl", Some.Answer("a1"));

        await daemon.SaysAsync("1 new event,");
    }

    [Fact]
    public async Task AStoreThatIsDeletedUnderItIsNoticedAndFilledAgain()
    {
        if (OperatingSystem.IsWindows())
        {
            return; // There a file that is open cannot be deleted.
        }

        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene);
        await daemon.SaysAsync("1 new event,");

        File.Delete(_scene.Db);

        await daemon.SaysAsync("was deleted while the daemon ran");
        await daemon.SaysAsync("1 new event,");
        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    /// <summary>As when its disk is unmounted: nothing is there, or the empty folder that it was mounted on.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AStoreWhoseFolderIsGoneIsWaitedForAndNoNewOneIsMade(bool isOtherFolder)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var (folder, aside) = (_scene.Folder["disk"], _scene.Folder["aside"]);
        var db = Path.Combine(folder, "usage.db");
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        using var daemon = new RunningDaemon(db, _scene.Home.Path);
        await daemon.WaitForAsync("1 new event,");

        Directory.Move(folder, aside);
        if (isOtherFolder)
        {
            Directory.CreateDirectory(folder);
        }

        await daemon.WaitForAsync("Waiting until the store is back");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        if (isOtherFolder)
        {
            Directory.GetFileSystemEntries(folder).Should().BeEmpty();
            Directory.Delete(folder);
        }
        else
        {
            Directory.Exists(folder).Should().BeFalse();
        }

        Directory.Move(aside, folder);
        await daemon.WaitForAsync("1 new event,");
        StoreRows.Events(db).Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
        await daemon.StopAsync("TERM");
        daemon.Lines.Count(line => line.Contains("Waiting until", StringComparison.Ordinal)).Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ALockThatIsDeletedUnderItIsTakenAnewAndNoSecondDaemonComesIn(bool storeToo)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = await DaemonProcess.StartAsync(_scene);
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        await daemon.SaysAsync("1 new event,");

        File.Delete(_scene.Db + ".lock");
        if (storeToo)
        {
            File.Delete(_scene.Db);
        }

        await daemon.SaysAsync(storeToo ? "was deleted while the daemon ran" : "taking it anew");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        do
        {
            // Into a new store the first comes once more, before the second or with it.
            await daemon.SaysAsync("new event");
        }
        while (_scene.Events.Count < 2);

        using var second = DaemonProcess.Start(_scene, []);
        (await second.EndAsync()).ExitCode.Should().Be(1);
        _scene.Events.Should().HaveCount(2);
    }

    [Fact]
    public async Task AStoreThatIsReplacedByABackupIsNoticedAndGetsWhatItLacks()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();
        var backup = _scene.Folder["backup.db"];
        File.Copy(_scene.Db, backup);
        using var daemon = await DaemonProcess.StartAsync(_scene);
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        await daemon.SaysAsync("1 new event,");
        _scene.Home.Append("s1.jsonl", Some.Answer("a3", "10:07"));
        await daemon.SaysAsync("1 new event,");

        // The write-ahead log of the old file still lies beside the new one. It must not be taken for the new one's.
        File.Move(backup, _scene.Db, overwrite: true);

        await daemon.SaysAsync("was replaced while the daemon ran");
        await daemon.SaysAsync("2 new events,");
        _scene.Events.Should().HaveCount(3);
        StoreRows.Query(_scene.Db, "PRAGMA integrity_check").Should().ContainSingle().Which["integrity_check"].Should().Be("ok");
    }

    [Fact]
    public async Task JsonLogLinesAreObjectsWithTheDocumentedFields()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene, "--log-format", "json");
        var line = await daemon.SaysAsync("1 new event,");

        using var news = JsonDocument.Parse(line);
        news.RootElement.EnumerateObject().Select(field => field.Name).Should().Equal(
            "ts", "level", "message", "events_added", "events_known", "events_enriched", "sources_read", "bytes_read", "bad_lines", "milliseconds");
        news.RootElement.GetProperty("ts").GetString().Should().MatchRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$");
        news.RootElement.GetProperty("level").GetString().Should().Be("info");
        news.RootElement.GetProperty("events_added").GetInt64().Should().Be(1);

        Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl"));
        using var warning = JsonDocument.Parse(await daemon.SaysAsync("cannot read"));
        warning.RootElement.GetProperty("level").GetString().Should().Be("warning");
        warning.RootElement.GetProperty("message").GetString().Should().EndWith("x.jsonl: it is a folder, not a file");
    }

    [Fact]
    public async Task AQuietOneSaysWarningsOnly()
    {
        using var daemon = DaemonProcess.Start(_scene, [], "--quiet");
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl"));

        await daemon.SaysAsync("warning: cannot read");
        await daemon.KillAsync();

        (await daemon.EndAsync()).Said.Should().OnlyContain(line => line.Contains(" warning: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AVerboseOneSaysEveryPass()
    {
        using var daemon = await DaemonProcess.StartAsync(_scene, "--verbose");

        await daemon.SaysAsync("nothing new");
        await daemon.SaysAsync("nothing new");
    }

    [Fact]
    public async Task ThereIsNoColourWhereNobodyLooks()
    {
        Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl"));
        using var daemon = await DaemonProcess.StartAsync(_scene);

        (await daemon.SaysAsync("warning: ")).Should().NotContain("\e");
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("1", false)]
    public async Task OnATerminalWarningsAreInColourUnlessNoColorIsSet(string noColor, bool isColoured)
    {
        if (!OperatingSystem.IsLinux())
        {
            return; // Elsewhere `script` takes other options.
        }

        Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl"));
        var environment = new Dictionary<string, string?> { ["NO_COLOR"] = noColor, ["TERM"] = "xterm" };

        var seen = await Terminal.RunAsync(
            environment, "collect", "--once", "--no-status", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path);

        seen.Should().Contain(isColoured ? "\e[33mwarning:\e[0m cannot read" : " warning: cannot read");
    }
}
