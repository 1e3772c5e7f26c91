using System.CommandLine;
using System.CommandLine.Invocation;
using TokenGovernance.Cli;
using TokenGovernance.Model;

// Each connection is used by one thread at a time: SQLite need not lock at every call. Nor need it count, under a lock that
// all threads share, the bytes it has allocated.
SQLitePCL.Batteries_V2.Init();
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MULTITHREAD);
SQLitePCL.raw.sqlite3_config(SQLitePCL.raw.SQLITE_CONFIG_MEMSTATUS, 0);

var root = new RootCommand("Who spends your OpenClaw tokens, on what, and what it costs: a durable history of every model response.")
{
    InitCommand.Create(),
    CollectCommand.Create(),
    ExportCsvCommand.Create(),
    DoctorCommand.Create(),
};

var parse = root.Parse(args);
if (parse.Action is ParseErrorAction error)
{
    // Suggestions would go to standard output, which is for results.
    error.ShowHelp = false;
    await parse.InvokeAsync(new InvocationConfiguration { Output = Console.Error });

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
