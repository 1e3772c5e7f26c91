using System.Text.Json;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The configuration file, by the real program.</summary>
public sealed class ConfigTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    string ConfigPath => _scene.Folder["config.toml"];

    [Fact]
    public void CollectAndReportTakeFromTheFileWhatNoOptionSays()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        File.WriteAllText(ConfigPath, $"db = '{_scene.Db}'\nopenclaw-home = '{_scene.Home.Path}'\ntimezone = 'Asia/Tokyo'\n[collect]\nno-status = true\n");

        var collected = Cli.Run("collect", "--once", "--json", "--config", ConfigPath);
        var report = Cli.Run(new Dictionary<string, string?> { ["TOKEN_GOVERNANCE_CONFIG"] = ConfigPath }, "report", "--format", "json");
        var inUtc = Cli.Run(new Dictionary<string, string?> { ["TOKEN_GOVERNANCE_CONFIG"] = ConfigPath }, "report", "--format", "json", "--tz", "UTC");

        collected.Error.Should().BeEmpty();
        collected.Output.Should().Contain("\"events_added\":1").And.NotContain("quota_snapshots");
        report.Output.Should().Contain("Asia/Tokyo");
        inUtc.Output.Should().NotContain("Asia/Tokyo");
    }

    [Fact]
    public void OptionsAndEnvironmentWinOverTheFile()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        File.WriteAllText(ConfigPath, $"db = '{_scene.Folder["wrong.db"]}'\nopenclaw-home = '/nowhere'\n[collect]\nno-status = true\n");

        var collected = Cli.Run(new Dictionary<string, string?> { ["TOKEN_GOVERNANCE_DB"] = _scene.Db }, "collect", "--once", "--json", "--config", ConfigPath, "--openclaw-home", _scene.Home.Path);

        collected.Output.Should().Contain("\"events_added\":1");
        File.Exists(_scene.Db).Should().BeTrue();
        File.Exists(_scene.Folder["wrong.db"]).Should().BeFalse();
    }

    [Fact]
    public void CheckSaysWhatTheFileMeansAndWhatIsWrong()
    {
        File.WriteAllText(ConfigPath, "timezone = 'UTC'\n[collect]\ninterval-sec = 2\n");
        var right = Cli.Run("config", "check", "--config", ConfigPath);
        File.WriteAllText(ConfigPath, "timezone = 'UTC'\n[collect]\ninterval-sek = 2\n");
        var wrong = Cli.Run("config", "check", "--config", ConfigPath);
        var collect = Cli.Run("collect", "--once", "--config", ConfigPath);

        right.ExitCode.Should().Be(0);
        right.Output.Should().StartWith($"{ConfigPath} is right.\n").And.Contain("UTC").And.Contain("a pass every 2 s");
        (wrong.ExitCode, wrong.Output).Should().Be((2, ""));
        wrong.Error.Should().Be($"{ConfigPath}:3: unknown key 'interval-sek' in [collect]; did you mean 'interval-sec'?\n");
        (collect.ExitCode, collect.Error).Should().Be((2, wrong.Error));
    }

    [Fact]
    public void CheckSaysWhichLimitsThereAreAndWhoHearsOfThemAndNoSecret()
    {
        File.WriteAllText(ConfigPath, """
            [[budget]]
            name = "research-day"
            where = ["agent=research", "trigger!=user"]
            each = "model"
            period = "day"
            limit = "5 USD"
            warn = [50]
            forecast = true
            notify = ["me", "ops"]
            [[budget]]
            name = "job"
            where = ["job=j1"]
            period = "5h"
            limit = "200k output-tokens"
            action = "disable-job"
            [[quota]]
            provider = "openai"
            warn = [80]
            notify = ["me"]
            [runaway]
            notify = ["ops"]
            [notify.me]
            openclaw = { channel = "telegram", target = "123456789" }
            [notify.ops]
            webhook = "https://example.org/hidden"
            secret = "hidden"
            """);

        var result = Cli.Run("config", "check", "--config", ConfigPath);

        result.ExitCode.Should().Be(0, result.Error);
        result.Output.Should().NotContain("hidden").And.ContainAll(
            "budget          research-day: 5 USD in a day of agent=research, trigger!=user, for each model, told at 50, 100 % and by forecast, to me, ops\n",
            "budget          job: 200000 output-tokens in any 5h of job=j1, told at 100 %, to nobody; disables job j1\n",
            "quota           openai, every window, told at 80, 100 %, to me\n",
            "runaways        of all, to ops\n",
            "destination     me: openclaw, telegram to 123456789\n",
            "destination     ops: webhook, generic\n");
    }

    [Fact]
    public void AsJsonToo()
    {
        File.WriteAllText(ConfigPath, "timezone = 'UTC'\n[[budget]]\nname = 'b'\nwhere = ['agent=main']\nperiod = 'day'\nlimit = '5 USD'\nnotify = ['ops']\n[notify.ops]\nwebhook = 'https://example.org/hidden'\nformat = 'slack'\n");

        var told = Cli.Run("config", "check", "--json", "--config", ConfigPath);
        var none = Cli.Run(new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _scene.Folder["none"] }, "config", "check", "--json");

        var json = JsonDocument.Parse(told.Output).RootElement;
        json.GetProperty("time_zone").GetString().Should().Be("UTC");
        json.GetProperty("collect").GetProperty("interval_sec").ValueKind.Should().Be(JsonValueKind.Null);
        json.GetProperty("budgets")[0].GetProperty("where")[0].GetString().Should().Be("agent=main");
        json.GetProperty("destinations")[0].GetProperty("description").GetString().Should().Be("webhook, slack");
        told.Output.Should().NotContain("hidden");
        JsonDocument.Parse(none.Output).RootElement.GetProperty("exists").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public void ASecretThatOthersCanReadIsSaid()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        File.WriteAllText(ConfigPath, "[notify.ops]\nwebhook = 'https://example.org/hidden'\nformat = 'slack'\n");
        File.SetUnixFileMode(ConfigPath, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        Cli.Run("config", "check", "--config", ConfigPath).Error.Should().Contain($"{ConfigPath} holds secrets");
    }

    [Fact]
    public void AFileThatWasNamedMustBeThereAndTheDefaultOneNeedNot()
    {
        var missing = Cli.Run("report", "--config", ConfigPath);
        var none = Cli.Run(new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _scene.Folder.Path }, "config", "check");

        missing.ExitCode.Should().Be(1);
        missing.Error.Should().StartWith("error: ").And.Contain(ConfigPath);
        none.ExitCode.Should().Be(0);
        none.Output.Should().Contain("defaults hold");
    }

    [Fact]
    public void TheExampleIsAFileThatCanBeUsed()
    {
        File.WriteAllText(ConfigPath, Cli.Run("config", "example").Output);

        Cli.Run("config", "check", "--config", ConfigPath).ExitCode.Should().Be(0);
    }
}
