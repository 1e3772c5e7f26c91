using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using System.Xml.Linq;
using TokenGovernance.Daemon;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`setup`: what it writes and runs, that it changes nothing it should not, and that it can be taken back.</summary>
[Trait("Category", "Slow")]
[Trait("System", "Unix")]
[UnsupportedOSPlatform("windows")]
public sealed class SetupTests : IDisposable
{
    const string Collector = "token-governance.service";

    readonly SetupScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ADryRunShowsEveryFileAndCommandAndChangesNothing()
    {
        var before = _scene.Snapshot();

        var result = _scene.Setup("--dry-run");

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().ContainAll(
            $"write  {_scene.Configuration}", $"    | db = \"{_scene.Store}\"", $"write  {_scene.UnitPath(Collector)}", "    | WatchdogSec=2min",
            "run    systemctl --user enable token-governance.service token-governance-quotas.timer", "run    loginctl enable-linger", "Nothing was changed.");
        _scene.Snapshot().Should().Equal(before);
        _scene.Calls.Should().BeEmpty();
    }

    [Fact]
    public void ItWritesAConfigurationAndUnitsAndStartsThem()
    {
        var planned = _scene.Setup("--dry-run").Output;

        var result = _scene.Setup();

        result.ExitCode.Should().Be(0, result.Error);
        _scene.Calls.Should().Equal(
            "systemctl --user daemon-reload", "systemctl --user enable token-governance.service token-governance-quotas.timer",
            "systemctl --user restart token-governance.service token-governance-quotas.timer", "loginctl enable-linger");
        planned.Split('\n').Where(line => line.StartsWith("  run    ", StringComparison.Ordinal)).Select(line => line[9..]).Should().Equal(_scene.Calls);
        File.ReadAllText(_scene.Configuration).Should().ContainAll(
            $"\ndb = \"{_scene.Store}\" ", $"\nopenclaw-home = [\"{_scene.User}/.openclaw\"] ", $"\nopenclaw-bin = \"{_scene.Programs}/openclaw\" ", "\ntimezone = \"Europe/Vienna\" ",
            "\n# [[budget]]\n");
        _scene.Run("config", "check").Output.Should().ContainAll("is right.", _scene.Store, "Europe/Vienna");
        File.GetUnixFileMode(_scene.Configuration).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Path.GetDirectoryName(_scene.Store)!).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void TheUnitsAreThoseOfTheDocumentsWithTheRightPaths()
    {
        _scene.Setup();

        foreach (var name in new[] { Collector, "token-governance-quotas.service", "token-governance-quotas.timer" })
        {
            var wanted = File.ReadAllLines(Path.Combine(ReportScene.Root, "docs", "deploy", "systemd", "user", name));
            var written = _scene.Unit(name).Split('\n')[1..^1];

            written.Should().HaveSameCount(wanted);
            var changed = wanted.Zip(written).Where(pair => pair.First != pair.Second).Select(pair => pair.Second.Split('=')[0]);
            changed.Should().Equal(name switch
            {
                Collector => ["ExecStart", "ReadWritePaths"],
                "token-governance-quotas.service" => ["ExecStart", "Environment"],
                _ => [],
            });
        }

        _scene.Unit(Collector).Should().Contain($"ReadWritePaths={Path.GetDirectoryName(_scene.Store)}\n").And.EndWith("WantedBy=default.target\n");
        _scene.Unit("token-governance-quotas.service").Should().Contain($"Environment=PATH={_scene.Programs}:%h/.local/bin:");
    }

    [Fact]
    public void WhatAUnitStartsCollectsTheHomeThatWasFound()
    {
        _scene.Setup();
        var command = _scene.Unit(Collector).Split('\n').Single(line => line.StartsWith("ExecStart=", StringComparison.Ordinal))["ExecStart=".Length..];

        RunInShell($"{command} --once").Should().Be(0);

        StoreRows.Events(_scene.Store).Select(row => row.Text("home")).Should().Equal(Path.Combine(_scene.User, ".openclaw"));
    }

