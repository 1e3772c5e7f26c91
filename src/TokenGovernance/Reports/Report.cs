using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Usage added up by dimensions, with totals and what the footnotes need.</summary>
sealed record Report
{
    /// <summary>How many days <see cref="Days" /> has at most.</summary>
    public const int MaxDays = 92;

    /// <summary>Reads a report, all of one moment.</summary>
    public static Report Read(IStore store, ReportQuery query) => store.Read(reader =>
    {
        using var rollup = reader.OpenRollup();
        using var responses = reader.OpenResponses();

        return Read(reader, rollup, responses, query);
    });

    /// <summary>Reads a report from a store that is being read.</summary>
    public static Report Read(IStoreReader store, IRollup rollup, IResponses responses, ReportQuery query)
    {
        query = query with { Range = rollup.Round(query.Range) };

        return ReportBuilder.Build(query, rollup, responses) with
        {
            Freshness = Freshness.Read(store, rollup),
            SumsOnlyBeforeMs = rollup.FloorMs is { } floor && !(query.Range.FromMs >= floor) ? floor : null,
            Heartbeats = query.Detail is RowDetail.Job ? Heartbeats.Read(query, rollup, responses) : null,
        };
    }

    public required ReportQuery Query { get; init; }

    public required IReadOnlyList<ReportRow> Rows { get; init; }

    /// <summary>The rows beyond <see cref="ReportQuery.Top" />, added up; NULL if there are none.</summary>
    public required ReportRest? Rest { get; init; }

    /// <summary>All rows and the rest, added up.</summary>
    public required UsageTotals Totals { get; init; }

    /// <summary>Models with responses whose price is unknown, most such responses first.</summary>
    public required IReadOnlyList<ModelTotals> Unpriced { get; init; }

    /// <summary>Models with responses whose usage OpenClaw did not measure, most such responses first.</summary>
    public required IReadOnlyList<ModelTotals> Unmeasured { get; init; }

    /// <summary>Rows that do not stand for one response each but for turns of another runtime, by runtime, most first.</summary>
    public required IReadOnlyList<(string Runtime, UsageTotals Totals)> Turns { get; init; }

    /// <summary>The first local day with usage; NULL if there is none with a time.</summary>
    public required DateOnly? FirstDay { get; init; }

    /// <summary>The last local day with usage.</summary>
    public required DateOnly? LastDay { get; init; }

    /// <summary>The period and the one before, where <see cref="ReportQuery.NowMs" /> was given and the period has a beginning.</summary>
    public PeriodPair? Period { get; init; }

    /// <summary>What the part of the period before came to; NULL where there is no <see cref="Period" />.</summary>
    public UsageTotals? Before { get; init; }

    /// <summary>What the period will come to; NULL unless it is a week or month that is not over.</summary>
    public Outlook? Outlook { get; init; }

    public Freshness Freshness { get; init; }

    /// <summary>Single responses of before are gone and only their sums are kept, in ms since 1970; NULL: the report is of none of them.</summary>
    public long? SumsOnlyBeforeMs { get; init; }

    /// <summary>Agents of one name in several homes, which are one row unless `home` is asked for.</summary>
    public IReadOnlyList<string> SharedAgents { get; init; } = [];

    /// <summary>Days that cost far more than is usual, oldest first; empty unless that was asked for.</summary>
    public IReadOnlyList<Spike> Spikes { get; init; } = [];

    /// <summary>What heartbeats cost beside the jobs; NULL unless that was asked for, and where responses of some are gone.</summary>
    public Heartbeats? Heartbeats { get; init; }

    /// <summary>Totals of the last local days with usage and of those between them; empty unless they were asked for.</summary>
    public required IReadOnlyList<(DateOnly Day, UsageTotals Totals)> Days { get; init; }
}

/// <summary>One row: a value for each dimension, and its totals.</summary>
sealed record ReportRow(RowValues Values, UsageTotals Totals)
{
    /// <summary>NULL unless asked for.</summary>
    public RowFacts? Facts { get; init; }

    /// <summary>The same for the same names in another report by the same dimensions.</summary>
    public string Id => Values.Names.Id;

    /// <summary>NULL unless asked for.</summary>
    public SessionDetail? Session => Facts?.Session;

    /// <summary>How often the job ran; NULL unless asked for, and where responses are gone that would tell.</summary>
    public long? Runs => Facts?.Runs;
}

/// <summary>What is said of a row beside its numbers.</summary>
/// <param name="Session">NULL unless asked for.</param>
/// <param name="Runs">How often the job ran; NULL unless asked for, and where responses are gone that would tell.</param>
sealed record RowFacts(SessionDetail? Session = null, long? Runs = null);

/// <summary>Further rows, added up.</summary>
sealed record ReportRest(int Rows, UsageTotals Totals);

/// <summary>A model that a footnote is about.</summary>
/// <param name="Provider">NULL if nothing names it.</param>
/// <param name="Model">NULL if nothing names it.</param>
/// <param name="Totals">All its responses of the report.</param>
sealed record ModelTotals(string? Provider, string? Model, UsageTotals Totals)
{
    /// <summary>No response has a price: a subscription covers it, it is free, or no price was configured.</summary>
    public bool IsNeverPriced => Totals.PricedEvents == 0;

    public string Name => $"{Provider ?? "?"}/{Model ?? "?"}";
}
