using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>`schema`: the JSON Schema of what a verb prints with `--json`.</summary>
static class SchemaCommand
{
    public static Command Create()
    {
        var verb = new Argument<string>("verb") { Description = $"The verb: {Values.List([.. JsonSchemas.All.Keys])}.", HelpName = "verb" };
        verb.AcceptOnly("schema", [.. JsonSchemas.All.Keys]);
        var command = new Command("schema", "Print the JSON Schema of what a verb prints with --json.") { verb };
        command.SetAction(parse => parse.InvocationConfiguration.Output.WriteLine(JsonSchemas.All[parse.GetRequiredValue(verb)].ReplaceLineEndings("\n")));

        return command.WithExamples("token-governance schema report", "token-governance schema status");
    }
}
