using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Reads `session.started` records from a database's trajectory rows; their usage is never read.</summary>
static class DatabaseRunReader
{
    /// <summary>Reads on until the budget is spent.</summary>
    /// <param name="path">The database.</param>
    /// <param name="home">The state directory.</param>
    /// <param name="agentId">Its agent.</param>
    /// <param name="waiting">Sessions with unread rows and their last row; what is done is taken out.</param>
    /// <param name="marks">The last row read, by session; moved on.</param>
    /// <param name="keyOf">Key of a session's checkpoint.</param>
    /// <param name="budget">How much may be read.</param>
    /// <returns>What was found, or NULL if it has to be read again.</returns>
    public static Batch? Read(
        string path, string home, string agentId, Dictionary<string, long> waiting, Dictionary<string, long> marks,
        Func<string, string> keyOf, ByteBudget budget)
    {
        var runs = new List<RunStart>();
        var sessions = new List<SessionInfo>();
        var checkpoints = new List<Checkpoint>();
        var bytes = 0L;
        var marksBefore = new Dictionary<string, long>(marks);
        var waitingBefore = new Dictionary<string, long>(waiting);

        using var store = DatabaseConnection.Open(path);
        using var rows = store.Run(() => new SqliteRows(
            store.Connection,
            "SELECT seq, event_json FROM trajectory_runtime_events WHERE session_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq"));
        foreach (var (id, last) in waitingBefore.TakeWhile(_ => !budget.IsSpent))
        {
            var session = new SessionIdentity(home, agentId, id);
            var from = marks.TryGetValue(id, out var mark) && mark <= last ? mark : -1;
            var read = store.Run(() => ReadSession(rows, session, from, last, budget, runs, sessions));
            bytes += read.Bytes;
            marks[id] = read.Seq;
            checkpoints.Add(new Checkpoint(keyOf(id), read.Seq.ToString(CultureInfo.InvariantCulture)));
            if (read.Seq == last)
            {
                waiting.Remove(id);
            }
        }

        if (store.IsStillValid())
        {
            return new Batch { Sessions = sessions, Runs = runs, Checkpoints = checkpoints, BytesRead = bytes };
        }

        Restore(marks, marksBefore);
        Restore(waiting, waitingBefore);

        return null;
    }

    static (long Seq, long Bytes) ReadSession(
        SqliteRows rows, SessionIdentity session, long from, long last, ByteBudget budget, List<RunStart> runs, List<SessionInfo> sessions)
    {
        var bytes = 0L;
        rows.Bind(1, session.SessionId);
        rows.Bind(2, from);
        rows.Bind(3, last);
        try
        {
            while (rows.Next())
            {
                var json = rows.GetText(1);
                bytes += json.Length;
                budget.Spend(json.Length);
                if (json.IndexOf("\"session.started\""u8) >= 0 && RunRecord.Parse(json) is { } run)
                {
                    Add(run, session, runs, sessions);
                }

                if (budget.IsSpent)
                {
                    return (rows.GetInteger(0), bytes);
                }
            }

            return (last, bytes);
        }
        finally
        {
            rows.Reset();
        }
    }

    static void Add(RunRecord run, SessionIdentity session, List<RunStart> runs, List<SessionInfo> sessions)
    {
        if (run.ToInfo(session) is { } info && sessions.LastOrDefault() != info)
        {
            sessions.Add(info);
        }

        if (run.ToRunStart(session) is { } start)
        {
            runs.Add(start);
        }
    }

    static void Restore(Dictionary<string, long> target, Dictionary<string, long> source)
    {
        target.Clear();
        foreach (var (key, value) in source)
        {
            target[key] = value;
        }
    }
}
