using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>Improves stored events when evidence about their session arrives later. Tokens, cost and time are never touched.</summary>
sealed class Enrichment : IDisposable
{
    readonly SessionTable _sessions;
    readonly SqliteCommand _fill, _readTriggers, _setTrigger;

    public Enrichment(SqliteConnection connection, SessionTable sessions)
    {
        _sessions = sessions;
        _fill = connection.Prepare(EventSql.Fill);
        _readTriggers = connection.Prepare("""
            SELECT id, coalesce(started_ts, event_ts), run_id, channel, trigger FROM usage_events
            WHERE session_ref = $p0 AND ($p1 IS NULL OR coalesce(started_ts, event_ts) >= $p1)
            """);
        _setTrigger = connection.Prepare("UPDATE usage_events SET trigger = $p1 WHERE id = $p0");
    }

    /// <summary>Fills what was unknown in a session's events.</summary>
    /// <returns>How many events changed.</returns>
    public int Fill(SessionRow row)
    {
        var filled = _fill.With(EventSql.FillValues(row)).ExecuteNonQuery();

        return Math.Max(filled, SettleTriggers(row, fromMs: null));
    }

    /// <summary>Decides again what started the runs of a session's events.</summary>
    /// <param name="row">The session.</param>
    /// <param name="fromMs">The earliest run that is new; NULL for all.</param>
    /// <returns>How many events changed.</returns>
    public int SettleTriggers(SessionRow row, long? fromMs)
    {
        _sessions.LoadRuns(row);
        var changes = new List<(long Id, string? Trigger)>();
        using (var reader = _readTriggers.With(row.Id, fromMs is { } ms ? UtcTime.Format(ms) : null).ExecuteReader())
        {
            while (reader.Read())
            {
                var trigger = row.ResolveTrigger(
                    reader.GetText(3), reader.GetText(2), UtcTime.TryParse(reader.GetText(1), out var time) ? time : null);
                if (trigger != reader.GetText(4))
                {
                    changes.Add((reader.GetInt64(0), trigger));
                }
            }
        }

        foreach (var (id, trigger) in changes)
        {
            _setTrigger.With(id, trigger).ExecuteNonQuery();
        }

        return changes.Count;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _fill, _readTriggers, _setTrigger })
        {
            command.Dispose();
        }
    }
}
