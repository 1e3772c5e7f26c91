using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>Responses whose entry was read without an id, which the same response may have elsewhere: known by what they say.</summary>
/// <remarks>
///     OpenClaw gave the entries of its oldest transcripts ids when it opened or migrated them, while copies stayed as they were. Of
///     responses that say the same, as many are stored as one transcript has: the second of a transcript is the second stored one. That
///     holds where an entry without id is among them; elsewhere the ids tell. Events that are newer than all such cost nothing.
/// </remarks>
sealed class NamelessEvents : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SessionTable _sessions;
    readonly CopyTable _copies;
    readonly EventFacts _facts;
    readonly SqliteCommand _readAlike, _mark, _readUnsettled, _settled, _isSeenIn;
    long? _lastMs;

    public NamelessEvents(SqliteConnection connection, SessionTable sessions, CopyTable copies, EventFacts facts)
    {
        _connection = connection;
        _sessions = sessions;
        _copies = copies;
        _facts = facts;
        _readAlike = connection.Prepare("""
            SELECT e.id, n.event_id IS NOT NULL, a.session_ref, e.file_id, coalesce(e.source_line_no, 0), e.entry_id IS NULL
            FROM event_facts AS e
            CROSS JOIN event_models AS m ON m.id = e.model_id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            LEFT JOIN nameless_events AS n ON n.event_id = e.id
            WHERE e.event_key >= $p0 AND e.event_key < $p1 AND e.event_ms = $p2 AND m.model_provider IS $p3 AND m.model IS $p4
              AND e.input_tokens IS $p5 AND e.output_tokens IS $p6 AND e.cache_read_tokens IS $p7 AND e.cache_write_tokens IS $p8
              AND e.total_tokens IS $p9 AND e.response_id IS $p10 AND m.runtime = 'openclaw' AND a.session_ref IS NOT NULL
              AND NOT EXISTS (SELECT 1 FROM adopted_events AS o WHERE o.event_id = e.id AND o.is_keyed = 0)
            ORDER BY e.id
            """);
        _mark = connection.Prepare("""
            INSERT INTO nameless_events (event_id, is_settled) SELECT id, 1 FROM event_facts WHERE event_key = $p0 OR id = $p1 ON CONFLICT DO NOTHING
            """);
        _readUnsettled = connection.Prepare("""
            SELECT e.id, e.event_ms, m.model_provider, m.model, e.input_tokens, e.output_tokens, e.cache_read_tokens, e.cache_write_tokens,
              e.total_tokens, e.response_id, a.session_ref
            FROM nameless_events AS n
            CROSS JOIN event_facts AS e ON e.id = n.event_id
            CROSS JOIN event_models AS m ON m.id = e.model_id
            CROSS JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE n.is_settled = 0 ORDER BY e.id
            """);
        _settled = connection.Prepare("UPDATE nameless_events SET is_settled = 1 WHERE is_settled = 0");
        _isSeenIn = connection.Prepare("""
            SELECT EXISTS (SELECT 1 FROM event_sightings AS s CROSS JOIN sessions AS r ON r.id = s.session_ref
            WHERE s.event_id = $p0 AND r.agent_id = $p1 AND r.session_id = $p2)
            """);
        Load();
    }

    /// <summary>Some were stored by a version that did not look for the same response among those with ids.</summary>
    public static bool AreUnsettled(SqliteConnection connection) =>
        connection.QueryInt("SELECT EXISTS (SELECT 1 FROM nameless_events WHERE is_settled = 0)") != 0;

    /// <summary>Looks again whether others have been stored: another process wrote.</summary>
    public void Load() => _lastMs = _connection.QueryLong(
        "SELECT max(e.event_ms) FROM nameless_events AS n CROSS JOIN event_facts AS e ON e.id = n.event_id");

    /// <summary>Deals with an event that is not stored under its key, and yet may be stored.</summary>
    /// <returns>Whether it is; and then whether it moved to this session, because that owns it.</returns>
    public (bool IsKnown, bool IsMoved) Meet(UsageEvent usage, SessionRow row)
    {
        if (usage.EventMs is null || !(usage.IsNameless || usage.EventMs <= _lastMs) || _facts.Contains(usage.Key))
        {
            return default;
        }

        var content = EventContent.Of(usage);
        var alike = ReadAlike(content, row);
        if (alike.Count == 0 || !(usage.IsNameless || alike.Exists(one => one.IsMarked)))
        {
            return default;
        }

        if (!alike.Exists(one => one.IsMarked))
        {
            // From now on not their ids count.
            alike = Settle(alike);
        }

        if (usage.Ordinal > alike.Count)
        {
            return default;
        }

        var known = alike[usage.Ordinal - 1];
        if (usage.IsNameless)
        {
            Mark(usage, known.EventId);
        }

        return (true, _copies.Meet(known.EventId, usage, row));
    }

    /// <summary>Notes that an entry without id stands for an event.</summary>
    /// <param name="usage">The event as it was read.</param>
    /// <param name="eventId">The stored one, if it has another key.</param>
    public void Mark(UsageEvent usage, long? eventId = null)
    {
        if (usage.EventMs is { } ms)
        {
            _mark.With(eventId is null ? usage.Key.ToBytes() : null, eventId).ExecuteNonQuery();
            _lastMs = Math.Max(_lastMs ?? ms, ms);
        }
    }

    /// <summary>Merges what an earlier version stored twice.</summary>
    /// <returns>How many events are no longer there.</returns>
    public int SettleAll()
    {
        var contents = new List<(EventContent Content, SessionRow Session)>();
        using (var reader = _readUnsettled.ExecuteReader())
        {
            while (reader.Read())
            {
                var content = new EventContent(
                    reader.GetNumber(1), reader.GetText(2), reader.GetText(3), reader.GetNumber(4), reader.GetNumber(5), reader.GetNumber(6),
                    reader.GetNumber(7), reader.GetNumber(8), CompactId.Read(reader, 9));
                if (!reader.IsDBNull(10))
                {
                    contents.Add((content, _sessions.Get(reader.GetInt64(10))));
                }
            }
        }

        var merged = 0;
        foreach (var (content, session) in contents)
        {
            var alike = ReadAlike(content, session);
            merged += alike.Count - (alike.Count > 1 ? Settle(alike).Count : alike.Count);
        }

        _settled.ExecuteNonQuery();

        return merged;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _readAlike, _mark, _readUnsettled, _settled, _isSeenIn })
        {
            command.Dispose();
        }
    }

    /// <summary>Stored events that say the same; of those that used nothing only a session's own.</summary>
    List<Alike> ReadAlike(in EventContent content, SessionRow session)
    {
        var (from, to) = EventKey.RangeOf(content.Ms);
        var alike = new List<Alike>();
        using (var reader = _readAlike.With(
            from, to, content.Ms, content.Provider, content.Model, content.Input, content.Output, content.CacheRead, content.CacheWrite, content.Total,
            CompactId.Encode(content.ResponseId)).ExecuteReader())
        {
            while (reader.Read())
            {
                alike.Add(new Alike(
                    reader.GetInt64(0), reader.GetBoolean(1), reader.GetInt64(2), reader.GetNumber(3), reader.GetInt64(4), reader.GetBoolean(5)));
            }
        }

        return content.AnyUsed ? alike : alike.FindAll(one => IsIn(one, session.Session));
    }

    bool IsIn(Alike one, SessionIdentity session)
    {
        var owner = _sessions.Get(one.SessionRef).Session;

        return (owner.AgentId == session.AgentId && owner.SessionId == session.SessionId)
            || (long)_isSeenIn.With(one.EventId, session.AgentId, session.SessionId).ExecuteScalar()! != 0;
    }

    /// <summary>Merges events that say the same and cannot be told apart by standing in different lines of one transcript.</summary>
    /// <returns>Those that stay.</returns>
    List<Alike> Settle(List<Alike> alike)
    {
        // A transcript that was read before and after it got ids has two versions.
        var places = alike.GroupBy(one => (one.SessionRef, one.FileId, one.IsNameless)).SelectMany(transcript =>
            transcript.GroupBy(one => one.Line).OrderBy(line => line.Key).SelectMany((line, at) => line.Select(one => (One: one, At: at))));
        var kept = new List<Alike>();
        foreach (var same in places.GroupBy(place => place.At, place => place.One).OrderBy(same => same.Key))
        {
            var first = same.MinBy(one => one.EventId)!;
            foreach (var copy in same.Where(one => one != first))
            {
                _copies.Join(copy.EventId, first.EventId);
                first = first with { IsMarked = first.IsMarked || copy.IsMarked };
            }

            if (first.IsMarked)
            {
                _mark.With(null, first.EventId).ExecuteNonQuery();
            }

            kept.Add(first);
        }

        return [.. kept.OrderBy(one => one.EventId)];
    }

    /// <summary>A stored event.</summary>
    /// <param name="EventId">Its id.</param>
    /// <param name="IsMarked">An entry without id stands for it.</param>
    /// <param name="SessionRef">Its session.</param>
    /// <param name="FileId">Where it was read.</param>
    /// <param name="Line">In which line.</param>
    /// <param name="IsNameless">It was first read without an id.</param>
    sealed record Alike(long EventId, bool IsMarked, long SessionRef, long? FileId, long Line, bool IsNameless);
}
