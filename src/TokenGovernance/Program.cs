using System.CommandLine;
using System.CommandLine.Invocation;
using TokenGovernance.Cli;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;

// Each connection is used by one thread at a time: SQLite need not lock at every call. Nor need it count, under a lock that
// all threads share, the bytes it has allocated.
SQLitePCL.Batteries_V2.Init();
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);

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
catch (UsageException e)
{
    await Console.Error.WriteLineAsync(e.Message);

    return ExitCode.Usage;
}
catch (UserFacingException e)
{
    await Console.Error.WriteLineAsync($"error: {e.Message}");

    return ExitCode.Failed;
}
