using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>Events that were met in more than one session, and the decision in which of them each was born.</summary>
sealed class CopyTable : IDisposable
{
    readonly SessionTable _sessions;
    readonly SqliteCommand _findOwner, _readOwner, _add, _remove, _readCopies, _readEventsOf, _move;

    public CopyTable(SqliteConnection connection, SessionTable sessions)
    {
        _sessions = sessions;
        const string owner = "SELECT id, session_ref, event_ts, source_file, source_line_no, run_id, started_ts FROM usage_events";
        _findOwner = connection.Prepare($"{owner} WHERE event_key = $p0");
        _readOwner = connection.Prepare($"{owner} WHERE id = $p0");
        _add = connection.Prepare("""
            INSERT INTO event_copies (event_id, session_ref, source_file, source_line_no) VALUES ($p0, $p1, $p2, $p3)
            ON CONFLICT DO NOTHING
            """);
        _remove = connection.Prepare("DELETE FROM event_copies WHERE event_id = $p0 AND session_ref = $p1");
        _readCopies = connection.Prepare("SELECT session_ref, source_file, source_line_no FROM event_copies WHERE event_id = $p0");
        _readEventsOf = connection.Prepare("""
            SELECT event_id FROM event_copies WHERE session_ref = $p0
            UNION
            SELECT e.id FROM event_copies AS c CROSS JOIN usage_events AS e ON e.id = c.event_id WHERE e.session_ref = $p0
            """);
        _move = connection.Prepare(EventSql.Move);
    }

    /// <summary>Deals with an event whose key is stored already: it was read again, or it is a copy in another session.</summary>
    /// <returns>True if the event moved to this session, because it was born there.</returns>
    public bool Meet(UsageEvent usage, SessionRow row)
    {
        Owner owner;
        Span<byte> key = stackalloc byte[EventKey.Size];
        usage.Key.WriteTo(key);
        using (var reader = _findOwner.With(key.ToArray()).ExecuteReader())
        {
            if (!reader.Read())
            {
                return false;
            }

            owner = Owner.Read(reader);
        }

        var ownerRow = _sessions.Get(owner.SessionRef);
        if (IsSameSession(ownerRow, row))
        {
            return false;
        }

        _add.With(owner.EventId, row.Id, usage.SourceFile, usage.SourceLineNo).ExecuteNonQuery();

        return OwnershipRule.Outranks(row.Claim, ownerRow.Claim, owner.EventMs)
            && Move(owner, ownerRow, row, usage.SourceFile, usage.SourceLineNo);
    }

    /// <summary>Decides again where the copied events of a session were born, after more became known of it.</summary>
    /// <returns>How many events moved.</returns>
    public int SettleOwners(SessionRow changed)
    {
        var events = new List<long>();
        using (var reader = _readEventsOf.With(changed.Id).ExecuteReader())
        {
            while (reader.Read())
            {
                events.Add(reader.GetInt64(0));
            }
        }

        return events.Count(SettleOwner);
    }

    public void Dispose()
    {
        foreach (var command in new[] { _findOwner, _readOwner, _add, _remove, _readCopies, _readEventsOf, _move })
        {
            command.Dispose();
        }
    }

    /// <summary>The same session read in a copy of its home is no other session.</summary>
    static bool IsSameSession(SessionRow a, SessionRow b) =>
        a.Session.AgentId == b.Session.AgentId && a.Session.SessionId == b.Session.SessionId;

    bool SettleOwner(long eventId)
    {
        Owner owner;
        using (var reader = _readOwner.With(eventId).ExecuteReader())
        {
            reader.Read();
            owner = Owner.Read(reader);
        }

        var ownerRow = _sessions.Get(owner.SessionRef);
        var (best, file, line) = (ownerRow, owner.SourceFile, owner.SourceLineNo);
        foreach (var copy in ReadCopies(eventId))
        {
            var row = _sessions.Get(copy.SessionRef);
            if (OwnershipRule.Outranks(row.Claim, best.Claim, owner.EventMs))
            {
                (best, file, line) = (row, copy.SourceFile, copy.SourceLineNo);
            }
        }

        return best != ownerRow && Move(owner, ownerRow, best, file, line);
    }

    List<(long SessionRef, string? SourceFile, long? SourceLineNo)> ReadCopies(long eventId)
    {
        var copies = new List<(long SessionRef, string? SourceFile, long? SourceLineNo)>();
        using var reader = _readCopies.With(eventId).ExecuteReader();
        while (reader.Read())
        {
            copies.Add((reader.GetInt64(0), reader.GetText(1), reader.IsDBNull(2) ? null : reader.GetInt64(2)));
        }

        return copies;
    }

    bool Move(Owner owner, SessionRow from, SessionRow to, string? file, long? line)
    {
        _sessions.LoadRuns(to);
        var trigger = to.ResolveTrigger(to.EventChannel, owner.RunId, owner.StartedMs ?? owner.EventMs);
        _move.With(EventSql.MoveValues(owner.EventId, to, trigger, file, line)).ExecuteNonQuery();
        _remove.With(owner.EventId, to.Id).ExecuteNonQuery();
        _add.With(owner.EventId, from.Id, owner.SourceFile, owner.SourceLineNo).ExecuteNonQuery();
        to.MayHaveEvents = true;

        return true;
    }

    readonly record struct Owner(
        long EventId, long SessionRef, long? EventMs, string? SourceFile, long? SourceLineNo, string? RunId, long? StartedMs)
    {
        public static Owner Read(SqliteDataReader reader) => new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            UtcTime.TryParse(reader.GetText(2), out var ms) ? ms : null,
            reader.GetText(3),
            reader.IsDBNull(4) ? null : reader.GetInt64(4),
            reader.GetText(5),
            UtcTime.TryParse(reader.GetText(6), out var started) ? started : null);
    }
}
