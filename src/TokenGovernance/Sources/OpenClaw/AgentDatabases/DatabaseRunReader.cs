using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>
///     Reads what says how runs began, and which turns of Codex they are, from a database's trajectory rows (their usage is never read), then, if all of the database
///     has been read, remembers its stat.
/// </summary>
/// <param name="location">The database.</param>
/// <param name="findings">What is new in it.</param>
/// <param name="readers">Those that read the rest of it; they have ended.</param>
/// <param name="progress">What of it has been read; moved on.</param>
/// <param name="time">The clock.</param>
sealed class DatabaseRunReader(
    DatabaseLocation location, DatabaseFindings findings, IReadOnlyList<IDatabaseReader> readers, DatabaseProgress progress,
    TimeProvider time) : IEvidenceReader
{
    public string Name => location.Path;

    public IEnumerable<Batch> Read(ByteBudget budget, PassReport report)
    {
        progress.TellFailures(report);
        var waiting = new Dictionary<string, long>(findings.NewRuns, StringComparer.Ordinal);
        while (waiting.Count > 0 && !budget.IsSpent && ReadSome(waiting, budget) is { } batch)
        {
            yield return batch;
        }

        report.MoreRuns |= waiting.Count > 0;
        if (findings.IsValid && readers.All(reader => reader.IsDone))
        {
            if (findings.IsFull && Settle(waiting.Count == 0) is { } checkpoint)
            {
                yield return new Batch { Checkpoints = [checkpoint] };
            }

            Remember(waiting.Count == 0);
        }
    }

    /// <summary>Reads on until the budget is spent.</summary>
    /// <param name="waiting">Sessions with unread rows and their last row; what is done is taken out.</param>
    /// <param name="budget">How much may be read.</param>
    /// <returns>What was found, or NULL if it has to be read again.</returns>
    Batch? ReadSome(Dictionary<string, long> waiting, ByteBudget budget)
    {
        var runs = new List<RunStart>();
        var threads = new List<ThreadSighting>();
        var sessions = new List<SessionInfo>();
        var read = new List<(string SessionId, long Seq)>();
        var before = budget.Left;

        using var database = DatabaseConnection.Open(location.Path);
        using var rows = database.Run(() => findings.Tables.Query(
            database.Connection,
            "SELECT seq, event_json FROM trajectory_runtime_events WHERE session_id = ?1 AND seq > ?2 AND seq <= ?3 ORDER BY seq"));
        foreach (var (id, last) in waiting)
        {
            if (budget.IsSpent)
            {
                break;
            }

            var from = progress.Runs.TryGetValue(id, out var cursor) && cursor <= last ? cursor : long.MinValue;
            read.Add((id, database.Run(() => ReadSession(rows, location.Session(id), from, last, budget, runs, threads, sessions))));
        }

        if (!database.IsStillValid())
        {
            return null;
        }

        foreach (var (id, seq) in read)
        {
            progress.SetRun(id, seq);
            if (seq == waiting[id])
            {
                waiting.Remove(id);
            }
        }

        return new Batch
        {
            Sessions = sessions,
            Runs = runs,
            Threads = threads,
            Checkpoints = [.. read.Select(one => new Checkpoint(location.RunKeyOf(one.SessionId), one.Seq.ToString(CultureInfo.InvariantCulture)))],
            BytesRead = before - budget.Left,
        };
    }

    /// <returns>The last row that was read.</returns>
    static long ReadSession(
        SqliteRows rows, SessionIdentity session, long from, long last, ByteBudget budget, List<RunStart> runs,
        List<ThreadSighting> threads, List<SessionInfo> sessions)
    {
        rows.BindName(1, session.SessionId);
        rows.Bind(2, from);
        rows.Bind(3, last);
        try
        {
            while (rows.Next())
            {
                var json = rows.GetText(1);
                budget.Spend(json.Length);
                foreach (var run in RunRecord.ParseAll(json))
                {
                    Add(run, session, runs, threads, sessions);
                }

                if (budget.IsSpent)
                {
                    return rows.GetInteger(0);
                }
            }

            return last;
        }
        finally
        {
            rows.Reset();
        }
    }

    static void Add(RunRecord run, SessionIdentity session, List<RunStart> runs, List<ThreadSighting> threads, List<SessionInfo> sessions)
    {
        if (run.ToInfo(session) is { } info && sessions.LastOrDefault() != info)
        {
            sessions.Add(info);
        }

        if (run.ToRunStart(session) is { } start)
        {
            runs.Add(start);
        }

        if (run.ToThread(session) is { } thread)
        {
            threads.Add(thread);
        }
    }

    /// <summary>What was new has been read: from here on a quick look finds the rest.</summary>
    void Remember(bool isWhole)
    {
        progress.Newest = isWhole ? findings.Newest : null;
        progress.Seen = isWhole && findings.Stat.IsSettled(time.GetUtcNow().ToUnixTimeMilliseconds()) ? findings.Stat : null;
    }

    /// <returns>The checkpoint of the database as a whole, or NULL if it is stored already.</returns>
    Checkpoint? Settle(bool isWhole)
    {
        var (stat, now) = (findings.Stat, time.GetUtcNow().ToUnixTimeMilliseconds());
        var seenMs = !stat.IsAhead(now) ? (long?)null : stat.IsSameContent(progress.Whole.Stat) ? progress.Whole.SeenMs ?? now : now;
        var next = progress.Whole with
        {
            Database = stat.Database,
            Wal = stat.Wal,
            Journal = stat.Journal,
            SeenMs = seenMs,
            IsSettled = stat.IsSettled(now, seenMs) && isWhole,
        };
        if (next == progress.Whole)
        {
            return null;
        }

        progress.Whole = next;

        // What could not be read is not read again and again, but the next process has to name it too.
        return new Checkpoint(location.Key, (next with { IsSettled = next.IsSettled && progress.ArchiveFailures.IsEmpty }).ToJson());
    }
}
