using System.Globalization;
using System.Text;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets;

/// <summary>All of a view that decides what fires and what is over: two views with the same text have the same alerts.</summary>
static class ViewState
{
    /// <param name="view">How things stand.</param>
    /// <param name="time">The clock: with a quarter of an hour periods end.</param>
    public static string Of(BudgetView view, TimeProvider time)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{QuarterHour.Of(time.GetUtcNow().ToUnixTimeMilliseconds())}\n");
        foreach (var status in view.Budgets.Where(BudgetAlerts.MayMatter))
        {
            text.Append(CultureInfo.InvariantCulture, $"{status.Budget.Name}|{status.Instance}|{status.Bounds.StartMs}|{status.WillExceed}");
            foreach (var percent in status.Budget.Warn)
            {
                text.Append(CultureInfo.InvariantCulture, $"|{BudgetAlerts.LevelOf(status, percent)}");
            }

            text.Append('\n');
        }

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
}
