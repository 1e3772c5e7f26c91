using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TokenGovernance.Tests;

/// <summary>A daemon, run by the real program, and what it says on standard error.</summary>
sealed partial class DaemonProcess : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    readonly Process _process;
    readonly List<string> _said = [];

    DaemonProcess(Process process) => _process = process;

    public int Id => _process.Id;

    /// <summary>Starts a daemon over a scene's home that passes every 50 ms, and waits until it says so.</summary>
    public static async Task<DaemonProcess> StartAsync(Scene scene, params string[] options)
    {
        var daemon = Start(scene, [], options);
        await daemon.SaysAsync("collecting into");

        return daemon;
    }

    /// <summary>Starts a daemon with environment variables of its own.</summary>
    public static DaemonProcess Start(Scene scene, Dictionary<string, string?> environment, params string[] options)
    {
        string[] interval = options.Contains("--interval-sec") ? [] : ["--interval-sec", "0.05"];

        HeedInterrupts();

        return new DaemonProcess(Cli.Start(
            environment, ["collect", "--no-status", "--db", scene.Db, "--openclaw-home", scene.Home.Path, .. interval, .. options]));
    }

    /// <summary>A shell that runs the tests in the background ignores Ctrl+C, and so would every program below it.</summary>
    public static void HeedInterrupts()
    {
        if (!OperatingSystem.IsWindows())
        {
            Handle(Interrupt, 0);
        }
    }

    /// <summary>Reads lines until one holds a text, and returns that one.</summary>
    public async Task<string> SaysAsync(string text)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
            {
                _said.Add(line);
                if (line.Contains(text, StringComparison.Ordinal))
                {
                    return line;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new InvalidOperationException($"The daemon did not say '{text}', but:\n{string.Join('\n', _said)}");
    }

    /// <summary>Reads to the end of what it says; returns its exit code and all lines that were read since its start.</summary>
    public async Task<(int ExitCode, IReadOnlyList<string> Said)> EndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        while (await _process.StandardError.ReadLineAsync(limit.Token) is { } line)
        {
            _said.Add(line);
        }

        await _process.WaitForExitAsync(limit.Token);
        (await _process.StandardOutput.ReadToEndAsync(limit.Token)).Should().BeEmpty("a daemon has no result");

        return (_process.ExitCode, _said);
    }

    /// <summary>Sends a signal again and again until it ends, without reading what it says; returns its exit code.</summary>
    public async Task<int> ExitCodeAsync(int signal)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!_process.HasExited)
        {
            _ = Send(_process.Id, signal);
            // Its end is awaited; the delay is how often the signal comes.
            await Task.WhenAny(_process.WaitForExitAsync(limit.Token), Task.Delay(100, limit.Token));
            limit.Token.ThrowIfCancellationRequested();
        }

        return _process.ExitCode;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public void Signal(int signal) => Send(_process.Id, signal).Should().Be(0);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    public const int HangUp = 1, Interrupt = 2, Terminate = 15;

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Send(int process, int signal);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Handle(int signal, nint handler);
}
