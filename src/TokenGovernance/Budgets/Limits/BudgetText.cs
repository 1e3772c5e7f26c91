using System.Globalization;
using TokenGovernance.Configuration;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets.Limits;

/// <summary>Budgets in words.</summary>
static class BudgetText
{
    /// <summary>Such as "research-day: $4.10 of $5 used today by agent research (82 %)."</summary>
    public static string Reached(BudgetStatus status, int percent)
    {
        var budget = status.Budget;
        var text = $"{Subject(status)}: {AtLeast(status)}{Amount(status.Used, budget.Limit.Unit)} of {Amount(budget.Limit.Value, budget.Limit.Unit)}"
            + $" used {When(status)} ({Percent(status.Share)}{(percent < 100 ? $", warned at {percent} %" : "")}).";

        return text + Missing(status);
    }

    /// <summary>Such as "… will probably exceed its limit …".</summary>
    public static string WillExceed(BudgetStatus status)
    {
        var (unit, forecast) = (status.Budget.Limit.Unit, status.Forecast!.Value);

        return $"{Subject(status)}: will probably come to {Amount((decimal)forecast.Middle, unit)} {When(status)}"
            + $" (8 in 10: {Amount((decimal)forecast.Low, unit)} to {Amount((decimal)forecast.High, unit)}), the limit is {Amount(status.Budget.Limit.Value, unit)}."
            + $" So far {AtLeast(status)}{Amount(status.Used, unit)}, from the mean of the last {NumberFormat.Count(forecast.Days, "day")}.{Missing(status)}";
    }

    /// <summary>An amount as people write it.</summary>
    public static string Amount(decimal value, AmountUnit unit) => unit switch
    {
        AmountUnit.Usd => $"${value.ToString(value is 0 or >= 0.01m ? "#,##0.00" : "0.0000", CultureInfo.InvariantCulture)}",
        AmountUnit.Tokens => $"{Whole(value)} tokens",
        AmountUnit.OutputTokens => $"{Whole(value)} output tokens",
        _ => $"{Whole(value)} responses",
    };

    public static string Percent(double share) => $"{(100 * share).ToString("0", CultureInfo.InvariantCulture)} %";

    /// <summary>The budget's name, and which of its instances.</summary>
    public static string Subject(BudgetStatus status) =>
        status.Budget.Each is { } each
            ? $"{status.Budget.Name}, {each.NameOf()} {(status.Instance.Length > 0 ? PrintableText.Of(status.Instance) : "unknown")}"
            : status.Budget.Name;

    static string Whole(decimal value) => value.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>What stands before an amount that does not hold all, or is not all known.</summary>
    public static string AtLeast(BudgetStatus status) => (status.MissingEvents > 0, status.Estimated > 0) switch
    {
        (true, true) => "at least about ",
        (true, false) => "at least ",
        (false, true) => "about ",
        _ => "",
    };

    static string When(BudgetStatus status) => (status.Budget.Period.Span, status.IsBefore) switch
    {
        (BudgetSpan.Hour, false) => "this hour",
        (BudgetSpan.Hour, true) => "in the hour before this",
        (BudgetSpan.Day, false) => "today",
        (BudgetSpan.Day, true) => "yesterday",
        (BudgetSpan.Week, false) => "this week",
        (BudgetSpan.Week, true) => "last week",
        (BudgetSpan.Month, false) => "this month",
        (BudgetSpan.Month, true) => "last month",
        _ => $"in the last {status.Budget.Period}",
    };

    static string Missing(BudgetStatus status) =>
        $"{(status.Estimated > 0 ? $" {Amount(status.Estimated, AmountUnit.Usd)} of it is estimated at list prices." : "")}{NotIn(status.UnpricedEvents, "has no price", "have no price")}"
        + $"{NotIn(status.UnmeasuredEvents, "was not measured", "were not measured")}";

    static string NotIn(long responses, string one, string many) => responses switch
    {
        0 => "",
        1 => $" 1 response {one} and is not in it.",
        _ => $" {NumberFormat.Count(responses)} responses {many} and are not in it.",
    };
}
