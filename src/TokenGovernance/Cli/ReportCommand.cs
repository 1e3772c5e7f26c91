using System.CommandLine;
using System.CommandLine.Parsing;
using TokenGovernance.Model;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`report`: who used what, and what it cost.</summary>
static class ReportCommand
{
    static readonly string[] Formats = ["table", "json", "csv", "markdown"];

    public static Command Create()
    {
        var db = SharedOptions.Db();
        var name = new Argument<string?>("name")
        {
            Description = $"A ready-made report: {string.Join(", ", Preset.All.Select(preset => $"{preset.Name} ({preset.Says})"))}. None: {Preset.Default.Says}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.AcceptOnlyFromAmong([.. Preset.All.Select(preset => preset.Name)]);
        var by = new Option<IReadOnlyList<Dimension>?>("--by")
        {
            Description = $"What rows are made of: one or several of {string.Join(", ", Dimensions.Names)}.",
            HelpName = "names",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseDimensions,
        };
        by.CompletionSources.Add([.. Dimensions.Names]);
        var since = new Option<string?>("--since") { Description = $"First day or moment, local, by the start of the call: {Period.Forms}.", HelpName = "time" };
        var until = new Option<string?>("--until") { Description = "Last day, or the moment before which to end.", HelpName = "time" };
        var zone = new Option<TimeZoneInfo?>("--tz")
        {
            Description = "Whose days and hours: a time zone such as Europe/Vienna, or UTC. Default: this machine's.",
            HelpName = "zone",
            CustomParser = ParseZone,
        };
        var where = new Option<IReadOnlyList<NameFilter>?>("--where")
        {
            Description = $"Only usage of a name, or (with !=) without it: agent=main. Of one dimension any will do. Of: {string.Join(", ", Dimensions.FilterNames)}.",
            HelpName = "name=value",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ParseFilters,
        };
        var top = new Option<int?>("--top") { Description = "How many rows; the rest is added up.", HelpName = "rows" };
        top.Validators.Add(result => result.RequireNumber("--top", 1, int.MaxValue));
        var sort = new Option<SortBy?>("--sort") { Description = "What comes first: the largest cost, tokens or events. Default: cost; days and the like in their order.", HelpName = "cost|tokens|events" };
        var format = new Option<string>("--format") { Description = "How it is written.", HelpName = "table|json|csv|markdown", DefaultValueFactory = _ => Formats[0] };
        format.AcceptOnlyFromAmong(Formats);
        var command = new Command("report", "Show who used what and what it cost: by agent, model, channel, job, session, day, …")
        {
            name, db, by, since, until, zone, where, top, sort, format,
        };
        command.SetAction(parse =>
        {
            var preset = Preset.All.FirstOrDefault(preset => preset.Name == parse.GetValue(name)) ?? Preset.Default;
            var local = parse.GetValue(zone) ?? TimeZoneInfo.Local;
            var period = new Period(local, TimeProvider.System.GetUtcNow());
            var query = new ReportQuery
            {
                By = parse.GetValue(by) ?? preset.By,
                Zone = local,
                Range = new TimeRange(
                    Bound(period, "--since", parse.GetValue(since) ?? preset.Since, isEnd: false) ?? (preset.IsThisMonth ? period.ThisMonth() : null),
                    Bound(period, "--until", parse.GetValue(until), isEnd: true)),
                Where = NameFilter.Join([.. preset.Where, .. parse.GetValue(where) ?? []]),
                Top = parse.GetValue(top) ?? preset.Top,
                Sort = parse.GetValue(sort),
            };

            return Run(parse.StorePath(db), query, parse.GetValue(format)!, parse.InvocationConfiguration.Output);
        });

        return command.WithExamples(
            "token-governance report today",
            "token-governance report --by agent,model --since 7d",
            "token-governance report --by day --since 2026-11-01 --tz Europe/Vienna --where agent=main",
            "token-governance report sessions --top 5 --format markdown",
            "token-governance report trend --format json");
    }

    static int Run(string storePath, ReportQuery query, string format, TextWriter output)
    {
        using var store = UsageStore.OpenExisting(storePath);
        var report = Report.Read(store, query);
        switch (format)
        {
            case "json":
                JsonFormat.Write(output, report);
                break;
            case "csv":
                CsvFormat.Write(output, report);
                break;
            case "markdown":
                MarkdownFormat.Write(output, report);
                break;
            default:
                TableFormat.Write(output, report, Terminal.Of(output));
                break;
        }

        return ExitCode.Ok;
    }

    static long? Bound(Period period, string option, string? text, bool isEnd)
    {
        if (text is null)
        {
            return null;
        }

        return period.Parse(text, isEnd) ?? throw new UsageException($"{option} takes {Period.Forms}, not '{text}'.");
    }

    static List<Dimension>? ParseDimensions(ArgumentResult result)
    {
        var dimensions = new List<Dimension>();
        foreach (var word in result.Tokens.SelectMany(token => token.Value.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (Dimensions.Find(word) is not { } dimension)
            {
                result.AddError($"--by takes {string.Join(", ", Dimensions.Names)}, not '{word}'.");

                return null;
            }

            if (!dimensions.Contains(dimension))
            {
                dimensions.Add(dimension);
            }
        }

        if (dimensions.Count == 0)
        {
            result.AddError($"--by takes one or several of {string.Join(", ", Dimensions.Names)}.");
        }

        return dimensions;
    }

    static List<NameFilter>? ParseFilters(ArgumentResult result)
    {
        var filters = new List<NameFilter>();
        foreach (var token in result.Tokens)
        {
            if (NameFilter.Parse(token.Value) is not { } filter)
            {
                result.AddError($"--where takes a name and a value, such as agent=main, not '{token.Value}'. Names: {string.Join(", ", Dimensions.FilterNames)}.");

                return null;
            }

            filters.Add(filter);
        }

        return filters;
    }

    static TimeZoneInfo? ParseZone(ArgumentResult result)
    {
        var id = result.Tokens[0].Value;
        if (id == "local")
        {
            return TimeZoneInfo.Local;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }

        result.AddError($"--tz knows no time zone '{id}'. It takes names such as Europe/Vienna, America/New_York or UTC.");

        return null;
    }
}
