using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Processes;

/// <summary>A daemon that says a line a pass, which is how its passes are counted.</summary>
sealed partial class RunningDaemon : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    const int Terminate = 15;

    readonly Process _process;
    readonly BlockingCollection<Pass> _passes = [];

    public RunningDaemon(string program, string home, string store, double intervalSeconds)
    {
        _process = Process.Start(new ProcessStartInfo(program,
        [
            "collect", "--openclaw-home", home, "--db", store, "--no-status", "--verbose", "--log-format", "json",
            "--interval-sec", intervalSeconds.ToString(CultureInfo.InvariantCulture),
        ])
        {
            RedirectStandardError = true,
        })!;
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _process.BeginErrorReadLine();
    }

    public double CpuSeconds => ProcFile.CpuSeconds(_process.Id);

    public long ResidentBytes => ProcFile.ResidentBytes(_process.Id);

    /// <summary>Returns the next pass that nobody has waited for yet.</summary>
    public Pass WaitForPass() =>
        _passes.TryTake(out var pass, Patience) ? pass : throw new TimeoutException("the daemon made no pass");

    public void WaitForPasses(int count)
    {
        for (var i = 0; i < count; i++)
        {
            WaitForPass();
        }
    }

    /// <summary>Forgets passes that have ended already.</summary>
    public void CatchUp()
    {
        while (_passes.TryTake(out _))
        {
        }
    }

    public void Dispose()
    {
        // In order, so that the store is one file again.
        _ = SendSignal(_process.Id, Terminate);
        _process.WaitForExit();
        _process.Dispose();
        _passes.Dispose();
    }

    void Read(string? line)
    {
        if (line is null)
        {
            return;
        }

        using var json = JsonDocument.Parse(line);
        if (json.RootElement.TryGetProperty("events_added", out var added))
        {
            _passes.Add(new Pass(added.GetInt64(), json.RootElement.GetProperty("milliseconds").GetInt64()));
        }
        else if (json.RootElement.GetProperty("level").GetString() is not "info")
        {
            Console.Error.WriteLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    /// <param name="Milliseconds">How long it took, whole ms.</param>
    public sealed record Pass(long EventsAdded, long Milliseconds);
}
