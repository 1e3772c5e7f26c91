using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>Improves stored events when evidence about their session arrives later. Tokens, cost and time are never touched.</summary>
sealed class Enrichment(SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts) : IDisposable
{
    readonly SqliteCommand _readEvents = connection.Prepare($"""
        SELECT e.id, {RollupTable.UsageMs}, e.run_id FROM event_facts AS e
        WHERE e.attribution_id = $p0 AND ($p1 IS NULL OR {RollupTable.UsageMs} >= $p1)
        """);

    /// <summary>Fills what was unknown in a session's events.</summary>
    /// <returns>How many events changed.</returns>
    public int Fill(SessionRow row)
    {
        var filled = 0;
        foreach (var attribution in attributions.Of(row))
        {
            object?[] values = [.. AttributionTable.Columns.Select((column, i) => FillOne(column, attribution.Values[i], row))];
            if (!values.AsSpan().SequenceEqual(attribution.Values))
            {
                filled += attributions.Update(attribution, values);
            }
        }

        return Math.Max(filled, SettleTriggers(row, fromMs: null));
    }

    /// <summary>Decides again what started the runs of a session's events.</summary>
    /// <param name="row">The session.</param>
    /// <param name="fromMs">The earliest run that is new; NULL for all.</param>
    /// <returns>How many events changed.</returns>
    public int SettleTriggers(SessionRow row, long? fromMs)
    {
        sessions.LoadRuns(row);

        // Those that are made on the way have the trigger that was decided.
        return attributions.Of(row).ToList().Sum(attribution => SettleTriggers(row, attribution, fromMs));
    }

    public void Dispose() => _readEvents.Dispose();

    int SettleTriggers(SessionRow row, Attribution attribution, long? fromMs)
    {
        if (row.Runs is null or [])
        {
            // Nothing of the single event decides.
            var trigger = row.ResolveTrigger(attribution.Channel, runId: null, ms: null);

            return trigger == attribution.Trigger ? 0 : attributions.Update(attribution, attribution.WithTrigger(trigger));
        }

        var changes = ReadChanges(row, attribution, fromMs).ToList();
        if (changes.Count > 0 && changes.TrueForAll(change => change.Trigger == changes[0].Trigger) && changes.Count == attributions.CountEvents(attribution))
        {
            return attributions.Update(attribution, attribution.WithTrigger(changes[0].Trigger));
        }

        foreach (var (eventId, trigger) in changes)
        {
            facts.Attribute(eventId, attributions.Get(row, attribution.WithTrigger(trigger)));
        }

        return changes.Count;
    }

    List<(long EventId, string? Trigger)> ReadChanges(SessionRow row, Attribution attribution, long? fromMs)
    {
        var changes = new List<(long EventId, string? Trigger)>();
        using var reader = _readEvents.With(attribution.Id, fromMs).ExecuteReader();
        while (reader.Read())
        {
            var trigger = row.ResolveTrigger(attribution.Channel, CompactId.Read(reader, 2), reader.IsDBNull(1) ? null : reader.GetInt64(1));
            if (trigger != attribution.Trigger)
            {
                changes.Add((reader.GetInt64(0), trigger));
            }
        }

        return changes;
    }

    static object? FillOne(EventColumn column, object? known, SessionRow row) => column switch
    {
        { Origin: not EventColumnOrigin.Attribution } => known,
        { IsReplaceable: true } => column.OfSession!(row) ?? known,
        _ => known ?? column.OfSession!(row),
    };
}
