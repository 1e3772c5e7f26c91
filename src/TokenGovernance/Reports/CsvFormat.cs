using CsvHelper;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>A report as CSV: plain numbers, unknown is empty, no total.</summary>
static class CsvFormat
{
    // As `export-csv`: RFC 4180, formulas escaped.
    public static readonly CsvWriterOptions Options = new() { NewLine = "\r\n", Injection = CsvInjection.Escape };

    static readonly (string Name, Func<UsageTotals, object?> Value)[] Numbers =
    [
        ("responses", usage => usage.All.Events),
        ("errors", usage => usage.All.Errors),
        ("input_tokens", usage => usage.All.Input),
        ("output_tokens", usage => usage.All.Output),
        ("cache_read_tokens", usage => usage.All.CacheRead),
        ("cache_write_tokens", usage => usage.All.CacheWrite),
        ("reasoning_tokens", usage => usage.Reasoning),
        ("total_tokens", usage => usage.All.Total),
        ("cache_hit_ratio", usage => usage.CacheHitRatio),
        ("cost_recorded", usage => usage.Recorded?.Dollars),
        ("cost_provider_billed", usage => usage.Billed?.Dollars),
        ("unpriced_responses", usage => usage.Unpriced.Events),
        ("unpriced_tokens", usage => usage.Unpriced.Total),
        ("cache_write_1h_tokens", usage => usage.All.CacheWrite1h),
        ("unmeasured_responses", usage => usage.UnmeasuredEvents),
        ("cost_per_response", usage => usage.CostPerResponse),
        ("cost_per_million_tokens", usage => usage.CostPerMillionTokens),
        ("known_cost_usd", usage => usage.Known?.Dollars),
    ];

    public static void Write(TextWriter output, Report report)
    {
        using var csv = CsvWriter.Create(new Utf8Text(output), Options);
        foreach (var name in report.Query.By.SelectMany(NamesOf).Concat(DetailNames(report.Query.Detail)).Concat(Numbers.Select(number => number.Name)))
        {
            csv.WriteField(name);
        }

        csv.EndRecord();
        foreach (var row in report.Rows)
        {
            WriteRow(csv, report, row);
        }

        csv.Flush();
    }

    /// <summary>Sessions and jobs have a second column: key or name.</summary>
    public static IEnumerable<string> NamesOf(Dimension dimension) =>
        DetailOf(dimension) is { } detail ? [FieldOf(dimension), detail] : [FieldOf(dimension)];

    /// <summary>The columns of a detail, between names and numbers.</summary>
    static string[] DetailNames(RowDetail detail) => detail switch
    {
        RowDetail.Session => ["model_provider", "model", "models", "start", "last"],
        RowDetail.Job => ["runs"],
        _ => [],
    };

    static string?[] DetailsOf(RowDetail detail, ReportRow row) => (detail, row) switch
    {
        (RowDetail.Session, { Session: { } session }) =>
        [
            session.Model.Provider, session.Model.Model, $"{session.Models.Count}",
            session.FirstMs is { } first ? UtcTime.Format(first) : null, session.LastMs is { } last ? UtcTime.Format(last) : null,
        ],
        (RowDetail.Job, { Runs: var runs }) => [$"{runs}"],
        _ => [],
    };

    /// <summary>The field name of a dimension: underscores instead of hyphens.</summary>
    public static string FieldOf(Dimension dimension) => dimension.NameOf().Replace('-', '_');

    /// <summary>The field name of a dimension's second column; NULL if it has none.</summary>
    public static string? DetailOf(Dimension dimension) => dimension switch
    {
        Dimension.Session => "session_key",
        Dimension.Job => "job_name",
        _ => null,
    };

    /// <summary>Writes the fields of names.</summary>
    public static void WriteNames(CsvWriter csv, IReadOnlyList<Dimension> by, IReadOnlyList<DimensionValue> values)
    {
        foreach (var (dimension, value) in by.Zip(values))
        {
            csv.WriteField(value.Id);
            if (DetailOf(dimension) is not null)
            {
                csv.WriteField(value.Label);
            }
        }
    }

    static void WriteRow(CsvWriter csv, Report report, ReportRow row)
    {
        WriteNames(csv, report.Query.By, row.Values);

        foreach (var text in DetailsOf(report.Query.Detail, row))
        {
            csv.WriteField(text);
        }

        foreach (var (_, number) in Numbers)
        {
            WriteNumber(csv, number(row.Totals));
        }

        csv.EndRecord();
    }

    public static void WriteNumber(CsvWriter csv, object? number)
    {
        switch (number)
        {
            case long count:
                csv.WriteField(count);
                break;
            case double ratio:
                csv.WriteField(Math.Round(ratio, 6));
                break;
            case decimal amount:
                csv.WriteField(NumberFormat.Exact(amount));
                break;
            default:
                csv.WriteField("");
                break;
        }
    }
}
