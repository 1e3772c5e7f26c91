using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Pruning;

/// <summary>Removes events whose sums stay, in the caller's transaction, on a connection without triggers.</summary>
/// <remarks>
///     The sums move to an attribution of their own, which no session knows: what is learned of the session later would change sums by
///     events that are not there any more. An attribution that has no other events becomes that one itself.
/// </remarks>
sealed class EventPruner : IDisposable
{
    const string OfSpan = $"e.attribution_id = $p0 AND {RollupTable.UsageMs} >= $p1 AND {RollupTable.UsageMs} < $p2";

    static readonly string[] Names = [.. EventColumns.Of(EventTable.Attributions).Select(column => column.StoredName).Where(name => name != "session_ref")];
    static readonly string Sums = string.Join(", ", RollupColumns.Quarters.Sums);

    readonly SqliteCommand _measure, _sums, _hasOthers, _seal, _findKept, _addKept, _extendKept, _moveQuarters, _moveDay, _addFailures, _forgetChanges, _remove, _count;

    public EventPruner(SqliteConnection connection)
    {
        _measure = connection.Prepare(
            $"SELECT count(*), min({RollupTable.UsageMs}), max(coalesce(e.event_ms, {RollupTable.UsageMs})) FROM event_facts AS e WHERE {OfSpan}");
        _sums = connection.Prepare("SELECT coalesce(sum(events), 0), coalesce(sum(errors), 0) FROM usage_days WHERE day = $p0 AND attribution_id = $p1");
        _hasOthers = connection.Prepare($"""
            SELECT EXISTS (SELECT 1 FROM event_facts AS e WHERE e.attribution_id = $p0
              AND NOT coalesce({RollupTable.UsageMs} >= $p1 AND {RollupTable.UsageMs} < $p2, 0))
            """);
        _seal = connection.Prepare("UPDATE event_attributions SET pruned_of = id, session_ref = NULL, pruned_first_ms = $p1, pruned_last_ms = $p2 WHERE id = $p0");
        _findKept = connection.Prepare($"""
            SELECT k.id FROM event_attributions AS a JOIN event_attributions AS k ON k.pruned_of = a.id
              AND {string.Join(" AND ", Names.Append("group_id").Select(name => $"k.{name} IS a.{name}"))}
            WHERE a.id = $p0 LIMIT 1
            """);
        _addKept = connection.Prepare($"""
            INSERT INTO event_attributions ({string.Join(", ", Names)}, group_id, pruned_of)
            SELECT {string.Join(", ", Names)}, group_id, id FROM event_attributions WHERE id = $p0
            RETURNING id
            """);
        _extendKept = connection.Prepare("""
            UPDATE event_attributions SET pruned_first_ms = min(coalesce(pruned_first_ms, $p1), $p1), pruned_last_ms = max(coalesce(pruned_last_ms, $p2), $p2)
            WHERE id = $p0
            """);
        _moveQuarters = connection.Prepare($"""
            UPDATE usage_quarters SET attribution_id = $p3 WHERE attribution_id = $p0 AND quarter IN (
              SELECT m.quarter FROM event_facts AS e CROSS JOIN usage_measures AS m ON m.id = e.id WHERE {OfSpan})
            """);
        _moveDay = connection.Prepare("UPDATE usage_days SET attribution_id = $p2 WHERE day = $p0 AND attribution_id = $p1");
        _addFailures = connection.Prepare($"""
            INSERT INTO pruned_failures (quarter, attribution_id, model_id, cost_class, part, {Sums})
            SELECT m.quarter, $p3, m.model_id, m.cost_class, m.part, {string.Join(", ", RollupColumns.Quarters.Sums.Select(sum => $"sum(m.{sum})"))}
            FROM event_facts AS e CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE {OfSpan} AND m.errors = 1
            GROUP BY m.quarter, m.model_id, m.cost_class, m.part
            """);
        _forgetChanges = connection.Prepare($"DELETE FROM event_changes WHERE event_id IN (SELECT e.id FROM event_facts AS e WHERE {OfSpan})");
        _remove = connection.Prepare($"DELETE FROM event_facts AS e WHERE {OfSpan}");
        _count = connection.Prepare("UPDATE retention_state SET pruned_events = pruned_events + $p0");
    }

    /// <summary>Removes the events of some spans.</summary>
    /// <returns>How many went.</returns>
    /// <exception cref="UserFacingException">The roll-up does not say what the events say: then nothing may go.</exception>
    public long Prune(IReadOnlyList<PruneSpan> spans)
    {
        var removed = spans.Sum(Prune);
        _count.With(removed).ExecuteNonQuery();

        return removed;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _measure, _sums, _hasOthers, _seal, _findKept, _addKept, _extendKept, _moveQuarters, _moveDay, _addFailures, _forgetChanges, _remove, _count })
        {
            command.Dispose();
        }
    }

    long Prune(PruneSpan span)
    {
        object?[] bounds = [span.Attribution, span.Days[0] * QuarterHour.DayMs, (span.Days[^1] + 1) * QuarterHour.DayMs];
        var (events, first, last) = Measure(bounds);
        var (sum, errors) = SumOf(span);
        if (events != sum)
        {
            throw new UserFacingException(
                $"The sums of attribution {span.Attribution} count {sum} responses, and there are {events}: nothing of it was removed. Restore a backup, or make a new store with 'token-governance collect --once --rescan'.");
        }

        if (events == 0)
        {
            // They have got another attribution meanwhile; the next run finds them.
            return 0;
        }

        var kept = FindKept(bounds, first, last);
        if (errors > 0)
        {
            _addFailures.With([.. bounds, kept]).ExecuteNonQuery();
        }

        if (kept != span.Attribution)
        {
            _moveQuarters.With([.. bounds, kept]).ExecuteNonQuery();
            foreach (var day in span.Days)
            {
                _moveDay.With(day, span.Attribution, kept).ExecuteNonQuery();
            }
        }

        _forgetChanges.With(bounds).ExecuteNonQuery();

        return _remove.With(bounds).ExecuteNonQuery();
    }

    (long Events, long First, long Last) Measure(object?[] bounds)
    {
        using var reader = _measure.With(bounds).ExecuteReader();
        reader.Read();

        return reader.GetInt64(0) is > 0 and var count ? (count, reader.GetInt64(1), reader.GetInt64(2)) : default;
    }

    (long Events, long Errors) SumOf(PruneSpan span)
    {
        var (events, errors) = (0L, 0L);
        foreach (var day in span.Days)
        {
            using var reader = _sums.With(day, span.Attribution).ExecuteReader();
            reader.Read();
            events += reader.GetInt64(0);
            errors += reader.GetInt64(1);
        }

        return (events, errors);
    }

    /// <summary>The attribution that keeps the sums.</summary>
    long FindKept(object?[] bounds, long first, long last)
    {
        var kept = (long?)_findKept.With(bounds[0]).ExecuteScalar();
        if (kept is null && (long)_hasOthers.With(bounds).ExecuteScalar()! == 0)
        {
            _seal.With(bounds[0], first, last).ExecuteNonQuery();

            return (long)bounds[0]!;
        }

        kept ??= (long)_addKept.With(bounds[0]).ExecuteScalar()!;
        _extendKept.With(kept, first, last).ExecuteNonQuery();

        return kept.Value;
    }
}
