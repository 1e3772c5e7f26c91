using System.ComponentModel;
using System.Diagnostics;

namespace TokenGovernance.Processes;

/// <summary>Runs a program without a shell, and never lets it do harm: bounded output, bounded time.</summary>
/// <remarks>
///     When the time is over, the output too much or the wait given up, the program and its descendants are killed. What a program
///     that ended by itself left running is its own business, also where it keeps the pipes open: they are not waited for. On
///     Unix a new process group would need a helper program or a race with exec, so none is made; the process tree serves.
/// </remarks>
static class ChildProcess
{
    const int MaxErrorBytes = 600;

    /// <summary>All that an ended program printed is in the pipes already: this is for fetching it.</summary>
    static readonly TimeSpan FetchTime = TimeSpan.FromSeconds(2);

    /// <summary>Runs a program to its end.</summary>
    /// <param name="start">The program, its arguments and environment; the streams are this method's business.</param>
    /// <param name="timeLimit">How long it may take.</param>
    /// <param name="maxOutput">Bytes it may print on standard output.</param>
    /// <param name="time">The clock of the time limit.</param>
    /// <param name="stop">Gives up at once.</param>
    /// <param name="input">What it gets on standard input; it need not read it.</param>
    /// <exception cref="OperationCanceledException"><paramref name="stop" /> was requested; the program is dead.</exception>
    public static async Task<ChildResult> RunAsync(
        ProcessStartInfo start, TimeSpan timeLimit, int maxOutput, TimeProvider time, CancellationToken stop, ReadOnlyMemory<byte> input = default)
    {
        stop.ThrowIfCancellationRequested();
        using var process = new Process { StartInfo = Detach(start) };
        try
        {
            process.Start();
        }
        catch (Win32Exception e)
        {
            return new ChildResult(ChildEnd.NotStarted, null, [], []) { StartError = e.Message };
        }

        using var limit = new CancellationTokenSource(timeLimit, time);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        using var leave = new CancellationTokenSource();
        var writing = WriteInputAsync(process, input, leave.Token);
        var output = new ChildOutput(maxOutput, keepsEnd: false);
        var errors = new ChildOutput(MaxErrorBytes, keepsEnd: true);
        var reading = Task.WhenAll(
            ReadOutputAsync(process.StandardOutput.BaseStream),
            errors.ReadAsync(process.StandardError.BaseStream, leave.Token));
        try
        {
            await process.WaitForExitAsync(end.Token);
            await reading.WaitAsync(FetchTime, TimeProvider.System, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
        }
        finally
        {
            await leave.CancelAsync();
            await writing;
        }

        stop.ThrowIfCancellationRequested();
        var how = output.IsOverfull ? ChildEnd.TooMuchOutput : process.HasExited && !end.IsCancellationRequested ? ChildEnd.Exited : ChildEnd.TimedOut;

        return new ChildResult(how, how is ChildEnd.Exited ? process.ExitCode : null, output.ToArray(), errors.ToArray())
        {
            ErrorsAreCut = errors.IsOverfull,
        };

        async Task ReadOutputAsync(Stream stream)
        {
            await output.ReadAsync(stream, leave.Token);
            if (output.IsOverfull)
            {
                await end.CancelAsync();
            }
        }
    }

    /// <summary>Writes the input and ends it; a program that does not read it is no error.</summary>
    static async Task WriteInputAsync(Process process, ReadOnlyMemory<byte> input, CancellationToken leave)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(input, leave);
            process.StandardInput.Close();
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // It ended, or closed its input, before it had read all.
        }
    }

    static ProcessStartInfo Detach(ProcessStartInfo start)
    {
        start.UseShellExecute = false;
        start.CreateNoWindow = true;
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        if (OperatingSystem.IsWindows())
        {
            start.CreateNewProcessGroup = true;
        }

        return start;
    }

    static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It, or a part of it, ended by itself meanwhile.
        }
    }
}

/// <summary>What came of running a program.</summary>
/// <param name="ExitCode">Of a program that ended by itself; a signal counts as 128 and its number on Unix.</param>
/// <param name="Output">What it printed on standard output.</param>
/// <param name="Errors">The last of what it printed on standard error.</param>
sealed record ChildResult(ChildEnd End, int? ExitCode, byte[] Output, byte[] Errors)
{
    /// <summary><see cref="Errors" /> begins somewhere in the middle.</summary>
    public bool ErrorsAreCut { get; init; }

    /// <summary>Why it could not be started.</summary>
    public string? StartError { get; init; }
}

/// <summary>How running a program ended.</summary>
enum ChildEnd
{
    Exited,
    NotStarted,
    TimedOut,
    TooMuchOutput,
}