    [Fact]
    public void AgainItKeepsEverythingAndRestartsTheService()
    {
        _scene.Setup();
        var (before, calls) = (_scene.Snapshot(), _scene.Calls);
        _scene.ForgetCalls();

        var again = _scene.Setup();

        again.ExitCode.Should().Be(0, again.Error);
        again.Output.Should().NotContain("write ").And.Contain("it is as it should be").And.Contain("setting up never changes it");
        _scene.Snapshot().Should().Equal(before);
        _scene.Calls.Should().Equal(calls);
    }

    [Fact]
    public void RemovingTakesEverythingBackButTheStore()
    {
        var before = FilesOf(_scene.User);
        _scene.Setup();
        _scene.Run("collect", "--once", "--no-status").ExitCode.Should().Be(0);
        _scene.ForgetCalls();

        var result = _scene.Setup("--remove");
        var again = _scene.Setup("--remove");

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().Contain($"keep   {_scene.Store} (the store and its history stay");
        _scene.Calls.Should().Equal("systemctl --user disable --now token-governance.service token-governance-quotas.timer", "systemctl --user daemon-reload");
        FilesOf(_scene.User).Should().BeEquivalentTo([.. before, _scene.Store]);
        again.ExitCode.Should().Be(0, again.Error);
    }

    [Fact]
    public void TheDaemonMayWriteTheArchiveThatRetentionKeepNames()
    {
        _scene.Setup().ExitCode.Should().Be(0);
        var folder = Path.GetDirectoryName(_scene.Store);
        _scene.Unit(Collector).Should().Contain($"ReadWritePaths={folder}\n");

        _scene.Run("collect", "--once", "--no-status").ExitCode.Should().Be(0);
        var inside = _scene.Run("retention", "keep", "13mo", "--archive", Path.Combine(folder!, "archive"));
        var outside = _scene.Run("retention", "keep", "13mo", "--archive", "/backup/my tokens");
        _scene.Setup().ExitCode.Should().Be(0);

        inside.Error.Should().BeEmpty();
        outside.ExitCode.Should().Be(0);
        if (OperatingSystem.IsLinux())
        {
            outside.Error.Should().Contain("Make the folder /backup/my tokens, then run 'token-governance setup' again").And.Contain("ReadWritePaths=");
        }

        _scene.Unit(Collector).Should().Contain($"ReadWritePaths={folder} \"-/backup/my tokens\"\n");
        _scene.Run("retention", "keep", "forever").Error.Should().BeEmpty();
        _scene.Setup().ExitCode.Should().Be(0);
        _scene.Unit(Collector).Should().Contain($"ReadWritePaths={folder}\n");
    }

    [Fact]
    public void AConfigurationIsNeverOverwrittenAndWhatItDoesNotSayIsToldToTheService()
    {
        _scene.Configure("[serve]\n[[budget]]\nname = 'month'\nperiod = 'month'\nlimit = '5 USD'\nnotify = ['me']\n[notify.me]\nexec = ['/bin/true']\n");
        var text = File.ReadAllText(_scene.Configuration);
        var store = Path.Combine(_scene.User, "a b", "usage 100%.db");

        _scene.Setup("--db", store, "--openclaw-home", "/srv/$openclaw").ExitCode.Should().Be(0);
        var (collector, budgets) = (_scene.Unit(Collector), _scene.Unit("token-governance-budgets.service"));
        var removal = _scene.Setup("--remove", "--db", store);

        var written = store.Replace("%", "%%", StringComparison.Ordinal);
        collector.Should().Contain($"--log-format json --db \"{written}\" --openclaw-home /srv/$$openclaw --openclaw-bin {_scene.Programs}/openclaw\n")
            .And.Contain($"ReadWritePaths=\"{Path.GetDirectoryName(store)}\"\n").And.Contain("AF_INET6").And.NotContain("PrivateNetwork", because: "it serves");
        budgets.Should().Contain($"budget check --db \"{written}\"\n");
        _scene.Calls.Should().Contain("systemctl --user enable token-governance.service token-governance-quotas.timer token-governance-budgets.timer");
        removal.Output.Should().Contain($"keep   {_scene.Configuration}");
        File.ReadAllText(_scene.Configuration).Should().Be(text);
    }

