using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Decides what fires and what is over, from how budgets stand and what fired before. Stores and sends nothing.</summary>
/// <remarks>
///     Each budget, instance, period, threshold and limit fires once: so a value that falls (usage that turns out to be somebody else's)
///     and rises again is not told twice, and a limit that is changed is another one. Where several thresholds are reached at once, the
///     highest is told and the others only noted. What rolls has no period: it fires when a threshold is reached, and again only after
///     the value was a tenth below it.
/// </remarks>
static class BudgetAlerts
{
    const double Recovery = 0.9;

    /// <summary>Something fires, unless it has.</summary>
    public static bool MayFire(BudgetStatus status) =>
        status.Reached.Any() || status is { Budget.WarnsByForecast: true, WillExceed: true, State: not BudgetState.Over, IsBefore: false };

    /// <summary>Something fires, or has fired and is not over; otherwise nothing of it matters.</summary>
    public static bool MayMatter(BudgetStatus status) => MayFire(status) || status.Share * 100 >= Recovery * status.Budget.Warn[0];

    /// <summary>2: a threshold is reached. 1: not, but so nearly that what rolls is not over. 0: it is.</summary>
    public static int LevelOf(BudgetStatus status, int percent)
    {
        var (used, threshold) = ((double)status.Used, (double)status.Budget.Limit.Value * percent / 100);

        return status.Used >= status.Budget.Limit.Value * percent / 100 ? 2 : used >= threshold * Recovery ? 1 : 0;
    }

    /// <summary>What is to be stored.</summary>
    /// <param name="status">How the budget stands.</param>
    /// <param name="known">Alerts of this budget that fired before.</param>
    /// <param name="nowMs">The time.</param>
    public static IEnumerable<NewAlert> FindNew(BudgetStatus status, IReadOnlyList<Alert> known, long nowMs)
    {
        var limit = (double)status.Budget.Limit.Value;
        var same = known.Where(alert => alert.Instance == status.Instance && alert.Limit == limit
            && (status.Budget.Period.IsRolling ? alert.ResolvedMs is null : alert.PeriodStartMs == status.Bounds.StartMs)).ToList();
        var fired = same.Where(alert => alert.Kind is AlertKind.Budget).Select(alert => alert.Threshold).ToHashSet();
        var reached = status.Reached.ToList();
        var isNews = reached.Count > 0 && !fired.Any(threshold => threshold >= reached[^1]);
        foreach (var percent in reached.Where(percent => !fired.Contains(percent)))
        {
            yield return new NewAlert(
                Alert(status, AlertKind.Budget, percent, BudgetText.Reached(status, percent), nowMs), IsTold: isNews && percent == reached[^1]);
        }

        if (status is { Budget.WarnsByForecast: true, WillExceed: true, State: not BudgetState.Over, IsBefore: false }
            && !same.Any(alert => alert.Kind is AlertKind.Forecast))
        {
            yield return new NewAlert(Alert(status, AlertKind.Forecast, 100, BudgetText.WillExceed(status), nowMs), IsTold: true);
        }
    }

    /// <summary>True for an alert that is over: its period has ended, or what rolls has fallen below.</summary>
    /// <param name="alert">An open alert of a budget.</param>
    /// <param name="statuses">How that budget's instances stand.</param>
    /// <param name="nowMs">The time.</param>
    public static bool IsOver(Alert alert, IReadOnlyList<BudgetStatus> statuses, long nowMs)
    {
        if (alert.PeriodEndMs is { } end)
        {
            return end <= nowMs;
        }

        var status = statuses.FirstOrDefault(status => status.Instance == alert.Instance && !status.IsBefore);

        return status is null || alert.Limit != (double)status.Budget.Limit.Value
            || (double)status.Used < alert.Limit * alert.Threshold / 100 * Recovery;
    }

    static Alert Alert(BudgetStatus status, AlertKind kind, int threshold, string text, long nowMs) => new()
    {
        Kind = kind,
        Budget = status.Budget.Name,
        Instance = status.Instance,
        PeriodStartMs = status.Budget.Period.IsRolling ? nowMs : status.Bounds.StartMs,
        PeriodEndMs = status.Bounds.EndMs,
        Threshold = threshold,
        Limit = (double)status.Budget.Limit.Value,
        Value = (double)status.Used,
        Unit = Amount.NameOf(status.Budget.Limit.Unit),
        UnpricedEvents = status.MissingEvents,
        EstimatedUsd = status.Estimated > 0 ? (double)status.Estimated : null,
        FiredMs = nowMs,
        Text = text,
    };
}

/// <summary>An alert that fires now.</summary>
/// <param name="IsTold">Somebody hears of it; otherwise it is only noted.</param>
readonly record struct NewAlert(Alert Alert, bool IsTold);
