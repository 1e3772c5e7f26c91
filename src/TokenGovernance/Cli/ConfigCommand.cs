using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Configuration;

namespace TokenGovernance.Cli;

/// <summary>`config`: the configuration file, checked and explained.</summary>
static class ConfigCommand
{
    public static Command Create()
    {
        var json = SharedOptions.Json();
        var check = new Command("check", "Read the configuration file and say what it means; exit 2 if something in it is wrong.") { json };
        check.SetAction(parse => Check(parse, parse.GetValue(json)));
        check.WithExamples("token-governance config check", "token-governance config check --config ./config.toml", "token-governance config check --json");
        var example = new Command("example", "Print a commented configuration file to begin with.");
        example.SetAction(parse => parse.InvocationConfiguration.Output.Write(ExampleFile.Text.ReplaceLineEndings("\n")));
        example.WithExamples("token-governance config example", "token-governance config example > config.toml");

        return new Command("config", "The configuration file: check it, or print one to begin with.") { check, example }
            .WithExamples("token-governance config check", "token-governance config example");
    }

    static int Check(ParseResult parse, bool isJson)
    {
        var output = parse.InvocationConfiguration.Output;
        var settings = parse.Settings();
        if (isJson)
        {
            ConfigJson.Write(output, settings, settings.Path ?? parse.ConfigurationPath().Path);

            return ExitCode.Ok;
        }

        if (settings.Path is null)
        {
            output.WriteLine($"There is no {parse.ConfigurationPath().Path}: defaults hold. Make one with 'token-governance config example'.");

            return ExitCode.Ok;
        }

        output.WriteLine($"{settings.Path} is right.");
        foreach (var (name, value) in SettingsText.Of(settings).Concat(LimitsText.Of(settings)))
        {
            output.WriteLine($"{name,-14}  {value}");
        }

        foreach (var warning in settings.Warnings)
        {
            parse.InvocationConfiguration.Error.WriteLine(warning);
        }

        return ExitCode.Ok;
    }
}
