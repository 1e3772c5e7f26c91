using System.Diagnostics;
using System.Runtime.InteropServices;

namespace TokenGovernance.Benchmarks.Processes;

/// <summary>Runs a process from start to end and measures it. One at a time: CPU is that of all children that have ended.</summary>
static partial class Child
{
    const int Children = -1;

    /// <exception cref="InvalidOperationException">It failed.</exception>
    public static Measurement Run(string program, params IEnumerable<string> arguments)
    {
        var cpu = CpuOfChildren();
        var clock = Stopwatch.StartNew();
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        var peak = 0L;
        while (!process.WaitForExit(10))
        {
            // A process that has ended has no memory to ask about: what was seen last is the most it had.
            peak = Math.Max(peak, ProcFile.PeakBytes(process.Id));
        }

        var wall = clock.Elapsed.TotalSeconds;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {error.Result}{output.Result}");
        }

        return new Measurement(wall, CpuOfChildren() - cpu, peak, output.Result);
    }

    static unsafe double CpuOfChildren()
    {
        // struct rusage: user time, system time, then 14 more numbers.
        var usage = stackalloc long[32];
        if (GetResourceUsage(Children, usage) != 0)
        {
            return double.NaN;
        }

        return usage[0] + usage[2] + (usage[1] + usage[3]) / 1e6;
    }

    [LibraryImport("libc", EntryPoint = "getrusage")]
    private static unsafe partial int GetResourceUsage(int who, long* usage);
}
