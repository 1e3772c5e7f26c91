using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace TokenGovernance.Tests;

/// <summary>The real `serve`, on a port that the system chose, and a client that sends exactly the bytes of a test.</summary>
sealed partial class ServerProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    readonly Process _process;
    readonly List<string> _said;

    ServerProcess(Process process, int port, List<string> said) => (_process, Port, _said) = (process, port, said);

    public int Port { get; }

    public int Id => _process.Id;

    /// <summary>Starts it and waits until it listens.</summary>
    public static ServerProcess Start(string db, params string[] options)
    {
        DaemonProcess.HeedInterrupts();
        string[] listen = options.Contains("--listen") ? [] : ["--listen", "127.0.0.1:0"];

        return Await(Cli.Start([], ["serve", "--db", db, .. listen, .. options]));
    }

    /// <summary>Waits until a process says that it serves.</summary>
    public static ServerProcess Await(Process process)
    {
        var said = new List<string>();
        while (process.StandardError.ReadLine() is { } line)
        {
            said.Add(line);
            if (Serving().Match(line) is { Success: true } match)
            {
                return new ServerProcess(process, int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture), said);
            }
        }

        throw new InvalidOperationException($"It does not serve, but said:\n{string.Join('\n', said)}");
    }

    /// <summary>Asks for a path as an ordinary client does.</summary>
    public Reply Get(string path, params string[] headers) => Send(
        $"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{Port}\r\n{string.Concat(headers.Select(header => header + "\r\n"))}Connection: close\r\n\r\n");

    /// <summary>The JSON of a path that answers with 200.</summary>
    public JsonElement Json(string path)
    {
        var reply = Get(path);
        reply.Status.Should().Be(200, reply.Body);

        return JsonDocument.Parse(reply.Body).RootElement.Clone();
    }

    /// <summary>Sends bytes as they are, and reads until the server closes.</summary>
    public Reply Send(string text)
    {
        using var client = Connect();
        client.GetStream().Write(Encoding.Latin1.GetBytes(text));

        return Reply.Read(client);
    }

    public TcpClient Connect() => new("127.0.0.1", Port) { ReceiveTimeout = (int)Patience.TotalMilliseconds };

    /// <summary>Ends it with SIGTERM; returns its exit code and all it said.</summary>
    public async Task<(int ExitCode, IReadOnlyList<string> Said)> StopAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        using var kill = Process.Start("kill", ["-TERM", Id.ToString(CultureInfo.InvariantCulture)]);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            _said.Add(line);
        }

        await _process.WaitForExitAsync(limit.Token);

        return (_process.ExitCode, _said);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    [GeneratedRegex(@"serving .* at http://.*:(\d+)/")]
    private static partial Regex Serving();
}

/// <summary>An answer as it came over the wire.</summary>
sealed record Reply(int Status, IReadOnlyDictionary<string, string> Headers, string Body)
{
    /// <summary>Reads until the server closes.</summary>
    public static Reply Read(TcpClient client)
    {
        using var bytes = new MemoryStream();
        client.GetStream().CopyTo(bytes);
        var text = Encoding.UTF8.GetString(bytes.ToArray());
        var end = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        var lines = text[..end].Split("\r\n");

        return new Reply(
            int.Parse(lines[0].Split(' ')[1], CultureInfo.InvariantCulture),
            lines.Skip(1).Select(line => line.Split(": ", 2)).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase),
            text[(end + 4)..]);
    }
}
