using System.Net.Sockets;
using System.Text;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What a daemon tells systemd. Elsewhere there is nobody to tell.</summary>
[Trait("Category", "Slow")]
public sealed class ServiceTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Socket? _systemd;

    public ServiceTests()
    {
        if (!OperatingSystem.IsWindows())
        {
            _systemd = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { ReceiveTimeout = 60_000 };
            _systemd.Bind(new UnixDomainSocketEndPoint(_scene.Folder["notify"]));
        }
    }

    public void Dispose()
    {
        _systemd?.Dispose();
        _scene.Dispose();
    }

    [Fact]
    public async Task ItSaysReadyThenAliveAfterEachPassThenStopping()
    {
        if (_systemd is null)
        {
            return;
        }

        using var daemon = Start();

        Hear().Should().Be("READY=1");
        Hear().Should().Be("WATCHDOG=1");
        Hear().Should().Be("WATCHDOG=1");
        daemon.Signal(DaemonProcess.Terminate);
        HearAllUntil("STOPPING=1").Should().AllBe("WATCHDOG=1");
        (await daemon.EndAsync()).ExitCode.Should().Be(0);
    }

    [Fact]
    public void AnIntervalLongerThanTheWatchdogDoesNotLookLikeDeath()
    {
        if (_systemd is null)
        {
            return;
        }

        using var daemon = Start(watchdogMicroseconds: "200000", "--interval-sec", "3600");

        Hear().Should().Be("READY=1");
        Enumerable.Range(0, 5).Select(_ => Hear()).Should().AllBe("WATCHDOG=1");
    }

    [Fact]
    public async Task AStoreThatCannotBeUsedJustNowDoesNotLookLikeDeath()
    {
        if (_systemd is null)
        {
            return;
        }

        Directory.CreateDirectory(_scene.Db);
        using var daemon = Start(watchdogMicroseconds: "200000");

        await daemon.SaysAsync("error: The store");
        Hear().Should().Be("READY=1");
        Enumerable.Range(0, 5).Select(_ => Hear()).Should().AllBe("WATCHDOG=1");
    }

    [Fact]
    public async Task ANobodyWhoListensIsNoTrouble()
    {
        using var daemon = DaemonProcess.Start(_scene, new() { ["NOTIFY_SOCKET"] = _scene.Folder["nobody"] });
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));

        await daemon.SaysAsync("1 new event,");
    }

    DaemonProcess Start(string? watchdogMicroseconds = null, params string[] options) => DaemonProcess.Start(
        _scene, new() { ["NOTIFY_SOCKET"] = _scene.Folder["notify"], ["WATCHDOG_USEC"] = watchdogMicroseconds }, options);

    string Hear()
    {
        var buffer = new byte[256];

        return Encoding.ASCII.GetString(buffer, 0, _systemd!.Receive(buffer));
    }

    List<string> HearAllUntil(string last)
    {
        var heard = new List<string>();
        while (Hear() is var message && message != last)
        {
            heard.Add(message);
        }

        return heard;
    }
}
