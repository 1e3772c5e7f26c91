using System.Runtime.InteropServices;

namespace TokenGovernance.Cli;

/// <summary>What signals do beyond the first Ctrl+C or SIGTERM, which ends a pass in order.</summary>
static class Signals
{
    /// <summary>Until disposed: a second SIGINT or SIGTERM ends the process at once, and SIGHUP is ignored.</summary>
    public static IDisposable Watch() => new Registrations();

    sealed class Registrations : IDisposable
    {
        readonly PosixSignalRegistration[] _all;
        int _count;

        public Registrations() => _all =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, _ => EndOnSecond(ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => EndOnSecond(ExitCode.Terminated)),

            // A daemon outlives the terminal it was started from.
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => signal.Cancel = true),
        ];

        public void Dispose() => Array.ForEach(_all, registration => registration.Dispose());

        /// <summary>The store is safe at any moment: what is not committed is read again.</summary>
        void EndOnSecond(int exitCode)
        {
            if (Interlocked.Increment(ref _count) > 1)
            {
                Environment.Exit(exitCode);
            }
        }
    }
}
