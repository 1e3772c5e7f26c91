using System.Globalization;

namespace TokenGovernance.Benchmarks.Processes;

/// <summary>What Linux says of a running process in `/proc`; 0 where there is no such file.</summary>
static class ProcFile
{
    const double TicksPerSecond = 100;

    public static long PeakBytes(int process) => Status(process, "VmHWM:");

    public static long ResidentBytes(int process) => Status(process, "VmRSS:");

    /// <summary>User and system time so far, to 10 ms.</summary>
    public static double CpuSeconds(int process)
    {
        try
        {
            // The name, in parentheses, may hold spaces: count from behind it.
            var stat = File.ReadAllText($"/proc/{process}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

            return (long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond;
        }
        catch (IOException)
        {
            return 0;
        }
    }

    static long Status(int process, string name)
    {
        try
        {
            var line = File.ReadLines($"/proc/{process}/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));

            return line is null ? 0 : long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
