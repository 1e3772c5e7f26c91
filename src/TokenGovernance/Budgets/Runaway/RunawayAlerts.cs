using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Alerts;

namespace TokenGovernance.Budgets.Runaway;

/// <summary>Runaways as alerts: one for each, however long it lasts.</summary>
static class RunawayAlerts
{
    /// <summary>What alerts of runaways are stored under, where budgets have their names.</summary>
    public const string Name = "runaway";

    /// <summary>Usage that comes late may move the beginning of a runaway, or flag more of it: it is the same one.</summary>
    const long SameMs = RunawayRule.QuietQuarters * QuarterHour.Ms;

    public static Alert Of(RunawayEpisode episode, string text, long nowMs) => new()
    {
        Kind = AlertKind.Runaway,
        Budget = Name,
        Instance = InstanceOf(episode),
        PeriodStartMs = episode.StartMs,
        Threshold = 100,
        Limit = episode.Signs.Kind is RunawayKind.Burst ? episode.Signs.UsualHour : episode.Signs.UsualLeast,
        Value = episode.Signs.Kind is RunawayKind.Burst ? episode.Signs.Hour : episode.Signs.Least,
        Unit = Amount.NameOf(episode.Unit),
        FiredMs = nowMs,
        Text = $"Runaway? {char.ToUpperInvariant(text[0])}{text[1..]}",
    };

    /// <summary>What was told of runaways that begin at a moment or later.</summary>
    public static IReadOnlyList<Alert> FindKnown(AlertTable table, long startMs) => table.Find(AlertKind.Runaway, Name, startMs - SameMs);

    /// <summary>True if nothing was told of this runaway yet.</summary>
    public static bool IsNews(IReadOnlyList<Alert> known, RunawayEpisode episode) => !known.Any(alert => IsSame(alert, episode));

    public static bool IsOpen(Alert alert, IEnumerable<RunawayEpisode> episodes) =>
        episodes.Any(episode => episode.IsOpen && IsSame(alert, episode));

    static bool IsSame(Alert alert, RunawayEpisode episode) =>
        alert.Instance == InstanceOf(episode)
        && alert.PeriodStartMs >= episode.StartMs - SameMs && alert.PeriodStartMs <= episode.LastMs + SameMs;

    static string InstanceOf(RunawayEpisode episode) =>
        episode.Unit is AmountUnit.Usd ? episode.Agent : $"{episode.Agent} ({Amount.NameOf(episode.Unit)})";
}
