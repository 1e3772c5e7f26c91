using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Serving.Mcp;

namespace TokenGovernance.Cli;

/// <summary>`mcp`: three read-only tools for agents, over standard input and output.</summary>
static class McpCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var command = new Command("mcp", "Answer agents over the Model Context Protocol on standard input and output. Reads only.") { db };
        command.SetAction(async (parse, stop) =>
        {
            // System.CommandLine handles Ctrl+C only after the action has returned its task.
            await Task.Yield();

            Signals.Watch();
            var (configuration, isNamed) = parse.ConfigurationPath();
            var server = new McpServer(new McpTools(new QueryVerbs(parse.OpenStore(db), parse.StoreName(db), isNamed ? configuration : null)), ProgramVersion.Text);
            await using var input = Console.OpenStandardInput();
            await using var output = Console.OpenStandardOutput();
            try
            {
                await server.RunAsync(input, output, stop).WaitAsync(stop);
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // It was told to stop, or the client is gone.
            }

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance mcp", "token-governance mcp --db ./data/token_usage.db");
    }
}
