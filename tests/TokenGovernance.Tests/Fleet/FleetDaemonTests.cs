namespace TokenGovernance.Tests.Fleet;

/// <summary>A daemon with `[fleet]` pushes beside its passes, and goes on collecting where it cannot.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetDaemonTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task ItPushesWhatItCollectsAndCollectsWhileItCannotPush()
    {
        var url = server.MakeDatabase();
        File.WriteAllText(_scene.Folder["config.toml"], $"[fleet]\nurl = \"{url}\"\nname = \"n\"\ninterval-sec = 0.2\n");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene, "--config", _scene.Folder["config.toml"]);
        await daemon.SaysAsync("pushed: 1 new event");

        server.Stop();
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        await daemon.SaysAsync("not pushed, and tried again:");
        _scene.Home.Append("s1.jsonl", Some.Answer("a3", "10:07"));
        await daemon.SaysAsync("1 new event,");
        server.Start();
        await daemon.SaysAsync("pushed: 2 new events");

        FleetRows.SumsOf(server, url).Should().Be(FleetRows.SumsOf(_scene.Db));
        server.Ask(url, "SELECT last_error FROM tg_nodes").Should().Contain("cannot be pushed to now");
        daemon.Signal(DaemonProcess.Terminate);
        (await daemon.EndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task ItFollowsTheConfigurationToAnotherDatabaseAndBack()
    {
        var (first, second) = (server.MakeDatabase(), server.MakeDatabase());
        var config = _scene.Folder["config.toml"];
        File.WriteAllText(config, "");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene, "--config", config);
        await daemon.SaysAsync("1 new event");

        File.WriteAllText(config, $"[fleet]\nurl = \"{first}\"\nname = \"n\"\ninterval-sec = 0.2\n");
        await daemon.SaysAsync($"pushing to {first} as 'n' from now on");
        await daemon.SaysAsync("pushed: 1 new event");
        File.WriteAllText(config, $"[fleet]\nurl = \"{second}\"\nname = \"m\"\ninterval-sec = 0.2\n");
        await daemon.SaysAsync($"pushing to {second} as 'm' from now on");
        await daemon.SaysAsync("pushed: 1 new event");
        File.WriteAllText(config, "[fleet]\nurl = \"nonsense\"\n");
        await daemon.SaysAsync("the fleet's database stays as it was:");
        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        await daemon.SaysAsync("pushed: 1 new event");
        File.WriteAllText(config, "");
        await daemon.SaysAsync("[fleet] is no longer in the configuration");

        server.Ask(first, "SELECT name || ' ' || (SELECT count(*) FROM usage_events) FROM tg_nodes").Should().Be("n 1");
        server.Ask(second, "SELECT name || ' ' || (SELECT count(*) FROM usage_events) FROM tg_nodes").Should().Be("m 2");
    }

    [Fact]
    public async Task AnIdleDaemonAsksNothingOfTheDatabase()
    {
        var url = server.MakeDatabase();
        File.WriteAllText(_scene.Folder["config.toml"], $"[fleet]\nurl = \"{url}\"\nname = \"n\"\ninterval-sec = 0.1\n");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var daemon = await DaemonProcess.StartAsync(_scene, "--config", _scene.Folder["config.toml"], "--verbose");
        await daemon.SaysAsync("pushed: 1 new event");
        var first = server.Ask(url, "SELECT last_push FROM tg_nodes");
        for (var passes = 0; passes < 40; passes++)
        {
            await daemon.SaysAsync("nothing new");
        }

        server.Ask(url, "SELECT last_push FROM tg_nodes").Should().Be(first, "there was nothing to push");
    }
}
