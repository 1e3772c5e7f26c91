using System.Globalization;
using System.Text;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets;

/// <summary>All of a view that decides what fires and what is over: two views with the same text have the same alerts.</summary>
/// <param name="time">The clock: with a quarter of an hour periods end.</param>
sealed class ViewState(TimeProvider time)
{
    /// <summary>Of the view before: most budgets stand as they did, and are the same objects.</summary>
    Dictionary<BudgetStatus, string> _known = new(ReferenceEqualityComparer.Instance);

    /// <param name="view">How things stand.</param>
    public string Of(BudgetView view)
    {
        var known = new Dictionary<BudgetStatus, string>(view.Budgets.Count, ReferenceEqualityComparer.Instance);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{QuarterHour.Of(time.GetUtcNow().ToUnixTimeMilliseconds())}\n");
        foreach (var status in view.Budgets)
        {
            text.Append(known[status] = _known.GetValueOrDefault(status) ?? Of(status));
        }

        _known = known;
        foreach (var (episode, _) in view.Runaways ?? [])
        {
            text.Append(CultureInfo.InvariantCulture, $"{episode.Agent}|{episode.Unit}|{episode.StartMs}\n");
        }

        foreach (var (alert, _) in view.Quotas)
        {
            text.Append(CultureInfo.InvariantCulture, $"{alert.Budget}|{alert.Instance}|{alert.PeriodStartMs}|{alert.Threshold}\n");
        }

        return text.ToString();
    }

    static string Of(BudgetStatus status)
    {
        if (!BudgetAlerts.MayMatter(status))
        {
            return "";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{status.Budget.Name}|{status.Instance}|{status.Bounds.StartMs}|{status.WillExceed}");
        foreach (var percent in status.Budget.Warn)
        {
            text.Append(CultureInfo.InvariantCulture, $"|{BudgetAlerts.LevelOf(status, percent)}");
        }

        return text.Append('\n').ToString();
    }
}
