using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TokenGovernance.Daemon;

/// <summary>Tells systemd that the daemon is ready, alive or stopping (`Type=notify`, `WatchdogSec=`); elsewhere does nothing.</summary>
sealed class ServiceNotifier
{
    readonly string? _socket = Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { Length: > 0 } path ? path : null;

    /// <summary>How often systemd has to be told that the daemon is alive: twice as often as it asks for; never, if it does not ask.</summary>
    public TimeSpan AliveEvery { get; } =
        long.TryParse(Environment.GetEnvironmentVariable("WATCHDOG_USEC"), CultureInfo.InvariantCulture, out var patience) && patience > 0
            ? TimeSpan.FromMicroseconds(patience / 2 + 1)
            : TimeSpan.MaxValue;

    public void Ready() => Send("READY=1");

    public void Alive() => Send("WATCHDOG=1");

    public void Stopping() => Send("STOPPING=1");

    void Send(string message)
    {
        if (_socket is null)
        {
            return;
        }

        try
        {
            // A leading @ stands for the NUL byte of an abstract socket.
            var address = new UnixDomainSocketEndPoint(_socket[0] == '@' ? $"\0{_socket[1..]}" : _socket);
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo(Encoding.ASCII.GetBytes(message), address);
        }
        catch (SocketException)
        {
            // Nobody listens: then nobody waits for it either.
        }
    }
}
