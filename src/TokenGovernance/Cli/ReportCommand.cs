using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Reports.Pages;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`report`: who used what, and what it cost.</summary>
static class ReportCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var options = new ReportOptions();
        var command = new Command("report", "Show who used what and what it cost: by agent, model, channel, job, session, day, …") { db };
        options.AddTo(command, db);
        command.SetAction(parse =>
        {
            var query = options.ReadQuery(parse, TimeProvider.System.GetUtcNow());
            var hasChart = options.ReadFormat(parse) == "table" && Terminal.Of(parse.InvocationConfiguration.Output).Width is not null;
            var store = parse.OpenStore(db);
            store.RequireNodes([.. query.By, .. query.Where.Select(filter => filter.Dimension)]);
            if (options.WantsComparison(parse))
            {
                var comparison = Comparison.Read(store, query, options.ReadPair(parse, query));
                Write(parse.InvocationConfiguration.Output, options.ReadFormat(parse), comparison);
                NoteIfNothing(comparison.Now.Totals.All.Events + comparison.Before.Totals.All.Events);

                return ExitCode.Ok;
            }

            NoteMissingKeys(parse, store, query);
            var report = Report.Read(store, query with { WithDays = hasChart && !query.By.Any(dimension => dimension.IsTime()) });
            var estimate = options.WantsEstimate(parse)
                ? Estimate.Of(report, ReadPrices(options.ReadHomes(parse), options.ReadPriceFile(parse)))
                : null;
            Write(parse.InvocationConfiguration.Output, options.ReadFormat(parse), report, estimate);
            NoteIfNothing(report.Totals.All.Events);
            if (report.Query.Range != query.Range)
            {
                parse.NoteRemoved(store, query.Range, "of these there are sums of quarters of an hour only, so the report begins and ends with one.");
            }

            return ExitCode.Ok;

            void NoteIfNothing(long events)
            {
                parse.NoteIfEmpty(store, events);
                if (events == 0)
                {
                    parse.NoteUnknownNames(query.Where, db);
                }
            }
        });

        return command.WithExamples(
            "token-governance report today",
            "token-governance report --by agent,model --since 7d",
            "token-governance report compare --by agent,model --period week",
            "token-governance report jobs --period last-month",
            "token-governance report --by day --since 2026-11-01 --tz Europe/Vienna --where agent=main",
            "token-governance report sessions --top 5 --format markdown",
            "token-governance report trend --format html > trend.html",
            "token-governance report costs --estimate --prices ./model_prices.json",
            "token-governance report trend --json");
    }

    /// <summary>Says of which nodes it is not known who started whom.</summary>
    static void NoteMissingKeys(ParseResult parse, IStore store, ReportQuery query)
    {
        if (query.By.Concat(query.Where.Select(filter => filter.Dimension)).Contains(Dimension.Parent) && store.Read(reader => reader.ReadNodesWithoutKeys()) is { Count: > 0 } nodes)
        {
            parse.InvocationConfiguration.Error.WriteLine(
                $"These nodes push no keys of sessions, so each session of theirs stands for itself: {PrintableText.Of(string.Join(", ", nodes))}. Set columns = \"all\" in [fleet] there to change that.");
        }
    }

    static void Write(TextWriter output, string format, Comparison comparison)
    {
        switch (format)
        {
            case "json":
                ComparisonData.WriteJson(output, comparison);
                break;
            case "csv":
                ComparisonData.WriteCsv(output, comparison);
                break;
            default:
                Write(output, format, ComparisonSheet.Of(comparison));
                break;
        }
    }

    static void Write(TextWriter output, string format, Sheet sheet)
    {
        switch (format)
        {
            case "markdown":
                MarkdownFormat.Write(output, sheet);
                break;
            case "html":
                HtmlPage.Write(output, sheet);
                break;
            case "svg":
                SvgChart.Write(output, sheet);
                break;
            default:
                TableFormat.Write(output, sheet, Terminal.Of(output));
                break;
        }
    }

    static void Write(TextWriter output, string format, Report report, Estimate? estimate)
    {
        switch (format)
        {
            case "json":
                JsonFormat.Write(output, report, json => estimate?.WriteJson(json));
                break;
            case "csv" or "html" or "svg" when estimate is not null:
                throw new UsageException("An estimate is written as table, json or markdown: elsewhere it would mix with what was recorded.");
            case "csv":
                CsvFormat.Write(output, report);
                break;
            case "markdown":
                MarkdownFormat.Write(output, report);
                estimate?.WriteTable(output, isMarkdown: true, width: null);
                break;
            case "html" or "svg":
                Write(output, format, ReportSheet.Of(report));
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
            PriceReader.AddPriceFile(prices, file);
        }

        return prices;
    }
}
