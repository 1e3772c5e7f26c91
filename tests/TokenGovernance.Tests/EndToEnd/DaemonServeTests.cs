using System.Text.Json;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>A daemon that serves, too: the real program, with `[serve]` in its configuration.</summary>
public sealed class DaemonServeTests : IDisposable
{
    readonly Scene _scene = new();

    public DaemonServeTests() => File.WriteAllText(Config, "[serve]\nlisten = '127.0.0.1:0'\n");

    string Config => _scene.Folder["config.toml"];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task WhatItCollectsItServes()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        using var server = Start();
        await WaitForAsync(server, 1);

        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:06"));
        await WaitForAsync(server, 2);

        server.Get("/").Status.Should().Be(200);
        server.Get("/metrics").Body.Should().Contain("token_governance_responses_total");
        (await server.StopAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public async Task AnAddressThatIsTakenKeepsNothingFromBeingCollected()
    {
        using var first = ServerProcess.Start(_scene.Db);
        File.WriteAllText(Config, $"[serve]\nlisten = '127.0.0.1:{first.Port}'\n");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));

        using var daemon = await DaemonProcess.StartAsync(_scene, "--config", Config);

        (await daemon.SaysAsync("is taken")).Should().Contain($"serving at 127.0.0.1:{first.Port}");
        await WaitForAsync(first, 1);
    }

    [Fact]
    public void AnAddressThatOthersReachNeedsATokenHereToo()
    {
        File.WriteAllText(Config, "[serve]\nlisten = '0.0.0.0:9465'\n");

        var result = Cli.Run("collect", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path, "--config", Config);

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("--token-file");
    }

    ServerProcess Start()
    {
        DaemonProcess.HeedInterrupts();

        return ServerProcess.Await(Cli.Start(
            [], ["collect", "--no-status", "--interval-sec", "0.05", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path, "--config", Config]));
    }

    static async Task WaitForAsync(ServerProcess server, int responses)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (server.Get("/api/v1/report") is not { Status: 200 } reply
            || JsonDocument.Parse(reply.Body).RootElement.GetProperty("totals").GetProperty("responses").GetInt32() != responses)
        {
            // What is awaited is the answer of another process: it is told by asking again.
            await Task.Delay(50, limit.Token);
        }
    }
}
