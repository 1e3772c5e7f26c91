using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>What standard output can show.</summary>
static class Terminal
{
    const int UsualWidth = 80;

    /// <summary>A pipe, a file and a test get plain text; `NO_COLOR` and a dumb terminal no colour.</summary>
    public static Screen Of(TextWriter output)
    {
        if (Console.IsOutputRedirected || !ReferenceEquals(output, Console.Out))
        {
            return default;
        }

        var isPlain = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || Environment.GetEnvironmentVariable("TERM") is "dumb";

        return new Screen(Width(), !isPlain);
    }

    static int Width()
    {
        try
        {
            return Console.WindowWidth is > 0 and var width ? width : UsualWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return UsualWidth;
        }
    }
}
