using Microsoft.Data.Sqlite;
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
    readonly SessionTable _sessions;
    readonly AttributionTable _attributions;
    readonly EventFacts _facts;
    readonly long? _lastMs;
    readonly bool _anyWithoutTime;
    readonly SqliteCommand _find, _findKeyed, _readPlace, _setAside, _unmark, _markKeyed, _addCopy, _removeCopy;

    ImportedEvents(SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts)
    {
        _sessions = sessions;
        _attributions = attributions;
        _facts = facts;
        using (var range = connection.Prepare("SELECT max(instant_ms), count(*) - count(instant_ms) FROM adopted_events"))
        using (var reader = range.ExecuteReader())
        {
            reader.Read();
            _lastMs = reader.GetNumber(0);
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

        _readPlace = connection.Prepare("SELECT attribution_id, file_id, source_line_no FROM event_facts WHERE id = $p0");
        _setAside = connection.Prepare($"""
            INSERT INTO adopted_surplus ({LegacyDatabase.EventNames}, reason, adopted_ts)
            SELECT {LegacyDatabase.EventNames}, 'copy', $p1 FROM usage_events WHERE id = $p0
            """);
        _unmark = connection.Prepare("DELETE FROM adopted_events WHERE event_id = $p0");
        _markKeyed = connection.Prepare("INSERT INTO adopted_events (event_id, instant_ms, is_keyed) VALUES ($p0, $p1, 1)");
        _addCopy = connection.Prepare("""
            INSERT INTO event_sightings (event_id, session_ref, file_id, source_line_no) VALUES ($p0, $p1, $p2, $p3)
            ON CONFLICT DO NOTHING
            """);
        _removeCopy = connection.Prepare("DELETE FROM event_sightings WHERE event_id = $p0 AND session_ref = $p1");
    }

    /// <summary>Returns what recognises adopted events, or NULL if the store has none that wait for it.</summary>
    public static ImportedEvents? Find(SqliteConnection connection, SessionTable sessions, AttributionTable attributions, EventFacts facts) =>
        connection.QueryInt("SELECT EXISTS (SELECT 1 FROM adopted_events)") == 0 ? null : new ImportedEvents(connection, sessions, attributions, facts);

    /// <summary>Lets an event whose key is not stored take the place of the adopted one that it is, if there is one.</summary>
    /// <returns>True if it was an adopted event: then it was none that is new.</returns>
    public bool TryReplace(UsageEvent usage, SessionRow row, string now)
    {
        if (!MayConcern(usage) || _facts.Contains(usage.Key) || FindBest(usage, row) is not { } adopted)
        {
            return false;
        }

        var place = ReadPlace(adopted.EventId);
        var owner = _sessions.Get(adopted.SessionRef);
        var isHere = adopted.IsSameSession || OwnershipRule.Outranks(row.Claim, owner.Claim, usage.EventMs);
        var home = isHere ? row : BringHome(owner, row.Session.Home, now);
        _facts.Replace(
            adopted.EventId, usage,
            adopted.IsSameSession || !isHere ? Attribute(place.Attribution, home, usage) : _attributions.Get(row, row.ResolveTrigger(usage)));
        _unmark.With(adopted.EventId).ExecuteNonQuery();
        if (!isHere)
        {
            _facts.Move(adopted.EventId, Attribute(place.Attribution, home, usage), place.FileId, place.Line);
            _addCopy.With(adopted.EventId, row.Id, _facts.FileOf(usage), usage.SourceLineNo).ExecuteNonQuery();
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
            _facts.Remove(copy.EventId);
            isBetter = true;
        }

        return isBetter;
    }

    public void Dispose()
    {
        foreach (var command in new[]
        {
            _find, _findKeyed, _readPlace, _setAside, _unmark, _markKeyed, _addCopy, _removeCopy,
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
            _facts.ForgetSession();
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
        _facts.Move(eventId, Attribute(ReadPlace(eventId).Attribution, row, usage), _facts.FileOf(usage), usage.SourceLineNo);
        _removeCopy.With(eventId, row.Id).ExecuteNonQuery();

        return true;
    }

    /// <summary>
    ///     Attributes an event that an imported one turned out to be: what is said of the session now wins; then what was said when it
    ///     was collected; last what the session's key implies.
    /// </summary>
    Attribution Attribute(Attribution imported, SessionRow row, UsageEvent usage)
    {
        if (row.SessionKey is null && imported.SessionKey is { } key)
        {
            row.SetKey(key);
            _sessions.Save(row);
            _facts.ForgetSession();
        }

        _sessions.LoadRuns(row);
        var trigger = row.ResolveTrigger(usage);

        return _attributions.Get(row, [.. AttributionTable.Columns.Select((column, i) => column.Origin switch
        {
            EventColumnOrigin.Session => column.OfSession!(row),
            EventColumnOrigin.Trigger => trigger ?? imported.Values[i],
            _ => column.OfMetadata!(row) ?? imported.Values[i] ?? column.OfSession!(row),
        })]);
    }

    (Attribution Attribution, long? FileId, long? Line) ReadPlace(long eventId)
    {
        using var reader = _readPlace.With(eventId).ExecuteReader();
        reader.Read();

        return (_attributions.Find(reader.GetInt64(0)), reader.GetNumber(1), reader.GetNumber(2));
    }

    sealed record Candidate(long EventId, long SessionRef, bool IsSameSession, int Weight);
}
