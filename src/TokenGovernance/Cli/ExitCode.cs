namespace TokenGovernance.Cli;

/// <summary>What the process's exit code says. The table may grow; it never changes.</summary>
static class ExitCode
{
    /// <summary>Done; also a daemon that was asked to stop.</summary>
    public const int Ok = 0;

    /// <summary>Failed: no home, no store, …</summary>
    public const int Failed = 1;

    /// <summary>The command line was wrong.</summary>
    public const int Usage = 2;

    /// <summary>Done, but some sources could not be read.</summary>
    public const int SomeSourcesFailed = 3;

    /// <summary>`fleet`: the database could not be reached, or takes nothing now; nothing is lost.</summary>
    public const int NotReached = 3;

    /// <summary>`budget check`: a limit is reached.</summary>
    public const int BudgetExceeded = 4;

    /// <summary>A one-shot was interrupted, or a second Ctrl+C ended anything at once.</summary>
    public const int Interrupted = 130;

    /// <summary>A second SIGTERM ended the process at once.</summary>
    public const int Terminated = 143;
}
