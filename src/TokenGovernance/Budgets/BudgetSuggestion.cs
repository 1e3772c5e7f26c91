using System.Globalization;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Budgets;

/// <summary>A limit for a day that would have been kept on nearly all of the last 28 days.</summary>
/// <param name="Agent">Whose; NULL: everybody's.</param>
/// <param name="Days">Days with usage that it is taken from.</param>
/// <param name="Busy">What nine in ten of those days stayed below.</param>
sealed record BudgetSuggestion(string? Agent, int Days, Amount Busy)
{
    const decimal Room = 1.5m;
    const long Days28 = 28;

    /// <summary>The limit: half as much again as a busy day, rounded up to two digits.</summary>
    public Amount Limit => Busy with { Value = RoundUp(Busy.Value * Room) };

    /// <summary>The time that limits are taken from.</summary>
    public static TimeRange RangeAt(long nowMs) => new(nowMs - (Days28 * QuarterHour.DayMs), null);

    /// <summary>Suggests limits from the last 28 days of a store.</summary>
    public static IReadOnlyList<BudgetSuggestion> Read(IStore store, TimeZoneInfo zone, long nowMs) => store.Read(reader =>
    {
        using var usage = new UsageRows(reader, NameDetail.Groups);

        return Of(usage.Read(RangeAt(nowMs), cutsOf: _ => null), zone);
    });

    /// <summary>Suggests limits, for all together first. Of usage without prices they are in tokens.</summary>
    /// <param name="rows">Usage of the last 28 days.</param>
    /// <param name="zone">Whose days.</param>
    static IReadOnlyList<BudgetSuggestion> Of(IEnumerable<UsageRow> rows, TimeZoneInfo zone)
    {
        var calendar = new LocalCalendar(zone);
        var days = new Dictionary<(string Agent, DateOnly Day), UsageTotals>();
        foreach (var row in rows)
        {
            var day = calendar.DayOf(row.Quarter);
            foreach (var agent in new[] { "", row.Names.Agent }.OfType<string>().Distinct())
            {
                if (!days.TryGetValue((agent, day), out var totals))
                {
                    days[(agent, day)] = totals = new UsageTotals();
                }

                totals.Add(row.Counts, row.Cost, row.CostClass);
            }
        }

        return
        [
            .. days.GroupBy(day => day.Key.Agent, day => day.Value).OrderBy(agent => agent.Key, StringComparer.Ordinal)
                .Select(agent => Of(agent.Key, [.. agent])).OfType<BudgetSuggestion>(),
        ];
    }

    /// <summary>As it would stand in the configuration file.</summary>
    public string ToToml() => $"""
        [[budget]]
        name = "{NameOf(Agent)}-day"
        {(Agent is null ? "" : $"where = [{Quoted($"agent={Agent}")}]\n")}period = "day"
        limit = "{Limit}"   # nine in ten of {Days} days with usage stayed below {Busy}
        warn = [80]

        """;

    static BudgetSuggestion? Of(string agent, IReadOnlyList<UsageTotals> days)
    {
        var isPriced = days.Sum(day => day.Unpriced.Events) * 2 < days.Sum(day => day.All.Events);
        var values = days.Select(day => isPriced ? day.Known?.Dollars ?? 0 : day.All.Total).Where(value => value > 0).Order().ToList();

        return values.Count == 0 ? null : new BudgetSuggestion(
            agent.Length == 0 ? null : agent, values.Count,
            new Amount(
                isPriced ? decimal.Round(values[(int)(0.9 * (values.Count - 1))], 4) : values[(int)(0.9 * (values.Count - 1))],
                isPriced ? AmountUnit.Usd : AmountUnit.Tokens));
    }

    static decimal RoundUp(decimal value)
    {
        var step = 1m;
        while (value / step >= 100)
        {
            step *= 10;
        }

        while (value / step < 10 && step > 0.01m)
        {
            step /= 10;
        }

        return Math.Ceiling(value / step) * step / 1.000000000000m;
    }

    static string NameOf(string? agent) =>
        agent is null ? "all" : string.Concat(agent.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-') is { Length: > 0 } name
            ? name[..Math.Min(name.Length, 60)]
            : "agent";

    static string Quoted(string text) => string.Create(CultureInfo.InvariantCulture, $"'{text.Replace('\'', ' ')}'");
}
