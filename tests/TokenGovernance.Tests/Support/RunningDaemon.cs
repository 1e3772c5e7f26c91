using System.Diagnostics;
using System.Globalization;

namespace TokenGovernance.Tests;

/// <summary>The real daemon, as a process whose messages are awaited line by line.</summary>
sealed class RunningDaemon : IDisposable
{
    readonly CancellationTokenSource _patience = new(TimeSpan.FromMinutes(10));
    readonly Process _process;
    readonly List<string> _lines = [];

    public RunningDaemon(string db, params string[] homes)
    {
        DaemonProcess.HeedInterrupts();
        _process = Cli.Start(
            [], ["collect", "--interval-sec", "0.05", "--db", db, .. homes.SelectMany(home => new[] { "--openclaw-home", home })]);
    }

    /// <summary>What it has said so far.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Reads on until a line holds a text.</summary>
    public async Task WaitForAsync(string text)
    {
        do
        {
            var line = await _process.StandardError.ReadLineAsync(_patience.Token);
            _lines.Add(line ?? throw new InvalidOperationException($"It ended without '{text}':\n{string.Join('\n', _lines)}"));
        }
        while (!_lines[^1].Contains(text, StringComparison.Ordinal));
    }

    /// <summary>Ends it as a service manager (`TERM`) or a terminal (`INT`) does.</summary>
    /// <returns>Its exit code and what it wrote to standard output.</returns>
    public async Task<(int ExitCode, string Output)> StopAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(_patience.Token);
        while (await _process.StandardError.ReadLineAsync(_patience.Token) is { } line)
        {
            _lines.Add(line);
        }

        var output = await _process.StandardOutput.ReadToEndAsync(_patience.Token);
        await _process.WaitForExitAsync(_patience.Token);

        return (_process.ExitCode, output);
    }

    /// <summary>SIGKILL: no handler runs and nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
        _patience.Dispose();
    }
}
