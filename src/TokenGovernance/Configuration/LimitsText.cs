using System.Globalization;
using TokenGovernance.Reports;

namespace TokenGovernance.Configuration;

/// <summary>Limits, and who hears of them, in words, so that somebody sees whether the file says what was meant. Secrets are left out.</summary>
static class LimitsText
{
    /// <summary>One line for each budget, quota and destination, and one for runaways.</summary>
    public static IEnumerable<(string Name, string Value)> Of(Settings settings) =>
    [
        .. settings.Budgets.Select(budget => ("budget", Of(budget))),
        .. settings.Quotas.Select(quota => ("quota", $"{quota.Provider}, {(quota.Window is { } window ? $"window {window}" : "every window")}, told at {Percents(quota.Warn)}{To(quota.Notify)}")),
        .. settings.Runaway is { } runaway ? [("runaways", $"of {Scope(runaway.Where)}{To(runaway.Notify)}")] : Array.Empty<(string, string)>(),
        .. settings.Destinations.Select(destination => ("destination", $"{destination.Name}: {destination.Description}")),
    ];

    static string Of(BudgetSettings budget) =>
        $"{budget.Name}: {budget.Limit} in {(budget.Period.IsRolling ? $"any {budget.Period}" : $"a {budget.Period}")} of {Scope(budget.Where)}"
        + $"{(budget.Each is { } each ? $", for each {each.NameOf()}" : "")}, told at {Percents(budget.Warn)}{(budget.WarnsByForecast ? " and by forecast" : "")}{To(budget.Notify)}"
        + (budget.DisabledJob is { } job ? $"; disables job {job}" : "");

    static string Scope(IReadOnlyList<NameFilter> where) =>
        where.Count == 0 ? "all" : string.Join(", ", where.Select(Of));

    /// <summary>A filter as the file writes it; of several names any will do.</summary>
    public static string Of(NameFilter filter) => $"{filter.Dimension.NameOf()}{(filter.IsNot ? "!=" : "=")}{string.Join('|', filter.Names)}";

    static string Percents(IReadOnlyList<int> warn) => $"{string.Join(", ", warn.Select(percent => percent.ToString(CultureInfo.InvariantCulture)))} %";

    static string To(IReadOnlyList<string> notify) => notify.Count == 0 ? ", to nobody" : $", to {string.Join(", ", notify)}";
}
