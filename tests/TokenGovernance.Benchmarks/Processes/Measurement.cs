namespace TokenGovernance.Benchmarks.Processes;

/// <summary>What one process took.</summary>
/// <param name="CpuSeconds">User and system time of the process and those it waited for.</param>
/// <param name="PeakBytes">The most memory it had resident, by the operating system's account; 0 if that is not known.</param>
sealed record Measurement(double WallSeconds, double CpuSeconds, long PeakBytes, string Output);
