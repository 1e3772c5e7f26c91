using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>Turns a database of the original into ours, inside the transaction that makes our tables.</summary>
/// <remarks>
///     What counts nothing goes to `adopted_surplus`: copies of a response, OpenClaw's own messages, trajectories. Every other row
///     stays with its id, its numbers and a provisional key, until a source shows the response (see <see cref="ImportedEvents" />).
/// </remarks>
sealed class LegacyImporter
{
    const string Copy = "copy";
    const string Synthetic = "synthetic";
    const string Trajectory = "trajectory";

    readonly SqliteConnection _connection;
    readonly string _backup, _now;
    readonly Dictionary<SessionIdentity, LegacySession> _sessions = [];
    readonly Dictionary<string, int> _surplus = new() { [Copy] = 0, [Synthetic] = 0, [Trajectory] = 0 };
    SqliteCommand? _keep, _mark, _setAside, _addSession;
    int _kept;

    LegacyImporter(SqliteConnection connection, string backup, string now)
    {
        _connection = connection;
        _backup = backup;
        _now = now;
    }

    /// <summary>Backs the file up and gives its tables other names.</summary>
    public static LegacyImporter Begin(SqliteConnection connection, string path, TimeProvider time)
    {
        var now = UtcTime.Format(time.GetUtcNow());
        var backup = LegacyBackup.Make(connection, path, now);
        OwnerFile.Restrict(path);
        LegacyDatabase.SetAside(connection);

        return new LegacyImporter(connection, backup, now);
    }

    /// <summary>Fills our tables from the original's, and drops those.</summary>
    public LegacyImportReport Finish()
    {
        CleanView.Create(_connection);
        using (_keep = PrepareKeep())
        using (_mark = _connection.Prepare("INSERT INTO adopted_events (event_id, instant_ms, source_line_no) VALUES ($p0, $p1, $p2)"))
        using (_setAside = PrepareSetAside())
        using (_addSession = PrepareAddSession())
        {
            MeetSessions();
            foreach (var moment in Moments())
            {
                Decide(moment);
            }
        }

        CopySnapshots();
        KeepSequences();
        CleanView.Drop(_connection);
        LegacyDatabase.Drop(_connection);

        return new LegacyImportReport(_backup, _kept, _surplus[Copy], _surplus[Synthetic], _surplus[Trajectory]);
    }

    SqliteCommand PrepareKeep()
    {
        // Every column of the original as it is there, but for these.
        Dictionary<string, string> values = EventColumns.Legacy.ToDictionary(column => column.Name, column => column.Name);
        values["ingest_ts"] = "coalesce(ingest_ts, $p1)";
        values["agent_id"] = "$p2";
        values["session_id"] = "$p3";
        values["channel"] = "coalesce(channel, $p8)";
        values["chat_type"] = "coalesce(chat_type, $p9)";
        values["home"] = "$p4";
        values["session_ref"] = "$p5";
        values["event_key"] = "$p6";
        values["job_id"] = "$p7";
        values["trigger"] = "$p10";
        values["cost_source"] = "$p11";

        return _connection.Prepare($"""
            INSERT INTO usage_events ({string.Join(", ", values.Keys)})
            SELECT {string.Join(", ", values.Values)} FROM {CleanView.Name} WHERE id = $p0
            """);
    }

    SqliteCommand PrepareSetAside() => _connection.Prepare($"""
        INSERT INTO adopted_surplus ({LegacyDatabase.EventNames}, reason, adopted_ts)
        SELECT {LegacyDatabase.EventNames}, $p1, $p2 FROM {LegacyDatabase.Events} WHERE id = $p0
        """);

    SqliteCommand PrepareAddSession() => _connection.Prepare("""
        INSERT INTO sessions (home, agent_id, session_id, session_key, started_ts, is_fork, first_seen_ts, last_seen_ts)
        VALUES ($p0, $p1, $p2, $p3, $p4, $p5, $p6, $p6)
        """);

