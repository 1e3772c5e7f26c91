using System.CommandLine;
using TokenGovernance.Budgets;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Serving.Api;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>Answers queries with the verbs themselves: what is served is what they print, by the same grammar.</summary>
/// <param name="store">The store.</param>
/// <param name="db">What names it on the command line.</param>
/// <param name="configurationPath">The configuration file that was named; NULL: the default one, if it is there.</param>
sealed class QueryVerbs(IStore store, string db, string? configurationPath) : IQueries
{
    const int MostAlerts = 50;

    static readonly string[] TimeParameters = ["since", "until", "period", "tz"];

    readonly RootCommand _verbs = CommandLine.Create();

    public string Report(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var names = parameters.Where(parameter => parameter.Key == "name").Select(parameter => parameter.Value).Where(name => name.Length > 0).ToList();
        if (names.FirstOrDefault(name => !char.IsAsciiLetter(name[0])) is { } wrong)
        {
            // On the command line it would be an option, or a file of options.
            throw new BadQueryException($"There is no report '{wrong}'.");
        }

        var rest = parameters.Where(parameter => parameter.Key != "name").ToList();

        return MaskedJson.Of(Run("report", names, rest, "by", "where", "top", "sort", "since", "until", "period", "tz"));
    }

    public string Status(IReadOnlyList<KeyValuePair<string, string>> parameters) => Run("status", [], parameters, "tz");

    public string Quota(IReadOnlyList<KeyValuePair<string, string>> parameters) => Run("quota", [], parameters, ["history", .. TimeParameters]);

    public string Budget(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var settings = _verbs.Parse(Command("config", [])).Settings();

        Require(parameters, "budget", []);

        if (settings.HasLimits)
        {
            return Run("budget", [], parameters);
        }

        using var output = new StringWriter { NewLine = "\n" };
        BudgetJson.Write(output, JsonHead.Read(store, settings.Zone ?? TimeZones.Local), [], fired: null);

        return output.ToString();
    }

    public string Alerts(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        Require(parameters, "alerts", []);

        using var output = new StringWriter { NewLine = "\n" };
        BudgetJson.WriteAlerts(output, store.Read(reader => reader.ReadAlerts(MostAlerts)));

        return output.ToString();
    }

    string Run(string verb, IReadOnlyList<string> words, IReadOnlyList<KeyValuePair<string, string>> parameters, params string[] known)
    {
        Require(parameters, verb, known);

        // A value stands behind a sign, so it cannot be taken for an option.
        var options = parameters.Where(parameter => parameter.Value.Length > 0 || parameter.Key == "history")
            .Select(parameter => parameter.Key == "history" ? "--history" : $"--{parameter.Key}={parameter.Value}");
        var parse = _verbs.Parse(Command(verb, [.. words, "--json", $"--db={db}", .. options]));
        if (parse.Errors.Count > 0)
        {
            throw new BadQueryException(string.Join("\n", parse.Errors.Select(error => error.Message)));
        }

        using var output = new StringWriter();
        try
        {
            parse.Invoke(new InvocationConfiguration { Output = output, Error = TextWriter.Null, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (UsageException e)
        {
            throw new BadQueryException(e.Message);
        }

        return output.ToString();
    }

    string[] Command(string verb, IReadOnlyList<string> arguments) =>
        [verb, .. arguments, .. configurationPath is null ? Array.Empty<string>() : [$"--config={configurationPath}"]];

    static void Require(IReadOnlyList<KeyValuePair<string, string>> parameters, string verb, string[] known)
    {
        foreach (var (name, _) in parameters.Where(parameter => !known.Contains(parameter.Key, StringComparer.Ordinal)))
        {
            var right = known.Length == 0 ? "no parameters" : Values.List(known);
            var near = NearestWord.Find(name, known) is { } meant ? $" Did you mean '{meant}'?" : "";

            throw new BadQueryException($"{verb} takes {right}, not '{name}'.{near}");
        }
    }
}
