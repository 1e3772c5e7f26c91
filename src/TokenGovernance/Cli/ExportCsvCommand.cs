using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Export;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`export-csv`: the store out as CSV files.</summary>
static class ExportCsvCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var outDir = new Option<string>("--out-dir", "-o") { Description = "Folder to write into; made if missing.", HelpName = "folder", Required = true };
        var since = Bound("--since", "First UTC day (2026-11-01) or instant to include, by the start of the call.", isEnd: false);
        var until = Bound("--until", "Last UTC day to include, or the instant before which to end.", isEnd: true);
        var excel = new Option<bool>("--excel") { Description = "Begin each file with a byte order mark, so that Excel reads it as UTF-8." };
        var command = new Command("export-csv", "Write usage_events.csv and provider_usage_snapshots.csv for Power BI and spreadsheets.")
        {
            db, outDir, since, until, excel,
        };
        command.SetAction(parse =>
        {
            using var store = parse.OpenStore(db);

            return Run(
                store,
                DefaultPaths.Expand(parse.GetRequiredValue(outDir)),
                new TimeRange(parse.GetValue(since), parse.GetValue(until)),
                parse.GetValue(excel),
                parse.InvocationConfiguration.Output);
        });

        return command.WithExamples(
            "token-governance export-csv --out-dir ./exports",
            "token-governance export-csv --out-dir ./exports --since 2026-11-01 --until 2026-11-30 --excel");
    }

    static int Run(UsageStore store, string folder, TimeRange range, bool withByteOrderMark, TextWriter output)
    {
        foreach (var (path, rows) in new CsvExport(withByteOrderMark).Write(store, folder, range))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {rows:#,##0} rows"));
        }

        return ExitCode.Ok;
    }

    static Option<long?> Bound(string name, string description, bool isEnd) => new(name)
    {
        Description = description,
        HelpName = "time",
        CustomParser = result => Parse(result, name, isEnd),
    };

    static long? Parse(ArgumentResult result, string name, bool isEnd)
    {
        var text = result.Tokens[0].Value;
        if (TimeRange.ParseBound(text, isEnd) is { } ms)
        {
            return ms;
        }

        result.AddError($"{name} takes a day such as 2026-11-01 or a time such as 2026-11-01T08:00:00Z, not '{text}'.");

        return null;
    }
}
