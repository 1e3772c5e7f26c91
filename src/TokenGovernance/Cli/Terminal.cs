using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>What standard output can show.</summary>
static class Terminal
{
    const int DefaultWidth = 80;

    /// <summary>Plain text for pipes and files; no colour with `NO_COLOR` or on a dumb terminal.</summary>
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
            return Console.WindowWidth is > 0 and var width ? width : DefaultWidth;
        }
        catch (Exception e) when (e is IOException or PlatformNotSupportedException)
        {
            return DefaultWidth;
        }
    }
}
