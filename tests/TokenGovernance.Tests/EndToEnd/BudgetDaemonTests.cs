using System.Text.Json;
using TokenGovernance.Faults;
using TokenGovernance.Tests.Budgets;
using TokenGovernance.Tests.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The real daemon tells what is spent, does nothing else less well for it, and loses no message however it ends.</summary>
[Trait("Category", "Slow")]
public sealed class BudgetDaemonTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Receiver _receiver = new();
    readonly StatusFolder _programs = new();

    public void Dispose()
    {
        _receiver.Dispose();
        _scene.Dispose();
        _programs.Dispose();
    }

    string ConfigPath => _scene.Folder["config.toml"];

    [Fact]
    public async Task ItTellsWhatIsReachedAndACheckBesideItTellsNothingAgain()
    {
        _scene.Home.Spend(3);
        Configure(Hook, "warn = [50]");
        using var daemon = await StartAsync();
        (await daemon.SaysAsync("alert 1")).Should().EndWith("warning: alert 1: b: $3.00 of $5.00 used today (60 %, warned at 50 %).");
        await daemon.SaysAsync("told hook: alert 1");
        Check().Should().Be(0);

        _scene.Home.Spend(3);
        await daemon.SaysAsync("told hook: alert 2");
        Check().Should().Be(4);

        // Also after others came and went, what is stored is in the file that everybody reads.
        StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries WHERE delivered_ts IS NOT NULL").Should().HaveCount(2);
        _scene.Events.Should().HaveCount(2);
        _receiver.Texts.Should().Equal("b: $3.00 of $5.00 used today (60 %, warned at 50 %).", "b: $6.00 of $5.00 used today (120 %).");
    }

    [Fact]
    public async Task WithAPauseOfAnHourBetweenPassesItTellsAndNotesAllTheSame()
    {
        _scene.Home.Spend(6);
        Configure(Hook);
        using var daemon = await StartAsync("--interval-sec", "3600");

        await daemon.SaysAsync("told hook: alert 1");

        StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries WHERE delivered_ts IS NULL").Should().BeEmpty();
    }

    [Fact]
    public async Task ItIsToldNotToLook()
    {
        _scene.Home.Spend(6);
        Configure(Hook);
        using (var daemon = await StartAsync("--no-alerts"))
        {
            await daemon.SaysAsync("1 new event");
            _scene.Home.Spend(6);
            await daemon.SaysAsync("1 new event");
        }

        StoreRows.Query(_scene.Db, "SELECT * FROM budget_alerts").Should().BeEmpty();
    }

    [Fact]
    public async Task LimitsMayBeWrittenWhileItRunsAndABrokenFileChangesNothing()
    {
        _scene.Home.Spend(3);
        Configure(Hook);
        using var daemon = await StartAsync();
        await daemon.SaysAsync("watching 1 budget");

        Change("[[budget]\nname =");
        await daemon.SaysAsync("the limits stay as they were");
        _scene.Home.Spend(3);
        await daemon.SaysAsync("told hook: alert 1");
        Configure(Hook, limit: "1 USD");
        Change(File.ReadAllText(ConfigPath));

        (await daemon.SaysAsync("alert 2")).Should().EndWith("b: $6.00 of $1.00 used today (600 %).");
    }

    [Theory]
    [InlineData("head -c 1000000000 /dev/zero", "openclaw printed too much and was killed")]
    [InlineData("echo no channel >&2; exit 1", "openclaw ended with exit code 1: no channel")]
    public async Task AnOpenClawThatMisbehavesIsSaidAndHoldsUpNobody(string script, string error)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Spend(6);
        Configure(Hook + OpenClaw(script), notify: "'hook', 'me'");
        using var daemon = await StartAsync();

        (await daemon.SaysAsync("not delivered")).Should().EndWith($"alert 1 was not delivered to me: {error}; it is tried again");

        await _receiver.CameAsync(1);
        StoreRows.Query(_scene.Db, "SELECT last_error FROM alert_deliveries WHERE destination = 'me' AND next_try_ts IS NOT NULL")
            .Single().Text("last_error").Should().Be(error);
    }

    [Fact]
    public async Task WhileAnOpenClawIsSlowPassesGoOnAndOthersAreTold()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Spend(3, "main");
        FakeOpenClaw.Run("mkfifo", "", _programs["go"]);
        Configure(Hook + OpenClaw($"cat '{_programs["go"]}'"), "each = 'agent'", limit: "2 USD", notify: "'hook', 'me'");
        using var daemon = await StartAsync();
        await daemon.SaysAsync("told hook: alert 1");

        _scene.Home.Spend(4, "research");
        await daemon.SaysAsync("told hook: alert 2");
        FakeOpenClaw.Run("/bin/sh", "", "-c", $": > '{_programs["go"]}'");
        await daemon.SaysAsync("told me: alert 1");
        FakeOpenClaw.Run("/bin/sh", "", "-c", $": > '{_programs["go"]}'");
        await daemon.SaysAsync("told me: alert 2");

        _receiver.All.Should().HaveCount(2);
    }

    [Fact]
    public async Task AMessageThatIsOnItsWayIsWaitedForAtTheEnd()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Spend(6);
        Configure($"[notify.me]\nexec = ['{FakeOpenClaw.Running(_programs, $": > '{_programs["began"]}'; sleep 1")}']\n", notify: "'me'");
        using var daemon = await StartAsync();
        await AppearsAsync(_programs["began"]);
        daemon.Signal(DaemonProcess.Terminate);
        var (exitCode, said) = await daemon.EndAsync();

        exitCode.Should().Be(0);
        said.Should().Contain(line => line.EndsWith("told me: alert 1"));
        StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries WHERE delivered_ts IS NULL").Should().BeEmpty();
    }

    [Theory]
    [InlineData(FailPoint.AlertBeforeCommit, 0, false)]
    [InlineData(FailPoint.AlertBeforeSend, 0, true)]
    [InlineData(FailPoint.AlertAfterSend, 1, true)]
    public async Task WhereverItIsKilledEachMessageComesAndOneThatComesTwiceSaysSo(string place, int sentBefore, bool isRepeat)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        _scene.Home.Spend(6);
        Configure(Hook);
        using (var dying = DaemonProcess.Start(_scene, new() { [FailPoint.Variable] = place }, "--config", ConfigPath))
        {
            (await dying.EndAsync()).ExitCode.Should().Be(137);
        }

        _receiver.All.Should().HaveCount(sentBefore);
        ClaimsAreOver();
        using var daemon = await StartAsync();
        await daemon.SaysAsync("told hook: alert 1");

        _receiver.All.Should().HaveCount(sentBefore + 1);
        var last = JsonDocument.Parse(_receiver.All[^1].Body).RootElement;
        last.GetProperty("repeat").GetBoolean().Should().Be(isRepeat);
        _receiver.All.Select(posted => JsonDocument.Parse(posted.Body).RootElement.GetProperty("id").GetString()).Should().OnlyContain(id => id == "1");
        last.GetProperty("text").GetString().Should().Be($"{(isRepeat ? "(perhaps sent before) " : "")}b: $6.00 of $5.00 used today (120 %).");
    }

    /// <summary>Killed in the middle of whatever it is doing, twelve times, while more and more fires.</summary>
    [Fact]
    public async Task KilledAgainAndAgainItLosesNothingAndRepeatsNothingUnsaid()
    {
        const int rounds = 12;
        var random = new Random(TestSeed.Value);
        Configure(Hook, "each = 'agent'");
        for (var round = 0; round < rounds; round++)
        {
            _scene.Home.Spend(6, $"agent-{round:00}");
            using var daemon = await StartAsync();
            await daemon.SaysAsync("new event");
            // Killed at a random moment: what it is doing then is not to be known, so there is nothing to await.
            await (round % 2 == 0 ? _receiver.CameAsync(_receiver.All.Count + 1) : Task.Delay(random.Next(300)));
            await daemon.KillAsync();
            ClaimsAreOver();
        }

        using var last = await StartAsync();
        while (StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries WHERE delivered_ts IS NOT NULL").Count < rounds)
        {
            await last.SaysAsync("told hook");
        }

        var posts = _receiver.All.Select(posted => JsonDocument.Parse(posted.Body).RootElement)
            .Select(json => (Id: json.GetProperty("id").GetString(), Instance: json.GetProperty("instance").GetString(), IsRepeat: json.GetProperty("repeat").GetBoolean())).ToList();
        posts.Select(post => post.Instance).Distinct().Order().Should().Equal(Enumerable.Range(0, rounds).Select(round => $"agent-{round:00}"));
        posts.GroupBy(post => post.Id).SelectMany(same => same.Skip(1)).Where(post => !post.IsRepeat).Should().BeEmpty();
    }

    int Check()
    {
        var check = Cli.Run("budget", "check", "--db", _scene.Db, "--config", ConfigPath);
        check.Output.Should().StartWith("BUDGET", "it has nothing to tell");

        return check.ExitCode;
    }

    const string Hook = "[notify.hook]\nwebhook = 'HOOK'\n";

    string OpenClaw(string script) =>
        $"[notify.me]\nopenclaw = {{ channel = 'telegram', target = '1' }}\n#{FakeOpenClaw.Running(_programs, script)}\n";

    Task<DaemonProcess> StartAsync(params string[] options) =>
        DaemonProcess.StartAsync(_scene, ["--config", ConfigPath, "--openclaw-bin", _programs["openclaw"], .. options]);

    void Configure(string destinations, string budget = "", string limit = "5 USD", string notify = "'hook'") => File.WriteAllText(ConfigPath, $"""
        timezone = "UTC"
        [[budget]]
        name = "b"
        period = "day"
        limit = "{limit}"
        notify = [{notify}]
        {budget}
        {destinations.Replace("HOOK", _receiver.Url, StringComparison.Ordinal)}
        """);

    /// <summary>As an editor does, and as if that were a while ago: a file that is just being written is left alone.</summary>
    void Change(string text)
    {
        File.WriteAllText(_scene.Folder["new.toml"], text);
        File.SetLastWriteTimeUtc(_scene.Folder["new.toml"], DateTime.UtcNow.AddSeconds(-10));
        File.Move(_scene.Folder["new.toml"], ConfigPath, overwrite: true);
    }

    /// <summary>What a process that is dead had taken is free after a minute: that minute is over.</summary>
    void ClaimsAreOver() =>
        StoreRows.Execute(_scene.Db, "UPDATE alert_deliveries SET next_try_ts = '2026-01-01T00:00:00.000Z' WHERE next_try_ts IS NOT NULL");

    static async Task AppearsAsync(string path)
    {
        var appeared = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var folder = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path));
        folder.Created += (_, _) => appeared.TrySetResult();
        folder.Renamed += (_, _) => appeared.TrySetResult();
        folder.EnableRaisingEvents = true;
        if (!File.Exists(path))
        {
            await appeared.Task.WaitAsync(TimeSpan.FromMinutes(1));
        }
    }
}
