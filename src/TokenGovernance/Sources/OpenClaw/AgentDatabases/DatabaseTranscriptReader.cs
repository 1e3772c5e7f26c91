using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Reads the new rows of some sessions of one database, in batches and read transactions that are short.</summary>
sealed class DatabaseTranscriptReader(
    DatabaseLocation location, DatabaseTables tables, IReadOnlyList<ChangedSession> sessions, DatabaseProgress progress) : IDatabaseReader
{
    const int MaxRows = 1000;
    const long MaxBytes = 16 * 1024 * 1024;

    readonly EntryParser _parser = new();

    public string Name => location.Path;

    public bool IsDone { get; private set; }

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var decoder = new RowDecoder();
        using var database = DatabaseConnection.Open(location.Path);
        using var rows = database.Run(() => new SqliteRows(database.Connection, Sql()));

        IOException? damage = null;
        foreach (var changed in sessions)
        {
            var (cursor, isLast) = (changed.From, false);
            var state = cursor.ToState();
            while (!isLast && !stop.IsCancellationRequested)
            {
                (var batch, cursor, isLast) = ReadBatch(rows, decoder, changed, cursor, state, ref damage);
                if (!database.IsStillValid())
                {
                    // Somebody began to write while the file was taken for unchanging: the next pass reads it as it is then.
                    yield break;
                }

                if (batch is not null)
                {
                    yield return batch;

                    progress.Sessions[changed.Session.SessionId] = cursor;
                }
            }
        }

        // A damaged page costs the rest of its session; what was read is stored, and later passes try again from there.
        if (damage is not null)
        {
            throw damage;
        }

        IsDone = !stop.IsCancellationRequested;
    }

    string Sql()
    {
        var text = tables.Sql("transcript_events", "e", "event_json");
        var zstd = tables.Sql("transcript_events", "e", "event_zstd");

        return $"""
            SELECT e.seq, {text}, {zstd} FROM transcript_events AS e
            WHERE e.session_id = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT {MaxRows}
            """;
    }

    (Batch? Batch, SessionCursor Next, bool IsLast) ReadBatch(
        SqliteRows rows, RowDecoder decoder, ChangedSession changed, SessionCursor cursor, TranscriptState state, ref IOException? damage)
    {
        var entries = new EntryBatch(
            _parser, state, changed.Session, location.Path, $"{location.Path}#{changed.Session.SessionId}");
        var (count, bytes) = (0, 0L);
        var isWhole = true;
        var (startedMs, isFork, seq) = (cursor.StartedMs, cursor.IsFork, cursor.Seq);
        rows.Bind(1, changed.Session.SessionId);
        rows.Bind(2, cursor.Seq);
        try
        {
            while (bytes < MaxBytes && rows.Next())
            {
                var isFirst = seq < 0;
                seq = rows.GetInteger(0);
                count++;
                if (!decoder.TryRead(rows, 1, 2, out var entry))
                {
                    entries.AddBad(seq + 1);

                    continue;
                }

                bytes += entry.Length;
                if (isFirst && TranscriptHeader.Parse(entry) is { } header && header.Id == changed.Session.SessionId)
                {
                    (startedMs, isFork) = (header.TimestampMs, header.IsFork);
                }

                if (!entry.IsEmpty)
                {
                    entries.Add(entry.Trim(" \t\r\n"u8), [], seq + 1);
                }
            }
        }
        catch (SqliteException e)
        {
            (damage, isWhole) = (DatabaseConnection.Translate(e), false);
        }
        finally
        {
            rows.Reset();
        }

        if (!isWhole && count == 0)
        {
            return (null, cursor, IsLast: true);
        }

        var isLast = !isWhole || (bytes < MaxBytes && count < MaxRows);
        var next = new SessionCursor
        {
            Generation = changed.Generation,
            Seq = isLast && isWhole ? Math.Max(seq, changed.MaxSeq) : seq,
            LastRow = isLast && isWhole && seq <= changed.MaxSeq ? changed.LastRow : null,
            StartedMs = startedMs,
            IsFork = isFork,
            Provider = state.Provider,
            Model = state.Model,
        };
        var info = new SessionInfo(changed.Session) { StartedMs = startedMs, IsFork = isFork };
        var checkpoint = new Checkpoint(location.KeyOf(changed.Session.SessionId), next.ToJson());

        return (entries.ToBatch(info, checkpoint, bytes), next, isLast);
    }
}