    /// <summary>Learns from all rows what is known of each session before the first decision.</summary>
    void MeetSessions()
    {
        using var command = _connection.Prepare($"""
            SELECT source_file, agent_id, session_id, session_key, min(instant_ms) FROM {CleanView.Name} GROUP BY 1, 2, 3, 4
            """);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var path = LegacyPath.Parse(reader.GetText(0));
            if (!path.IsTrajectory)
            {
                var identity = LegacySession.IdentityOf(path, reader.GetText(1), reader.GetText(2));
                if (!_sessions.TryGetValue(identity, out var session))
                {
                    _sessions.Add(identity, session = new LegacySession());
                }

                session.Add(path, reader.GetText(3), reader.IsDBNull(4) ? null : reader.GetInt64(4));
            }
        }
    }

    /// <summary>All rows, those of one instant together.</summary>
    IEnumerable<List<LegacyEvent>> Moments()
    {
        using var command = _connection.Prepare($"SELECT {LegacyEvent.Columns} FROM {CleanView.Name} ORDER BY instant_ms, id");
        using var reader = command.ExecuteReader();
        var moment = new List<LegacyEvent>();
        while (reader.Read())
        {
            var row = LegacyEvent.Read(reader);
            if (moment.Count > 0 && (row.EventMs is null || row.EventMs != moment[0].EventMs))
            {
                yield return moment;
                moment = [];
            }

            moment.Add(row);
        }

        if (moment.Count > 0)
        {
            yield return moment;
        }
    }

    void Decide(List<LegacyEvent> moment)
    {
        while (moment.Count > 0)
        {
            var first = moment[0];
            if (first.Path.IsTrajectory || first.IsSynthetic)
            {
                SetAside(first, first.Path.IsTrajectory ? Trajectory : Synthetic);
                moment.RemoveAt(0);
            }
            else
            {
                DecideCopies(moment.FindAll(row => row.Usage.IsCopyOf(first.Usage) && !row.Path.IsTrajectory && !row.IsSynthetic));
                moment.RemoveAll(row => row.Usage.IsCopyOf(first.Usage) && !row.Path.IsTrajectory && !row.IsSynthetic);
            }
        }
    }

    /// <summary>Keeps one of several rows that say the same, or several where they may be different responses.</summary>
    void DecideCopies(List<LegacyEvent> rows)
    {
        var perSession = rows.GroupBy(row => row.Session).Select(group => group.Aggregate(BetterLine)).ToList();
        var best = perSession.Aggregate(BetterOwner);

        // Where nothing was used (a failure), equal counts prove nothing: calls of several sessions fail together when a gateway
        // stops. Only what is in a session made later must be a copy.
        var kept = best.Usage.AnyUsed ? [best] : perSession.FindAll(row => row == best || MayBeBornIn(row));
        foreach (var row in rows)
        {
            if (kept.Contains(row))
            {
                Keep(row);
            }
            else
            {
                SetAside(row, Copy);
            }
        }
    }

    /// <summary>Of two rows of one session the one of its transcript, then the older.</summary>
    static LegacyEvent BetterLine(LegacyEvent a, LegacyEvent b) =>
        (b.Path.IsCheckpoint, b.Id).CompareTo((a.Path.IsCheckpoint, a.Id)) < 0 ? b : a;

    LegacyEvent BetterOwner(LegacyEvent a, LegacyEvent b)
    {
        var (claimOfA, claimOfB) = (_sessions[a.Session].Claim, _sessions[b.Session].Claim);
        var isTie = !OwnershipRule.Outranks(claimOfA, claimOfB, a.EventMs) && !OwnershipRule.Outranks(claimOfB, claimOfA, a.EventMs);

        return isTie ? BetterLine(a, b) : OwnershipRule.Outranks(claimOfB, claimOfA, a.EventMs) ? b : a;
    }

    bool MayBeBornIn(LegacyEvent row) => !(_sessions[row.Session].StartedMs > row.EventMs);

    void Keep(LegacyEvent row)
    {
        var session = _sessions[row.Session];
        if (session.Id == 0)
        {
            session.Id = _addSession!.Insert(
                row.Session.Home, row.Session.AgentId, row.Session.SessionId, session.Key,
                session.StartedMs is { } started ? UtcTime.Format(started) : null, session.IsFork ? 1 : 0, _now);
        }

        var key = SessionKey.Parse(row.SessionKey);
        var channel = row.Channel ?? key.Channel;
        _keep!.With(
            row.Id, _now, NullIfEmpty(row.Session.AgentId), NullIfEmpty(row.Session.SessionId), NullIfEmpty(row.Session.Home), session.Id,
            ProvisionalKey(row), key.JobId, key.Channel, key.ChatType,
            TriggerRule.Resolve(runTrigger: null, key, channel, isHook: false, jobName: null),
            CostRule.TextOf(row.Cost.Class)).ExecuteNonQuery();
        _mark!.With(row.Id, row.EventMs, row.SourceLineNo).ExecuteNonQuery();
        _kept++;
    }

    void SetAside(LegacyEvent row, string reason)
    {
        _setAside!.With(row.Id, reason, _now).ExecuteNonQuery();
        _surplus[reason]++;
    }

    /// <summary>A key like every other, of a text that is no entry's: the place in the original's table.</summary>
    static byte[] ProvisionalKey(LegacyEvent row)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"original:{row.Id}:{row.SourceFile}:{row.SourceLineNo}");
        var bytes = new byte[EventKey.Size];
        EventKey.FromText(Encoding.UTF8.GetBytes(text), row.EventMs).WriteTo(bytes);

        return bytes;
    }

    void CopySnapshots()
    {
        using var command = _connection.Prepare($"""
            INSERT INTO provider_usage_snapshots (
              id, snapshot_ts, provider, display_name, plan, window_label, used_percent, reset_at_ms, kind)
            SELECT
              id, coalesce(utc_time(snapshot_ts), $p0), nullif(CAST(provider AS TEXT), ''), nullif(CAST(display_name AS TEXT), ''),
              nullif(CAST(plan AS TEXT), ''), nullif(CAST(window_label AS TEXT), ''),
              CASE WHEN typeof(used_percent) IN ('integer', 'real') THEN CAST(used_percent AS REAL) END,
              CASE WHEN typeof(reset_at_ms) IN ('integer', 'real') THEN CAST(reset_at_ms AS INTEGER) END, 'window'
            FROM {LegacyDatabase.Snapshots}
            """);
        command.With(_now).ExecuteNonQuery();
    }

    /// <summary>Goes on counting ids where the original stopped: an id of the surplus names no other event.</summary>
    void KeepSequences() => _connection.Execute($"""
        DELETE FROM sqlite_sequence WHERE name IN ('usage_events', 'provider_usage_snapshots');
        INSERT INTO sqlite_sequence (name, seq)
        SELECT 'usage_events', seq FROM sqlite_sequence WHERE name = '{LegacyDatabase.Events}'
        UNION ALL
        SELECT 'provider_usage_snapshots', seq FROM sqlite_sequence WHERE name = '{LegacyDatabase.Snapshots}';
        """);

    static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
