using System.CommandLine;
using System.CommandLine.Invocation;
using TokenGovernance.Cli;
using TokenGovernance.Cli.Arguments;

StandardStreams.Guard();
var parse = CommandLine.Parse(args);
try
{
    return parse.Action is ParseErrorAction error ? await TellUsageAsync(error) : await parse.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
    });
}
catch (Exception e)
{
    return Failure.Report(e, parse.IsVerbose(), Console.Error);
}

async Task<int> TellUsageAsync(ParseErrorAction error)
{
    // Standard output is for results: neither suggestions nor help belong there.
    var toError = new InvocationConfiguration { Output = Console.Error };
    error.ShowHelp = false;
    await parse.InvokeAsync(toError);

    return ExitCode.Usage;
}
