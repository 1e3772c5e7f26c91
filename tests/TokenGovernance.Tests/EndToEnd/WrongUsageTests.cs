using System.CommandLine;
using TokenGovernance.Cli;
using TokenGovernance.Cli.Arguments;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What is not understood is refused with exit code 2, in words that help.</summary>
public sealed class WrongUsageTests
{
    [Theory]
    [InlineData("Did you mean agents?", "report", "agnts")]
    [InlineData("Did you mean last-month?", "report", "last-mnth")]
    [InlineData("Did you mean agent?", "report", "--by", "agnet")]
    [InlineData("Did you mean chat-type?", "report", "--by", "agent,chattype")]
    [InlineData("Did you mean model?", "report", "--where", "modl=x")]
    [InlineData("such as agent=main", "report", "--where", "main")]
    [InlineData("choose a time with --since", "report", "--where", "day=2026-11-01")]
    [InlineData("Did you mean tokens?", "report", "--sort", "token")]
    [InlineData("Did you mean markdown?", "report", "--format", "markdwn")]
    [InlineData("Did you mean --since?", "report", "--sinec", "7d")]
    [InlineData("Did you mean --since?", "report", "--by", "agent", "--sinec", "7d")]
    [InlineData("Did you mean Europe/Vienna?", "report", "--tz", "Viena")]
    [InlineData("Did you mean America/New_York?", "export-csv", "--out-dir", "x", "--tz", "New York")]
    [InlineData("such as Europe/Vienna", "quota", "--tz", "Mars/Olympus")]
    [InlineData("Did you mean yesterday?", "report", "--since", "yesteday")]
    [InlineData("--since takes 7d", "export-csv", "--out-dir", "x", "--since", "5/6")]
    [InlineData("--until takes 7d", "export-csv", "--out-dir", "x", "--until", "2026-11-01 ")]
    [InlineData("--since takes 7d", "quota", "--history", "--since", "08:00")]
    [InlineData("Did you mean --since 2026-11-01 --until 2026-11-05?", "report", "--since", "2026-11-05", "--until", "2026-11-01")]
    [InlineData("Did you mean --since 2026-11-01 --until 2026-11-05?", "export-csv", "--out-dir", "x", "--since", "2026-11-05", "--until", "2026-11-01")]
    [InlineData("no time lies between", "report", "--since", "2026-11-01T08:00", "--until", "2026-11-01T08:00")]
    [InlineData("give --since too", "report", "today", "--until", "2020-01-01")]
    [InlineData("the one or the others", "report", "--period", "today", "--since", "7d")]
    [InlineData("is an instant", "report", "--period", "2026-11-01T08:00")]
    [InlineData("need --history", "quota", "--period", "today")]
    [InlineData("the one or the other", "report", "--json", "--format", "csv")]
    [InlineData("from 0.01 to 86400, not '1,5'. Decimals follow a point.", "collect", "--interval-sec", "1,5")]
    [InlineData("not '1,500'", "collect", "--status-timeout-sec", "1,500")]
    [InlineData("not ' 1'", "collect", "--interval-sec", " 1")]
    [InlineData("whole number from 1 on, not '0'", "collect", "--status-every", "0")]
    [InlineData("whole number from 1 on, not '1.5'", "report", "--top", "1.5")]
    [InlineData("--db is empty", "report", "--db", "")]
    [InlineData("--db is empty", "collect", "--db= ")]
    [InlineData("--out-dir is empty", "export-csv", "--out-dir", "")]
    [InlineData("--openclaw-home is empty", "collect", "--openclaw-home", "")]
    [InlineData("--openclaw-bin is empty", "doctor", "--openclaw-bin", "")]
    [InlineData("Did you mean powershell?", "completion", "powershel")]
    public void TheMessageSaysWhatIsRight(string message, params string[] args) => ErrorsOf(args).Should().Contain(message);

    [Theory]
    [InlineData("report", "--since", "5/6")]
    [InlineData("report", "agnts")]
    public void TheProgramSaysItOnStandardErrorAndExitsWithTwo(params string[] args)
    {
        var result = Cli.Run(args);

        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Error.Trim().Should().Be(ErrorsOf(args));
    }

    [Fact]
    public void NoMessageNamesATypeOfTheProgram()
    {
        var tree = CommandLine.Create();

        foreach (var verb in tree.Subcommands)
        {
            foreach (var option in verb.Options)
            {
                foreach (var value in new[] { "☃", "1e999", "true,false", "-" })
                {
                    var errors = tree.Parse([verb.Name, option.Name, value]).Errors.Select(error => error.Message).ToList();

                    errors.Should().NotContainMatch("*expected type*", $"{verb.Name} {option.Name} {value}").And.NotContainMatch("*System.*");
                }
            }
        }
    }

    /// <summary>What a command line is refused with, before anything is opened or read.</summary>
    static string ErrorsOf(string[] args)
    {
        var parse = CommandLine.Create().Parse(args);
        if (parse.Errors.Count > 0)
        {
            return string.Join('\n', parse.Errors.Select(error => error.Message));
        }

        var run = () => parse.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

        return run.Should().Throw<UsageException>().Which.Message;
    }
}