    [Fact]
    public void AnothersUnitIsLeftAlone()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scene.UnitPath(Collector))!);
        File.Copy(Path.Combine(ReportScene.Root, "docs", "deploy", "systemd", "user", Collector), _scene.UnitPath(Collector));
        var before = _scene.Snapshot();

        var install = _scene.Setup();
        var remove = _scene.Setup("--remove");

        install.ExitCode.Should().Be(1);
        install.Error.Should().StartWith("error: ").And.Contain($"{_scene.UnitPath(Collector)} is there").And.Contain("Nothing was done");
        remove.Output.Should().Contain("setting up did not write it");
        _scene.Snapshot().Should().Equal(before);
        _scene.Calls.Should().BeEmpty();
    }

    [Theory]
    [InlineData("echo 'Failed to connect to bus: No medium found' >&2; exit 1", "Failed to connect to bus: No medium found")]
    [InlineData(null, "there is no systemctl on PATH")]
    public void WithoutSystemdItSaysWhyAndGivesLinesForCronThatWork(string? answer, string reason)
    {
        if (answer is null)
        {
            _scene.RemoveProgram("systemctl");
        }
        else
        {
            _scene.Answer("systemctl", answer);
        }

        var result = _scene.Setup();

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain(reason).And.Contain("crontab -e");
        File.Exists(_scene.Configuration).Should().BeTrue();
        File.Exists(_scene.UnitPath(Collector)).Should().BeFalse();
        var line = result.Output.Split('\n').Single(text => text.Contains("collect --once --no-status", StringComparison.Ordinal));
        line.Should().StartWith("*/5 * * * * ");
        RunInShell(line["*/5 * * * * ".Length..]).Should().Be(0);
        StoreRows.Events(_scene.Store).Should().HaveCount(1);
    }

    [Fact]
    public void ACommandThatFailsIsTheEndAndRemovingCleansUp()
    {
        var before = FilesOf(_scene.User);
        _scene.Answer("systemctl", "case \"$*\" in *restart*) echo 'Job failed.' >&2; exit 3;; esac");

        var result = _scene.Setup();
        var json = _scene.Setup("--json");
        var remove = _scene.Setup("--remove");

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("systemctl --user restart").And.Contain("exit code 3: Job failed.").And.Contain("setup --remove");
        result.Output.Should().NotContain("Done.");
        json.Output.Should().StartWith("{\"ok\":false").And.Contain("\"outcome\":\"failed\",\"reason\":\"exit code 3: Job failed.\"");
        remove.ExitCode.Should().Be(0, remove.Error);
        FilesOf(_scene.User).Should().BeEquivalentTo(before);
    }

    [Fact]
    public void ServicesThatEndAtLogOutAreSaid()
    {
        _scene.Answer("loginctl", "echo 'Access denied' >&2; exit 1");

        var result = _scene.Setup();

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().Contain("ask an administrator for: loginctl enable-linger");
    }

    [Fact]
    public void ASecondDaemonIsNotInstalled()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_scene.Store)!);
        using var daemon = DaemonLock.Take(_scene.Store);

        var result = _scene.Setup();

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("A daemon collects into");
        File.Exists(_scene.Configuration).Should().BeFalse();
    }

    [Fact]
    public void ProfilesAreFoundAndAMissingOpenClawIsSaid()
    {
        _scene.RemoveProgram("openclaw");
        new TestHome(Path.Combine(_scene.User, ".openclaw-work")).Log("s1.jsonl", Some.Answer("a2"));

        var result = _scene.Setup();

        result.Output.Should().Contain("not found: no quotas");
        File.ReadAllText(_scene.Configuration).Should().Contain($"openclaw-home = [\"{_scene.User}/.openclaw\", \"{_scene.User}/.openclaw-work\"]").And.Contain("\n# openclaw-bin = ");
        File.Exists(_scene.UnitPath("token-governance-quotas.timer")).Should().BeFalse();
    }

    [Fact]
    public void LaunchdGetsAnAgentOfTheUser()
    {
        var before = FilesOf(_scene.User);
        var path = Path.Combine(_scene.User, "Library", "LaunchAgents", "token-governance.plist");

        _scene.Run("setup", "--service", "launchd", "--config", Path.Combine(_scene.User, "a & b.toml")).ExitCode.Should().Be(0);
        var plist = XDocument.Load(path);
        _scene.Run("setup", "--service", "launchd", "--config", Path.Combine(_scene.User, "a & b.toml"));
        _scene.Run("setup", "--service", "launchd", "--remove", "--config", Path.Combine(_scene.User, "a & b.toml")).ExitCode.Should().Be(0);

        var strings = plist.Descendants("array").First().Elements().Select(element => element.Value).ToList();
        strings[0].Should().Be(TestedProgram.Command[0]);
        strings.Should().ContainInOrder("collect", "--log-format", "json", "--config", Path.Combine(_scene.User, "a & b.toml"));
        plist.ToString().Should().NotContain("/Users/you").And.Contain($"<string>{_scene.Programs}:/opt/homebrew/bin:").And.Contain($"{_scene.User}/Library/Logs/token-governance.log");
        _scene.Calls.Select(call => call.Split(' ')[1]).Should().Equal("bootstrap", "bootout", "bootstrap", "bootout");
        _scene.Calls[0].Should().MatchRegex($"^launchctl bootstrap gui/[0-9]+ {path}$");
        FilesOf(_scene.User).Should().BeEquivalentTo(before);
    }

    [Fact]
    public void WindowsGetsATask()
    {
        var before = FilesOf(_scene.User);
        var path = Path.Combine(_scene.User, ".local", "share", "token-governance", "token-governance-task.xml");

        _scene.Run("setup", "--service", "windows").ExitCode.Should().Be(0);
        var bytes = File.ReadAllBytes(path);
        _scene.Run("setup", "--service", "windows", "--remove").ExitCode.Should().Be(0);

        bytes[..2].Should().Equal(0xFF, 0xFE);
        var task = XDocument.Parse(Encoding.Unicode.GetString(bytes[2..]));
        XNamespace ns = "http://schemas.microsoft.com/windows/2004/02/mit/task";
        task.Descendants(ns + "UserId").Select(id => id.Value).Should().HaveCount(2).And.OnlyContain(id => id == $@"{Environment.UserDomainName}\{Environment.UserName}");
        task.Descendants(ns + "Arguments").Single().Value.Should()
            .Be($@"--headless cmd.exe /d /c ""{string.Join(' ', TestedProgram.Command.Select(word => $"\"{word}\""))} ""collect"" --quiet 2>""%LOCALAPPDATA%\token-governance.log""""".Replace("\"collect\"", "collect", StringComparison.Ordinal));
        _scene.Calls.Should().Equal(
            $"schtasks /Create /TN Token Governance /XML {path} /F", "schtasks /Run /TN Token Governance", "schtasks /End /TN Token Governance", "schtasks /Delete /TN Token Governance /F");
        FilesOf(_scene.User).Should().BeEquivalentTo(before);
    }

    [Fact]
    public void AnOpenClawThatIsNotThereIsWrongUsage()
    {
        var result = _scene.Setup("--openclaw-bin", "/nowhere/openclaw");

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("There is no program /nowhere/openclaw");
    }

    static List<string> FilesOf(string folder) => [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)];

    /// <summary>Runs a command as cron and systemd do: with next to nothing in its environment.</summary>
    int RunInShell(string command)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", command.Replace(@"\%", "%", StringComparison.Ordinal)]);
        start.Environment.Clear();
        start.Environment["HOME"] = _scene.User;
        start.Environment["PATH"] = "/usr/bin:/bin";
        using var process = Process.Start(start)!;
        process.WaitForExit();

        return process.ExitCode;
    }
}
