using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Export;
using TokenGovernance.Export.Parquet;

namespace TokenGovernance.Cli;

/// <summary>`export-parquet`: the store out as Parquet files.</summary>
static class ExportParquetCommand
{
    const string WithPeerIds = "all", WithoutPeerIds = "no-peer-ids";

    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var outDir = new Option<string>("--out-dir", "-o") { Description = "Folder to write to; created if missing. A store has a folder of its own.", HelpName = "folder", Required = true };
        outDir.NotEmpty();
        var times = new TimeOptions(isUtc: true);
        var partition = Choice("--partition", "One file for each month or day, in a folder as Hive names it, or one file.", "month", "day", "none");
        var columns = Choice("--columns", "Whether session keys are written as they are, with the ids of people and groups, and paths too.", WithoutPeerIds, WithPeerIds);
        var incremental = new Option<bool>("--incremental")
        {
            Description = "Write only months (or days) that changed since the last export into the folder.",
        };
        var compression = Choice("--compression", "How pages are compressed.", "zstd", "snappy", "none");
        var json = SharedOptions.Json();
        var command = new Command("export-parquet", "Write the store as Parquet files by month, for DuckDB, Spark, Fabric, pandas and Power BI.") { db, outDir };
        times.AddTo(command);
        Array.ForEach<Option>([partition, columns, incremental, compression, json], command.Options.Add);
        command.SetAction(parse =>
        {
            var options = new ParquetOptions(
                times.Read(parse, TimeProvider.System.GetUtcNow()),
                Enum.Parse<PartitionUnit>(parse.GetValue(partition)!, ignoreCase: true),
                times.ReadZone(parse),
                parse.GetValue(columns) == WithPeerIds,
                Enum.Parse<ParquetCompression>(parse.GetValue(compression)!, ignoreCase: true),
                $"token-governance version {ProgramVersion.Text}");
            var (store, folder) = (parse.OpenStore(db), DefaultPaths.Expand(parse.GetRequiredValue(outDir)));
            if (store.HasNodes && parse.GetValue(incremental))
            {
                throw new UsageException("--incremental goes by what a store says has changed, and the database of a fleet does not say it: leave it out.");
            }

            var result = new ParquetExport(folder, options, TimeProvider.System).Write(store, parse.GetValue(incremental));
            WriteResult(parse.InvocationConfiguration.Output, folder, options, result, parse.GetValue(json));
            Tell(parse.InvocationConfiguration.Error, folder, result);
            parse.NoteRemoved(store, options.Range, "they are in the export only if an earlier one wrote them into the folder; 'report' has their sums.");
            if (result is { Written: [], Unchanged: 0 })
            {
                parse.NoteIfEmpty(store, 0);
            }

            return result.Failed.Count == 0 ? ExitCode.Ok : ExitCode.SomeSourcesFailed;
        });

        return command.WithExamples(
            "token-governance export-parquet --out-dir ./lake",
            "token-governance export-parquet --out-dir ./lake --incremental",
            "token-governance export-parquet --out-dir ./november --period 2026-11 --partition none --columns all");
    }

    /// <summary>An option that takes one of some words; the first unless it is given.</summary>
    static Option<string> Choice(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = $"{description} {Values.List(words)}. Default: {words[0]}.", HelpName = "word", DefaultValueFactory = _ => words[0] };
        option.AcceptOnly(words);

        return option;
    }

    static void WriteResult(TextWriter output, string folder, ParquetOptions options, ParquetResult result, bool asJson)
    {
        if (asJson)
        {
            output.WriteLine(JsonSerializer.Serialize(ParquetReport.Of(folder, options, result), ParquetReportJson.Default.ParquetReport));

            return;
        }

        foreach (var file in result.Written)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Path.Combine(folder, file.Path)}: {file.Rows:#,##0} rows"));
        }

        if (result.IsIncremental)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{result.Written.Count} files written, {result.Unchanged} are as they were."));
        }
    }

    static void Tell(TextWriter error, string folder, ParquetResult result)
    {
        if (result.Note is { } note)
        {
            error.WriteLine(note);
        }

        foreach (var path in result.Failed)
        {
            error.WriteLine($"{Path.Combine(folder, path)} could not be replaced: a program has it open. Close it and export again with --incremental.");
        }
    }
}

/// <summary>The JSON of `export-parquet --json`. Fields may be added, never renamed.</summary>
/// <param name="Since">UTC; NULL is open.</param>
/// <param name="Until">UTC, the first moment that does not belong; NULL is open.</param>
/// <param name="Incremental">Only what had changed was written.</param>
/// <param name="Unchanged">How many files were left alone.</param>
/// <param name="Removed">How many files of earlier exports were removed.</param>
/// <param name="Failed">Files that could not be replaced.</param>
sealed record ParquetReport(
    string Folder, string? Since, string? Until, string TimeZone, string Partition, string Columns, bool Incremental, IReadOnlyList<ParquetReportFile> Files,
    int Unchanged, int Removed, IReadOnlyList<string> Failed)
{
    public static ParquetReport Of(string folder, ParquetOptions options, ParquetResult result)
    {
        var asked = options.ForManifest();

        return new ParquetReport(
            folder, asked.Since, asked.Until, asked.TimeZone, asked.Partition, asked.Columns, result.IsIncremental,
            [.. result.Written.Select(file => new ParquetReportFile(Path.Combine(folder, file.Path), file.Rows, file.Bytes))],
            result.Unchanged,
            result.Removed,
            [.. result.Failed.Select(path => Path.Combine(folder, path))]);
    }
}

/// <summary>A file of an export.</summary>
sealed record ParquetReportFile(string Path, long Rows, long Bytes);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ParquetReport))]
sealed partial class ParquetReportJson : JsonSerializerContext;
