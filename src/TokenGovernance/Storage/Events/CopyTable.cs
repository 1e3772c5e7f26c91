using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>Events that were met in more than one session, and the decision which of them owns each.</summary>
sealed class CopyTable : IDisposable
{
    readonly SessionTable _sessions;
    readonly AttributionTable _attributions;
    readonly EventFacts _facts;
    readonly SqliteCommand _findOwner, _readOwner, _add, _remove, _readCopies, _readEventsOf;

    public CopyTable(SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts)
    {
        _sessions = sessions;
        _attributions = attributions;
        _facts = facts;
        const string owner = $"""
            SELECT e.id, a.session_ref, e.event_ms, {RollupTable.UsageMs}, e.file_id, e.source_line_no, e.run_id
            FROM event_facts AS e CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            """;
        _findOwner = connection.Prepare($"{owner} WHERE e.event_key = $p0");
        _readOwner = connection.Prepare($"{owner} WHERE e.id = $p0");
        _add = connection.Prepare("""
            INSERT INTO event_sightings (event_id, session_ref, file_id, source_line_no) VALUES ($p0, $p1, $p2, $p3)
            ON CONFLICT DO NOTHING
            """);
        _remove = connection.Prepare("DELETE FROM event_sightings WHERE event_id = $p0 AND session_ref = $p1");
        _readCopies = connection.Prepare("SELECT session_ref, file_id, source_line_no FROM event_sightings WHERE event_id = $p0");
        _readEventsOf = connection.Prepare("""
            SELECT event_id FROM event_sightings WHERE session_ref = $p0
            UNION
            SELECT s.event_id
            FROM event_attributions AS a
            CROSS JOIN event_facts AS e ON e.attribution_id = a.id
            CROSS JOIN event_sightings AS s ON s.event_id = e.id
            WHERE a.session_ref = $p0
            """);
    }

    /// <summary>Deals with an event whose key is stored already: it was read again, or it is a copy in another session.</summary>
    /// <returns>True if the event moved to this session, because that owns it.</returns>
    public bool Meet(UsageEvent usage, SessionRow row)
    {
        Span<byte> key = stackalloc byte[EventKey.Size];
        usage.Key.WriteTo(key);

        return Find(_findOwner.With(key.ToArray())) is { } owner && Meet(owner, usage, row);
    }

    /// <summary>As <see cref="Meet(UsageEvent, SessionRow)" />, of an event that is stored under another key.</summary>
    public bool Meet(long eventId, UsageEvent usage, SessionRow row) => Find(_readOwner.With(eventId)) is { } owner && Meet(owner, usage, row);

    /// <summary>Lets one event be a copy of another one: where it was seen is where that was seen, and who owns that is decided again.</summary>
    public void Join(long copyId, long eventId)
    {
        var (copy, owner) = (Find(_readOwner.With(copyId))!.Value, Find(_readOwner.With(eventId))!.Value);
        var ownerRow = _sessions.Get(owner.SessionRef);
        foreach (var (sessionRef, fileId, line) in ReadCopies(copyId).Prepend((copy.SessionRef, copy.FileId, copy.SourceLineNo)))
        {
            if (!IsSameSession(_sessions.Get(sessionRef), ownerRow))
            {
                _add.With(eventId, sessionRef, fileId, line).ExecuteNonQuery();
            }
        }

        _facts.Remove(copyId);
        SettleOwner(eventId);
    }

    bool Meet(in Owner owner, UsageEvent usage, SessionRow row)
    {
        var ownerRow = _sessions.Get(owner.SessionRef);
        if (IsSameSession(ownerRow, row))
        {
            return false;
        }

        var file = _facts.FileOf(usage);
        _add.With(owner.EventId, row.Id, file, usage.SourceLineNo).ExecuteNonQuery();

        return OwnershipRule.Outranks(row.Claim, ownerRow.Claim, owner.EventMs) && Move(owner, ownerRow, row, file, usage.SourceLineNo);
    }

    /// <summary>Decides again who owns the copied events of a session, after more became known of it.</summary>
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
        foreach (var command in new[] { _findOwner, _readOwner, _add, _remove, _readCopies, _readEventsOf })
        {
            command.Dispose();
        }
    }

    /// <summary>The same session read in a copy of its home is no other session.</summary>
    static bool IsSameSession(SessionRow a, SessionRow b) =>
        a.Session.AgentId == b.Session.AgentId && a.Session.SessionId == b.Session.SessionId;

    bool SettleOwner(long eventId)
    {
        var owner = Find(_readOwner.With(eventId))!.Value;
        var ownerRow = _sessions.Get(owner.SessionRef);
        var (best, file, line) = (ownerRow, owner.FileId, owner.SourceLineNo);
        foreach (var copy in ReadCopies(eventId))
        {
            var row = _sessions.Get(copy.SessionRef);
            if (OwnershipRule.Outranks(row.Claim, best.Claim, owner.EventMs))
            {
                (best, file, line) = (row, copy.FileId, copy.SourceLineNo);
            }
        }

        return best != ownerRow && Move(owner, ownerRow, best, file, line);
    }

    static Owner? Find(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();

        return reader.Read() ? Owner.Read(reader) : null;
    }

    List<(long SessionRef, long? FileId, long? SourceLineNo)> ReadCopies(long eventId)
    {
        var copies = new List<(long SessionRef, long? FileId, long? SourceLineNo)>();
        using var reader = _readCopies.With(eventId).ExecuteReader();
        while (reader.Read())
        {
            copies.Add((reader.GetInt64(0), reader.GetNumber(1), reader.GetNumber(2)));
        }

        return copies;
    }

    bool Move(Owner owner, SessionRow from, SessionRow to, long? fileId, long? line)
    {
        _sessions.LoadRuns(to);
        var trigger = to.ResolveTrigger(to.EventChannel, owner.RunId, owner.UsageMs);
        _facts.Move(owner.EventId, _attributions.Get(to, trigger), fileId, line);
        _remove.With(owner.EventId, to.Id).ExecuteNonQuery();
        _add.With(owner.EventId, from.Id, owner.FileId, owner.SourceLineNo).ExecuteNonQuery();
        to.MayHaveEvents = true;

        return true;
    }

    readonly record struct Owner(
        long EventId, long SessionRef, long? EventMs, long? UsageMs, long? FileId, long? SourceLineNo, string? RunId)
    {
        public static Owner Read(SqliteDataReader reader) => new(
            reader.GetInt64(0),
            reader.GetInt64(1),
            reader.GetNumber(2),
            reader.GetNumber(3),
            reader.GetNumber(4),
            reader.GetNumber(5),
            CompactId.Read(reader, 6));
    }
}
