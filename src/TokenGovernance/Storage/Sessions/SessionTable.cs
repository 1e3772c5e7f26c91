using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Sessions;

/// <summary>The `sessions` and `runs` tables, with a bounded cache of rows in use.</summary>
sealed class SessionTable : IDisposable
{
    const int MaxCached = 10_000;

    const string Columns = """
        id, home, agent_id, session_id, session_key, started_ts, is_fork, channel, chat_type, origin_provider, spawned_by,
        parent_session_key, is_hook, job_name, created_via, is_key_fallback
        """;

    readonly Dictionary<SessionIdentity, SessionRow> _rows = [];
    readonly Dictionary<long, SessionRow> _rowsById = [];
    readonly SqliteCommand _find, _findById, _insert, _update, _touch, _insertRun, _readRuns;

    public SessionTable(SqliteConnection connection)
    {
        _find = connection.Prepare($"SELECT {Columns} FROM sessions WHERE session_id = $p0 AND agent_id = $p1 AND home = $p2");
        _findById = connection.Prepare($"SELECT {Columns} FROM sessions WHERE id = $p0");
        _insert = connection.Prepare("""
            INSERT INTO sessions (home, agent_id, session_id, first_seen_ts, last_seen_ts) VALUES ($p0, $p1, $p2, $p3, $p3)
            """);
        _update = connection.Prepare("""
            UPDATE sessions SET session_key = $p1, started_ts = $p2, is_fork = $p3, channel = $p4, chat_type = $p5, origin_provider = $p6,
              spawned_by = $p7, parent_session_key = $p8, is_hook = $p9, job_name = $p10, created_via = $p11, is_key_fallback = $p12
            WHERE id = $p0
            """);
        _touch = connection.Prepare("UPDATE sessions SET last_seen_ts = $p1 WHERE id = $p0");
        _insertRun = connection.Prepare(
            "INSERT OR IGNORE INTO runs (session_ref, started_ts, run_id, trigger) VALUES ($p0, $p1, $p2, $p3)");
        _readRuns = connection.Prepare("SELECT started_ts, run_id, trigger FROM runs WHERE session_ref = $p0 ORDER BY started_ts, run_id");
    }

    /// <summary>Forgets cached rows: another process changed the store, or there are too many.</summary>
    public void Clear()
    {
        _rows.Clear();
        _rowsById.Clear();
    }

    /// <summary>So many rows are cached that it is time to forget them.</summary>
    public bool IsLarge => _rows.Count > MaxCached;

    /// <summary>Returns the row of a session, made if it is new.</summary>
    public SessionRow Get(SessionIdentity session, string now)
    {
        if (_rows.TryGetValue(session, out var row))
        {
            return row;
        }

        row = Read(_find.With(session.SessionId, session.AgentId, session.Home));
        if (row is null)
        {
            var id = _insert.Insert(session.Home, session.AgentId, session.SessionId, now);
            row = new SessionRow(id, session) { MayHaveEvents = false, Runs = [], LastSeen = now };
        }

        return Cache(row);
    }

    /// <summary>Returns the row with an id.</summary>
    public SessionRow Get(long id) =>
        _rowsById.TryGetValue(id, out var row)
            ? row
            : Cache(Read(_findById.With(id)) ?? throw new InvalidOperationException($"The store has no session {id}."));

    public void Save(SessionRow row) =>
        _update.With(
            row.Id, row.SessionKey, row.StartedMs is { } ms ? UtcTime.Format(ms) : null, row.IsFork ? 1 : 0, row.Channel, row.ChatType,
            row.OriginProvider, row.SpawnedBy, row.ParentSessionKey, row.IsHook ? 1 : 0, row.JobName,
            row.CreatedVia, row.IsKeyFallback ? 1 : 0).ExecuteNonQuery();

    /// <summary>Says that a session was seen at a time; once for each time.</summary>
    public void Touch(SessionRow row, string now)
    {
        if (row.LastSeen != now)
        {
            _touch.With(row.Id, now).ExecuteNonQuery();
            row.LastSeen = now;
        }
    }

    /// <summary>Adds a run; false if it was known.</summary>
    public bool AddRun(SessionRow row, RunStart run)
    {
        if (_insertRun.With(row.Id, UtcTime.Format(run.StartedMs), run.RunId ?? "", run.Trigger).ExecuteNonQuery() == 0)
        {
            return false;
        }

        row.Runs = null;

        return true;
    }

    /// <summary>Sees to it that a row's runs are in memory.</summary>
    public void LoadRuns(SessionRow row)
    {
        if (row.Runs is not null)
        {
            return;
        }

        row.Runs = [];
        using var reader = _readRuns.With(row.Id).ExecuteReader();
        while (reader.Read())
        {
            if (UtcTime.TryParse(reader.GetString(0), out var ms))
            {
                row.Runs.Add((ms, reader.GetString(1), reader.GetString(2)));
            }
        }
    }

    public void Dispose()
    {
        foreach (var command in new[] { _find, _findById, _insert, _update, _touch, _insertRun, _readRuns })
        {
            command.Dispose();
        }
    }

    SessionRow Cache(SessionRow row)
    {
        _rows[row.Session] = row;
        _rowsById[row.Id] = row;

        return row;
    }

    static SessionRow? Read(SqliteCommand command)
    {
        using var reader = command.ExecuteReader();
        if (!reader.Read())
        {
            return null;
        }

        var session = new SessionIdentity(reader.GetString(1), reader.GetString(2), reader.GetString(3));
        var row = new SessionRow(reader.GetInt64(0), session)
        {
            StartedMs = UtcTime.TryParse(reader.GetText(5), out var ms) ? ms : null,
            IsFork = reader.GetInt64(6) != 0,
            Channel = reader.GetText(7),
            ChatType = reader.GetText(8),
            OriginProvider = reader.GetText(9),
            SpawnedBy = reader.GetText(10),
            ParentSessionKey = reader.GetText(11),
            IsHook = reader.GetInt64(12) != 0,
            JobName = reader.GetText(13),
            CreatedVia = reader.GetText(14),
            IsKeyFallback = reader.GetInt64(15) != 0,
        };
        row.SetKey(reader.GetText(4));

        return row;
    }
}
