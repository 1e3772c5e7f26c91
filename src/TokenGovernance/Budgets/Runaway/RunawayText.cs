using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Text;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>Runaways in words.</summary>
static class RunawayText
{
    /// <summary>What happened, what is usual, and who did it.</summary>
    /// <param name="episode">The runaway.</param>
    /// <param name="rows">The agent's usage of the flagged quarter-hour and the three before it.</param>
    public static string Of(RunawayEpisode episode, IReadOnlyList<UsageRow> rows) => $"{Why(episode)}{Who(episode, rows)}";

    /// <summary>Such as "research spent $3.10 in 15 minutes and $9.20 in an hour; its busiest of the last 28 days were $1.90 and $4.00."</summary>
    public static string Why(RunawayEpisode episode)
    {
        var signs = episode.Signs;
        var agent = episode.Agent.Length > 0 ? $"agent {PrintableText.Of(episode.Agent)}" : "an unknown agent";
        string Amount(double value) => BudgetText.Amount((decimal)value, episode.Unit);

        return (signs.Kind, signs.ActiveDays) switch
        {
            (RunawayKind.Burst, < RunawayRule.LeastDays) =>
                $"{agent} used {Amount(signs.Quarter)} in 15 minutes and {Amount(signs.Hour)} in an hour; what is usual is not known yet"
                + $" ({NumberFormat.Count(signs.ActiveDays, "day")} of usage).",
            (RunawayKind.Burst, _) =>
                $"{agent} used {Amount(signs.Quarter)} in 15 minutes and {Amount(signs.Hour)} in an hour; its busiest in 28 days were"
                + $" {Amount(signs.UsualQuarter)} and {Amount(signs.UsualHour)}.",
            _ =>
                $"{agent} has used {Amount(signs.Hours)} in 4 hours without a pause, at least {Amount(signs.Least)} in each quarter of an hour;"
                + $" in 28 days it never kept up more than {Amount(signs.UsualLeast)}.",
        };
    }

    static string Who(RunawayEpisode episode, IReadOnlyList<UsageRow> rows)
    {
        var responses = rows.Sum(row => row.Counts.Events);
        if (responses == 0)
        {
            return "";
        }

        var parts = new[]
        {
            Most(rows, episode.Unit, row => row.Names.JobName ?? row.Names.Job, "by cron job"),
            Most(rows, episode.Unit, row => row.Names.Trigger, "started by"),
            Most(rows, episode.Unit, row => row.Names.Model, "with model"),
            Most(rows, episode.Unit, row => row.Names.Session, "in session"),
        }.OfType<string>();

        return $" In that hour {NumberFormat.Count(responses, "response")}: {string.Join(", ", parts)}.";
    }

    /// <summary>The name that most of it was for, and how much.</summary>
    static string? Most(IReadOnlyList<UsageRow> rows, AmountUnit unit, Func<UsageRow, string?> nameOf, string how)
    {
        double SizeOf(UsageRow row) => unit is AmountUnit.Usd ? (double)row.Cost.Dollars : row.Counts.Output;
        var groups = rows.GroupBy(nameOf).Select(group => (Name: group.Key, Size: group.Sum(SizeOf))).OrderByDescending(group => group.Size).ToList();
        var all = groups.Sum(group => group.Size);

        return groups[0].Name is { } name && all > 0 ? $"{BudgetText.Percent(groups[0].Size / all)} {how} {PrintableText.Of(name)}" : null;
    }
}
