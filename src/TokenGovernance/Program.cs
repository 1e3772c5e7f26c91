using System.CommandLine;
using System.CommandLine.Invocation;
using TokenGovernance.Cli;
using TokenGovernance.Model;

var root = CommandLine.Create();
var parse = root.Parse(args);
if (parse.Action is ParseErrorAction error)
{
    // Standard output is for results: neither suggestions nor help belong there.
    var toError = new InvocationConfiguration { Output = Console.Error };
    if (args.Length == 0)
    {
        await root.Parse("--help").InvokeAsync(toError);
    }
    else
    {
        error.ShowHelp = false;
        await parse.InvokeAsync(toError);
    }

    return ExitCode.Usage;
}

try
{
    return await parse.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        ProcessTerminationTimeout = TimeSpan.FromSeconds(10),
    });
}
catch (UserFacingException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");

    return ExitCode.Failed;
}
