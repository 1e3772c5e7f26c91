using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>The events of an adopted database that still have a provisional key: recognises them when a source shows them.</summary>
/// <remarks>
///     A provisional event has no entry id, so it is known by its instant, its session and its counts. Once recognised it becomes
///     what the source says: key, numbers, attribution. Its id and the time it was stored stay, so that it is still the same row.
/// </remarks>
sealed class ImportedEvents : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SessionTable _sessions;
    readonly long? _lastMs;
    readonly bool _anyWithoutTime;
    readonly SqliteCommand _find, _findKeyed, _readKey, _attribute, _setAside, _unmark, _remove, _takeOver, _markKeyed, _addCopy, _removeCopy;

    ImportedEvents(SqliteConnection connection, SessionTable sessions)
    {
        _connection = connection;
        _sessions = sessions;
        using (var range = connection.Prepare("SELECT max(instant_ms), count(*) - count(instant_ms) FROM adopted_events"))
        using (var reader = range.ExecuteReader())
        {
            reader.Read();
            _lastMs = reader.IsDBNull(0) ? null : reader.GetInt64(0);
            _anyWithoutTime = reader.GetInt64(1) > 0;
        }

        const string candidate = $"""
            SELECT e.id, e.session_ref, a.instant_ms, e.source_file, {ImportedUsage.EventColumns}
            FROM adopted_events AS a JOIN usage_events AS e ON e.id = a.event_id WHERE a.is_keyed = 0
            """;
        _find = connection.Prepare($"""
            {candidate} AND a.instant_ms = $p0
            UNION ALL
            {candidate} AND a.instant_ms IS NULL AND a.source_line_no = $p1
            """);
        _findKeyed = connection.Prepare("""
            SELECT e.id, e.session_ref FROM usage_events AS e JOIN adopted_events AS a ON a.event_id = e.id WHERE e.event_key = $p0
            """);

        _attribute = connection.Prepare(EventSql.Attribute);
        _readKey = connection.Prepare("SELECT session_key FROM usage_events WHERE id = $p0");
        _setAside = connection.Prepare($"""
            INSERT INTO adopted_surplus ({LegacyDatabase.EventNames}, reason, adopted_ts)
            SELECT {LegacyDatabase.EventNames}, 'copy', $p1 FROM usage_events WHERE id = $p0
            """);
        _unmark = connection.Prepare("DELETE FROM adopted_events WHERE event_id = $p0");
        _remove = connection.Prepare("DELETE FROM usage_events WHERE id = $p0 RETURNING ingest_ts");
        _takeOver = connection.Prepare("UPDATE usage_events SET id = $p1, ingest_ts = $p2 WHERE id = $p0");
        _markKeyed = connection.Prepare("INSERT INTO adopted_events (event_id, instant_ms, is_keyed) VALUES ($p0, $p1, 1)");
        _addCopy = connection.Prepare("""
            INSERT INTO event_copies (event_id, session_ref, source_file, source_line_no) VALUES ($p0, $p1, $p2, $p3)
            ON CONFLICT DO NOTHING
            """);
        _removeCopy = connection.Prepare("DELETE FROM event_copies WHERE event_id = $p0 AND session_ref = $p1");
    }

    /// <summary>Returns what recognises adopted events, or NULL if the store has none that wait for it.</summary>
    public static ImportedEvents? Find(SqliteConnection connection, SessionTable sessions) =>
        connection.QueryInt("SELECT EXISTS (SELECT 1 FROM adopted_events)") == 0 ? null : new ImportedEvents(connection, sessions);

    /// <summary>Gives the event that was inserted last the place of the adopted one that it is, if there is one.</summary>
    /// <returns>True if it was an adopted event: then it was none that is new.</returns>
    public bool TryReplace(UsageEvent usage, SessionRow row, string now)
    {
        if (!MayConcern(usage) || FindBest(usage, row) is not { } adopted)
        {
            return false;
        }

        var inserted = raw.sqlite3_last_insert_rowid(_connection.Handle);
        var owner = _sessions.Get(adopted.SessionRef);
        var isHere = adopted.IsSameSession || OwnershipRule.Outranks(row.Claim, owner.Claim, usage.EventMs);
        var home = isHere ? row : BringHome(owner, row.Session.Home, now);
        if (adopted.IsSameSession || !isHere)
        {
            Attribute(inserted, adopted.EventId, home, usage, isHere);
        }

        _unmark.With(adopted.EventId).ExecuteNonQuery();
        var ingested = _remove.With(adopted.EventId).ExecuteScalar();
        _takeOver.With(inserted, adopted.EventId, ingested).ExecuteNonQuery();
        if (!isHere)
        {
            _addCopy.With(adopted.EventId, row.Id, usage.SourceFile, usage.SourceLineNo).ExecuteNonQuery();
            _markKeyed.With(adopted.EventId, usage.EventMs).ExecuteNonQuery();
        }

        return true;
    }

    /// <summary>Deals with an event whose key is stored already, in so far as adopted ones are concerned; after its births are decided.</summary>
    /// <returns>True if a stored event became better.</returns>
    public bool Meet(UsageEvent usage, SessionRow row, string now)
    {
        if (!MayConcern(usage))
        {
            return false;
        }

        var isBetter = ConfirmHome(usage, row);

        // The same response, adopted as one of this session, too: what it was copied from has been read meanwhile.
        if (FindBest(usage, row) is { IsSameSession: true } copy)
        {
            _setAside.With(copy.EventId, now).ExecuteNonQuery();
            _unmark.With(copy.EventId).ExecuteNonQuery();
            _remove.With(copy.EventId).ExecuteNonQuery();
            isBetter = true;
        }

        return isBetter;
    }

    public void Dispose()
    {
        foreach (var command in new[]
        {
            _find, _findKeyed, _readKey, _attribute, _setAside, _unmark, _remove, _takeOver, _markKeyed, _addCopy, _removeCopy,
        })
        {
            command.Dispose();
        }
    }

    /// <summary>What happened after the adoption costs nothing.</summary>
    bool MayConcern(UsageEvent usage) => _anyWithoutTime || usage.EventMs <= _lastMs;

    /// <summary>The adopted event that an event most probably is.</summary>
    Candidate? FindBest(UsageEvent usage, SessionRow row)
    {
        Candidate? best = null;
        using var reader = _find.With(usage.EventMs, usage.SourceLineNo).ExecuteReader();
        while (reader.Read())
        {
            var candidate = Weigh(reader, usage, row);
            if (candidate.Weight > (best?.Weight ?? 0) || (candidate.Weight > 0 && candidate.Weight == best?.Weight && candidate.EventId < best.EventId))
            {
                best = candidate;
            }
        }

        return best;
    }

    Candidate Weigh(SqliteDataReader reader, UsageEvent usage, SessionRow row)
    {
        var owner = _sessions.Get(reader.GetInt64(1));
        var hasTime = !reader.IsDBNull(2);
        var adopted = ImportedUsage.Read(reader, 4);
        var agrees = adopted.Agrees(usage);
        var isSameAgent = owner.Session.AgentId.Length == 0 || owner.Session.AgentId == row.Session.AgentId;
        var isSameSession = isSameAgent
            && (owner.Session.SessionId == row.Session.SessionId || LegacyPath.Parse(reader.GetText(3)).IsOriginOf(usage.SourceFile));
        var isSameLine = adopted.LineNo == usage.SourceLineNo;

        // The same line of the same transcript in the same millisecond is the same response, whatever the original made of it. In
        // another session it is one if tokens were used, or if one of the two sessions can only have a copy (see LegacyImporter).
        var weight = (isSameSession, isSameLine, hasTime, agrees) switch
        {
            (true, true, true, _) or (true, true, false, true) => 3,
            (true, _, true, true) => 2,
            (false, _, true, true) when adopted.AnyUsed || IsCopyIn(row, usage) || IsCopyIn(owner, usage) => 1,
            _ => 0,
        };

        return new Candidate(reader.GetInt64(0), reader.GetInt64(1), isSameSession, weight);
    }

    static bool IsCopyIn(SessionRow row, UsageEvent usage) => row.StartedMs > usage.EventMs;

    /// <summary>The session of an adopted event in the home where a copy of the event was found, wherever the home was then.</summary>
    SessionRow BringHome(SessionRow owner, string home, string now)
    {
        var row = _sessions.Get(owner.Session with { Home = home }, now);
        if (row.Merge(new SessionInfo(row.Session)
        {
            SessionKey = owner.SessionKey,
            StartedMs = owner.StartedMs,
            IsFork = owner.IsFork,
            IsFallback = true,
        }))
        {
            _sessions.Save(row);
        }

        row.MayHaveEvents = true;

        return row;
    }

    /// <summary>Takes over what a session says of itself, once its own transcript shows an event that had been found in a copy only.</summary>
    bool ConfirmHome(UsageEvent usage, SessionRow row)
    {
        var key = new byte[EventKey.Size];
        usage.Key.WriteTo(key);
        long eventId, sessionRef;
        using (var reader = _findKeyed.With(key).ExecuteReader())
        {
            if (!reader.Read())
            {
                return false;
            }

            (eventId, sessionRef) = (reader.GetInt64(0), reader.GetInt64(1));
        }

        var owner = _sessions.Get(sessionRef).Session;
        if (owner.AgentId != row.Session.AgentId || owner.SessionId != row.Session.SessionId)
        {
            return false;
        }

        _unmark.With(eventId).ExecuteNonQuery();
        Attribute(eventId, eventId, row, usage, isHere: true);
        _removeCopy.With(eventId, row.Id).ExecuteNonQuery();

        return true;
    }

    void Attribute(long eventId, long adoptedId, SessionRow row, UsageEvent usage, bool isHere)
    {
        if (row.SessionKey is null && _readKey.With(adoptedId).ExecuteScalar() is string key)
        {
            row.SetKey(key);
            _sessions.Save(row);
        }

        _sessions.LoadRuns(row);
        var (file, line) = isHere ? (usage.SourceFile, (long?)usage.SourceLineNo) : (null, null);
        _attribute.With(EventSql.AttributeValues(eventId, adoptedId, row, row.ResolveTrigger(usage), file, line)).ExecuteNonQuery();
    }

    sealed record Candidate(long EventId, long SessionRef, bool IsSameSession, int Weight);
}
