using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Sources.OpenClaw;

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
            CustomParser = ReportArguments.ParseDimensions,
        };
        by.CompletionSources.Add([.. Dimensions.Names]);
        var since = new Option<string?>("--since") { Description = $"First day or moment, local, by the start of the call: {Period.Forms}.", HelpName = "time" };
        var until = new Option<string?>("--until") { Description = "Last day, or the moment before which to end.", HelpName = "time" };
        var zone = new Option<TimeZoneInfo?>("--tz")
        {
            Description = "Whose days and hours: a time zone such as Europe/Vienna, or UTC. Default: the configuration's, else this machine's.",
            HelpName = "zone",
            CustomParser = ReportArguments.ParseZone,
        };
        var where = new Option<IReadOnlyList<NameFilter>?>("--where")
        {
            Description = $"Only usage of a name, or (with !=) without it: agent=main. Of one dimension any will do. Of: {string.Join(", ", Dimensions.FilterNames)}.",
            HelpName = "name=value",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
            CustomParser = ReportArguments.ParseFilters,
        };
        var top = new Option<int?>("--top") { Description = "How many rows; the rest is added up.", HelpName = "rows" };
        top.Validators.Add(result => result.RequireNumber("--top", new Limits(1, int.MaxValue)));
        var sort = new Option<SortBy?>("--sort") { Description = "What comes first: the largest cost, tokens or events. Default: cost; days and the like in their order.", HelpName = "cost|tokens|events" };
        var format = new Option<string>("--format") { Description = "How it is written.", HelpName = "table|json|csv|markdown", DefaultValueFactory = _ => Formats[0] };
        format.AcceptOnlyFromAmong(Formats);
        var estimate = new Option<bool>("--estimate") { Description = "With 'report costs': what unpriced usage would cost at list price, apart from what is known." };
        var prices = new Option<string?>("--prices") { Description = "With --estimate: further list prices, a JSON file in LiteLLM's format.", HelpName = "file" };
        var home = new Option<string[]>("--openclaw-home")
        {
            Description = "With --estimate: the OpenClaw whose openclaw.json has prices; may be given several times. Default: as 'collect'.",
            HelpName = "folder",
        };
        var command = new Command("report", "Show who used what and what it cost: by agent, model, channel, job, session, day, …")
        {
            name, db, by, since, until, zone, where, top, sort, format, estimate, prices, home,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(estimate) is { Implicit: false } && result.GetValue(name) != Preset.Costs.Name)
            {
                result.AddError("--estimate belongs to 'report costs'.");
            }

            if (result.GetResult(estimate) is null or { Implicit: true } && (result.GetResult(prices) ?? result.GetResult(home)) is { Implicit: false })
            {
                result.AddError("--prices and --openclaw-home need --estimate.");
            }
        });
        command.SetAction(parse =>
        {
            var preset = Preset.All.FirstOrDefault(preset => preset.Name == parse.GetValue(name)) ?? Preset.Default;
            var local = parse.Zone(zone);
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

            using var store = parse.OpenStore(db);
            var report = Report.Read(store, query);
            Write(
                parse.InvocationConfiguration.Output,
                parse.GetValue(format)!,
                report,
                parse.GetValue(estimate) ? Estimate.Of(report, ReadPrices(parse.HomePaths(home), parse.GetValue(prices))) : null);

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance report today",
            "token-governance report --by agent,model --since 7d",
            "token-governance report --by day --since 2026-11-01 --tz Europe/Vienna --where agent=main",
            "token-governance report sessions --top 5 --format markdown",
            "token-governance report costs --estimate --prices ./model_prices.json",
            "token-governance report trend --format json");
    }

    static void Write(TextWriter output, string format, Report report, Estimate? estimate)
    {
        switch (format)
        {
            case "json":
                JsonFormat.Write(output, report, json => estimate?.WriteJson(json));
                break;
            case "csv" when estimate is not null:
                throw new UsageException("An estimate is written as table, json or markdown: in one CSV it would mix with what was recorded.");
            case "csv":
                CsvFormat.Write(output, report);
                break;
            case "markdown":
                MarkdownFormat.Write(output, report);
                estimate?.WriteTable(output, isMarkdown: true, width: null);
                break;
            default:
                TableFormat.Write(output, report, Terminal.Of(output));
                estimate?.WriteTable(output, isMarkdown: false, Terminal.Of(output).Width);
                break;
        }
    }

    static PriceList ReadPrices(IReadOnlyList<string> homes, string? file)
    {
        var prices = new PriceList();
        foreach (var home in homes)
        {
            PriceReader.AddOpenClaw(prices, home);
        }

        if (file is not null)
        {
            PriceReader.AddPriceFile(prices, DefaultPaths.Expand(file));
        }

        return prices;
    }

    /// <summary>Reads a bound that was given; NULL if none was.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static long? Bound(Period period, string option, string? text, bool isEnd)
    {
        if (text is null)
        {
            return null;
        }

        return period.Parse(text, isEnd) ?? throw new UsageException($"{option} takes {Period.Forms}, not '{text}'.");
    }
}
