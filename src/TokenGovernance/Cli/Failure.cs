using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>What becomes of an exception that ended a verb: one line on standard error, and an exit code.</summary>
static class Failure
{
    /// <param name="exception">The exception.</param>
    /// <param name="isVerbose">Also says where a failure that nobody foresaw happened.</param>
    /// <param name="error">Standard error.</param>
    /// <returns>The exit code.</returns>
    public static int Report(Exception exception, bool isVerbose, TextWriter error)
    {
        switch (exception)
        {
            case UsageException:
                error.WriteLine(exception.Message);

                return ExitCode.Usage;
            case FleetUnreachableException:
                error.WriteLine($"error: {exception.Message}");

                return ExitCode.NotReached;
            case UserFacingException or OutputException:
                error.WriteLine($"error: {exception.Message}");

                return ExitCode.Failed;
            case OperationCanceledException:
                return ExitCode.Interrupted;
        }

        var what = PrintableText.Of($"{exception.GetType().Name}: {exception.Message.ReplaceLineEndings(" ")}");
        error.WriteLine(isVerbose ? $"error: internal error ({what})" : $"error: internal error ({what}). Run with --verbose to see where.");
        if (isVerbose)
        {
            error.WriteLine(exception);
        }

        return ExitCode.Failed;
    }
}
