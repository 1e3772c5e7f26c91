using System.Globalization;
using TokenGovernance.Domain;

namespace TokenGovernance.Daemon;

/// <summary>Tells of quota readings when something changed: not each time, and of a failure once for as long as it lasts.</summary>
/// <param name="onlyFailures">A one-shot need not say that readings work.</param>
sealed class QuotaLog(CollectLog log, bool onlyFailures = false)
{
    string? _last;
    bool _toldPause;

    /// <summary>Tells how a round of readings went, if the one before went otherwise.</summary>
    public void Tell(IReadOnlyList<StatusReading> readings)
    {
        var failure = DescribeFailures(readings);
        var text = failure ?? "quota readings work";
        if (text == _last || readings.Count == 0)
        {
            return;
        }

        _last = text;
        if (failure is not null)
        {
            log.Warn(failure);
        }
        else if (!onlyFailures)
        {
            log.Write(text);
        }
    }

    /// <summary>Tells that readings are taken less often than was asked for.</summary>
    public void TellPause(TimeSpan took)
    {
        if (!_toldPause)
        {
            _toldPause = true;
            log.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"a quota reading took {took.TotalSeconds:0.#} s, so the next waits ten times as long, whatever --status-every says"));
        }
    }

    static string? DescribeFailures(IReadOnlyList<StatusReading> readings)
    {
        var failed = readings.Where(reading => reading.Failure is not null).ToList();
        if (failed.Count == 0)
        {
            return null;
        }

        return failed[0].IsMissing
            ? $"no quota snapshots: {failed[0].Failure}. Name it with --openclaw-bin or $TOKEN_GOVERNANCE_OPENCLAW_BIN,"
                + " or use --no-status; usage is collected all the same"
            : string.Join("; ", failed.Select(Describe).Distinct());
    }

    static string Describe(StatusReading reading)
    {
        var agent = reading.Snapshots is [{ AgentId: { } id }, ..] ? $" of agent {id}" : "";
        var hint = reading.Hint is null ? "" : $" (openclaw said: {reading.Hint})";

        return $"the quota reading{agent} failed: {reading.Failure}{hint}";
    }
}
