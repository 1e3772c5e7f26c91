using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace TokenGovernance.Tests.Budgets;

/// <summary>A web server on this machine that keeps what is posted to it.</summary>
sealed class Receiver : IDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _end = new();
    readonly ConcurrentQueue<Posted> _posted = new();
    readonly SemaphoreSlim _came = new(0);

    public Receiver()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>What it answers.</summary>
    public int Status { get; set; } = 200;

    public string Url => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/hook";

    /// <summary>All posts, in the order they came.</summary>
    public IReadOnlyList<Posted> All => [.. _posted];

    public IEnumerable<string> Texts => All.Select(posted => System.Text.Json.JsonDocument.Parse(posted.Body).RootElement.GetProperty("text").GetString()!);

    /// <summary>Waits until so many posts came.</summary>
    public async Task CameAsync(int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (_posted.Count < count)
        {
            await _came.WaitAsync(limit.Token);
        }
    }

    public void Dispose()
    {
        _end.Cancel();
        _listener.Stop();
        _end.Dispose();
        _came.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptTcpClientAsync(_end.Token);
                _ = ServeAsync(client);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadAsync(stream) is { } posted)
                {
                    if (Status > 0)
                    {
                        _posted.Enqueue(posted);
                        _came.Release();
                        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {Status} X\r\nContent-Length: 0\r\n\r\n"));
                    }
                }
            }
            catch (IOException)
            {
                // The other side is gone.
            }
        }
    }

    static async Task<Posted?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var one = new byte[1];
        while (bytes.Count < 4 || !bytes[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one) == 0)
            {
                return null;
            }

            bytes.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"], System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body);

        return new Posted(lines[0].Split(' ')[1], headers, Encoding.UTF8.GetString(body));
    }
}

/// <summary>One post.</summary>
sealed record Posted(string Path, IReadOnlyDictionary<string, string> Headers, string Body);
