using TokenGovernance.Budgets.Limits;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Overview;

/// <summary>How things stand: today, this week and this month against the periods before, and what is left of limits.</summary>
sealed record Status
{
    public required long NowMs { get; init; }

    /// <summary>Whose days.</summary>
    public required TimeZoneInfo Zone { get; init; }

    public required Freshness Freshness { get; init; }

    /// <summary>Today, this week, this month; each a report of one row.</summary>
    public required IReadOnlyList<StatusPeriod> Periods { get; init; }

    /// <summary>What this month was used for most, a dimension each; without those that nobody knows of.</summary>
    public required IReadOnlyList<StatusTop> Tops { get; init; }

    /// <summary>The newest reading of each quota.</summary>
    public required Quotas Quotas { get; init; }

    /// <summary>How the budgets of the configuration stand; empty if it has none.</summary>
    public required IReadOnlyList<BudgetStatus> Budgets { get; init; }

    /// <summary>There is not one response in the store.</summary>
    public bool IsEmpty { get; init; }

    public StatusPeriod Month => Periods[^1];

    /// <summary>Reads how things stand, all but the budgets at one moment of the store.</summary>
    /// <param name="store">The store.</param>
    /// <param name="zone">Whose days.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="budgets">How the budgets stand.</param>
    public static Status Read(IStore store, TimeZoneInfo zone, long nowMs, IReadOnlyList<BudgetStatus> budgets) => store.Read(reader =>
    {
        using var rollup = reader.OpenRollup();
        using var responses = reader.OpenResponses();
        var query = new ReportQuery { By = [], Zone = zone, NowMs = MomentText.StartOfMinute(nowMs) };
        var periods = PeriodsOf(new LocalCalendar(zone), nowMs)
            .Select(period => new StatusPeriod(period.Name, ReportBuilder.Build(query with { Range = period.Range }, rollup, responses))).ToList();

        return new Status
        {
            NowMs = nowMs,
            Zone = zone,
            Freshness = Freshness.Read(reader, rollup),
            Periods = periods,
            Tops = [.. new[] { Dimension.Agent, Dimension.Model, Dimension.Job }.Select(dimension => FindTop(dimension, rollup, responses, periods[^1].Report)).OfType<StatusTop>()],
            Quotas = Quotas.Of(reader.ReadQuotas(), nowMs),
            Budgets = budgets,
            IsEmpty = !reader.HasEvents(),
        };
    });

    static IEnumerable<(string Name, TimeRange Range)> PeriodsOf(LocalCalendar calendar, long nowMs)
    {
        var today = calendar.DayOf(nowMs);
        var monday = today.AddDays(-(((int)today.DayOfWeek + 6) % 7));
        var first = new DateOnly(today.Year, today.Month, 1);
        TimeRange Days(DateOnly from, DateOnly end) => new(calendar.StartOf(from), calendar.StartOf(end));

        yield return ("today", Days(today, today.AddDays(1)));
        yield return ("this-week", Days(monday, monday.AddDays(7)));
        yield return ("this-month", Days(first, first.AddMonths(1)));
    }

    static StatusTop? FindTop(Dimension dimension, IRollup rollup, IResponses responses, Report month)
    {
        var report = ReportBuilder.Build(month.Query with { By = dimension is Dimension.Model ? [Dimension.Provider, dimension] : [dimension], NowMs = null }, rollup, responses);

        return report.Rows.FirstOrDefault(row => row.Values[^1].Id is not null) is { } top
            ? new StatusTop(dimension, top.Values, top.Totals, Columns.ShareOf(top.Totals, report.Totals))
            : null;
    }
}

/// <summary>One period of a status.</summary>
/// <param name="Name">In the words of `--period`.</param>
/// <param name="Report">Its totals, those of the period before, and its forecast.</param>
sealed record StatusPeriod(string Name, Report Report)
{
    public UsageTotals Now => Report.Totals;

    public UsageTotals Before => Report.Before ?? new UsageTotals();
}

/// <summary>What a month was used for most.</summary>
/// <param name="Values">Its name; of a model provider and name.</param>
/// <param name="Share">Of the known cost, or of the tokens where no cost is known.</param>
sealed record StatusTop(Dimension Dimension, IReadOnlyList<DimensionValue> Values, UsageTotals Totals, double? Share)
{
    public string Name => string.Join('/', Values.Select(value => value.Label ?? value.Id ?? "?"));

    /// <summary>The same for people: of a job without a name the beginning of its id, as reports show it.</summary>
    public string ShortName => string.Join('/', Values.Select(value => value.Id is null ? "?" : RowNames.Short(Dimension, value)));
}
