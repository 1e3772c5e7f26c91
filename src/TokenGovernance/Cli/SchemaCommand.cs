using System.CommandLine;
using TokenGovernance.Cli.Arguments;

namespace TokenGovernance.Cli;

/// <summary>`schema`: the JSON Schema of what a verb prints with `--json`.</summary>
static class SchemaCommand
{
    public static Command Create()
    {
        var verb = new Argument<string[]>("verb")
        {
            Description = $"The verb: {Values.List(JsonSchemas.Verbs)}.",
            HelpName = "verb",
            Arity = ArgumentArity.OneOrMore,
        };
        verb.CompletionSources.Add([.. JsonSchemas.Verbs.SelectMany(name => name.Split(' ')).Distinct()]);
        verb.Validators.Add(result =>
        {
            var name = string.Join(' ', result.Tokens.Select(token => token.Value));
            if (!JsonSchemas.Verbs.Contains(name))
            {
                result.AddError(Values.Wrong("schema", Values.List(JsonSchemas.Verbs), name, JsonSchemas.Verbs));
            }
        });
        var command = new Command("schema", "Print the JSON Schema of what a verb prints with --json.") { verb };
        command.SetAction(parse => parse.InvocationConfiguration.Output.Write(JsonSchemas.Read(string.Join(' ', parse.GetRequiredValue(verb)))));

        return command.WithExamples("token-governance schema report", "token-governance schema budget check");
    }
}
