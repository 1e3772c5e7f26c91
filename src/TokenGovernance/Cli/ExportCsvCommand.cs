using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Export;

namespace TokenGovernance.Cli;

/// <summary>`export-csv`: the store out as CSV files.</summary>
static class ExportCsvCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var outDir = new Option<string>("--out-dir", "-o") { Description = "Folder to write to; created if missing.", HelpName = "folder", Required = true };
        outDir.NotEmpty();
        var times = new TimeOptions();
        var excel = new Option<bool>("--excel") { Description = "Start each file with a byte order mark, so that Excel reads it as UTF-8." };
        var raw = new Option<bool>("--raw")
        {
            Description = "Write text cells as they are, for programs. Default: what a spreadsheet would run as a formula gets an apostrophe.",
        };
        var json = SharedOptions.Json();
        var command = new Command("export-csv", "Write usage_events.csv and provider_usage_snapshots.csv, for Power BI and spreadsheets.") { db, outDir };
        times.AddTo(command);
        command.Add(excel);
        command.Add(raw);
        command.Add(json);
        command.SetAction(parse =>
        {
            var range = times.Read(parse, TimeProvider.System.GetUtcNow());
            var store = parse.OpenStore(db);
            var export = new CsvExport { WithByteOrderMark = parse.GetValue(excel), IsRaw = parse.GetValue(raw) };
            var files = export.Write(store, DefaultPaths.Expand(parse.GetRequiredValue(outDir)), range);
            WriteResult(parse.InvocationConfiguration.Output, ExportReport.Of(files, range, times.ReadZone(parse)), parse.GetValue(json));
            parse.NoteIfEmpty(store, files[0].Rows);
            parse.NoteRemoved(store, range, "they are not in the export; 'report' has their sums.");

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance export-csv --out-dir ./exports",
            "token-governance export-csv --out-dir ./exports --period last-month",
            "token-governance export-csv --out-dir ./exports --since 2026-11-01 --until 2026-11-30 --tz UTC --excel");
    }

    static void WriteResult(TextWriter output, ExportReport report, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(report, ExportReportJson.Default.ExportReport));

            return;
        }

        foreach (var (path, rows) in report.Files)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{path}: {rows:#,##0} rows"));
        }
    }
}

/// <summary>The JSON of `export-csv --json`. Fields may be added, never renamed.</summary>
/// <param name="Since">UTC; NULL is open.</param>
/// <param name="Until">UTC, the first moment that does not belong; NULL is open.</param>
sealed record ExportReport(string? Since, string? Until, string TimeZone, IReadOnlyList<ExportedFile> Files)
{
    public static ExportReport Of(IReadOnlyList<(string Path, long Rows)> files, TimeRange range, TimeZoneInfo zone) => new(
        range.FromMs is { } from ? UtcTime.Format(from) : null,
        range.BeforeMs is { } before ? UtcTime.Format(before) : null,
        zone.Id,
        [.. files.Select(file => new ExportedFile(file.Path, file.Rows))]);
}

/// <summary>A file of an export and how many rows it has, the head not counted.</summary>
sealed record ExportedFile(string Path, long Rows);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ExportReport))]
sealed partial class ExportReportJson : JsonSerializerContext;
