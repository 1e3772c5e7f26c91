using System.Runtime.InteropServices;

namespace TokenGovernance.Cli;

/// <summary>What signals do after the first Ctrl+C or SIGTERM, which shuts the program down cleanly.</summary>
static class Signals
{
    /// <summary>`timeout` and others signal the process and its group: signals this close together count as one.</summary>
    static readonly TimeSpan SameSignal = TimeSpan.FromMilliseconds(250);

    static PosixSignalRegistration[] _registrations = [];
    static long _first;

    /// <summary>From now on a second SIGINT or SIGTERM ends the process at once, and SIGHUP is ignored.</summary>
    /// <remarks>Until the process has ended: a signal during shutdown must not change the exit code.</remarks>
    public static void Watch()
    {
        if (_registrations.Length == 0)
        {
            _registrations =
            [
                PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => EndOnSecond(signal, ExitCode.Interrupted)),
                PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => EndOnSecond(signal, ExitCode.Terminated)),

                // A daemon outlives the terminal it was started from.
                PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
            ];
        }
    }

    /// <summary>Ending at once is safe: what was not committed is read again by the next run.</summary>
    static void EndOnSecond(PosixSignalContext signal, int exitCode)
    {
        signal.Cancel = true;
        var now = TimeProvider.System.GetTimestamp();
        var first = Interlocked.CompareExchange(ref _first, now, 0);
        if (first != 0 && TimeProvider.System.GetElapsedTime(first, now) > SameSignal)
        {
            Environment.Exit(exitCode);
        }
    }
}
