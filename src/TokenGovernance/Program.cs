using System.CommandLine;
using System.CommandLine.Invocation;
using TokenGovernance.Cli;
using TokenGovernance.Cli.Arguments;

// Each connection is used by one thread at a time: SQLite need not lock at every call. Nor need it count, under a lock that
// all threads share, the bytes it has allocated.
SQLitePCL.Batteries_V2.Init();
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);

StandardStreams.Guard();
var parse = CommandLine.Create().Parse(args);
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
    await (args.Length == 0 ? CommandLine.Create().Parse("--help") : parse).InvokeAsync(toError);

    return ExitCode.Usage;
}
