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

    /// <summary>Pages are read once and in order: those of a small cache stay in the processor's.</summary>
    const string SmallCache = "PRAGMA cache_size = -256";

    readonly EntryParser _parser = new();
    IOException? _damage;

    public string Name => location.Path;

    public bool IsDone { get; private set; }

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var decoder = new RowDecoder();
        using var database = DatabaseConnection.Open(location.Path);
        using var rows = database.Run(() =>
        {
            database.Connection.Execute(SmallCache);

            return tables.Query(database.Connection, Sql());
        });
        using var lastRows = database.Run(() => new LastRowReader(database.Connection, tables));
        foreach (var changed in sessions)
        {
            var (cursor, isLast) = (changed.From, false);
            var state = cursor.ToState();
            while (!isLast && !stop.IsCancellationRequested)
            {
                var entries = new EntryBatch(
                    _parser, state, changed.Session, location.Path, $"{location.Path}#{changed.Session.SessionId}");
                var read = ReadRows(rows, decoder, changed, cursor, entries);
                var next = Advance(cursor, changed, read, state, lastRows);
                if (!database.IsStillValid())
                {
                    // Somebody began to write while the file was taken for unchanging: the next pass reads it as it is then.
                    yield break;
                }

                isLast = read.IsLast;
                if (next is not null)
                {
                    var info = new SessionInfo(changed.Session) { StartedMs = next.StartedMs, IsFork = next.IsFork };

                    yield return entries.ToBatch(info, new Checkpoint(location.KeyOf(changed.Session.SessionId), next.ToJson()), read.Bytes);

                    progress.Add(cursor = ReadSession.Of(changed.Session.SessionId, next));
                }
            }
        }

        // A damaged page costs the rest of its session; what was read is stored, and later passes try again from there.
        if (_damage is not null)
        {
            throw _damage;
        }

        IsDone = !stop.IsCancellationRequested;
    }

    string Sql()
    {
        var text = tables.Sql("transcript_events", "e", "event_json");
        var zstd = tables.Sql("transcript_events", "e", "event_zstd");
        var navigation = tables.Sql("transcript_events", "e", "navigation_json");

        return $"""
            SELECT e.seq, {text}, {zstd}, {navigation} FROM transcript_events AS e
            WHERE e.session_id = ?1 AND e.seq > ?2 ORDER BY e.seq LIMIT {MaxRows}
            """;
    }

    RowsRead ReadRows(SqliteRows rows, RowDecoder decoder, ChangedSession changed, ReadSession cursor, EntryBatch entries)
    {
        var (count, bytes, seq, isWhole) = (0, 0L, cursor.Seq, true);
        TranscriptHeader? header = null;
        rows.BindName(1, changed.Session.SessionId);
        rows.Bind(2, cursor.Seq);
        try
        {
            while (bytes < MaxBytes && rows.Next())
            {
                var isFirst = seq == long.MinValue;
                seq = rows.GetInteger(0);
                count++;
                if (!decoder.TryRead(rows, 1, out var entry))
                {
                    entries.AddBad(seq + 1);

                    continue;
                }

                bytes += entry.Length;
                header ??= isFirst && TranscriptHeader.Parse(entry) is { } first && first.Id == changed.Session.SessionId ? first : null;
                if (!entry.IsEmpty)
                {
                    entries.Add(entry.Trim(" \t\r\n"u8), [], seq + 1);
                }
            }
        }
        catch (SqliteException e)
        {
            (_damage, isWhole) = (DatabaseConnection.Translate(e), false);
        }
        finally
        {
            rows.Reset();
        }

        return new RowsRead(count, bytes, seq, isWhole, IsLast: !isWhole || (bytes < MaxBytes && count < MaxRows), header);
    }

    /// <returns>The cursor after the rows, or NULL if damage left none.</returns>
    SessionCursor? Advance(ReadSession cursor, ChangedSession changed, RowsRead read, TranscriptState state, LastRowReader lastRows)
    {
        if (!read.IsWhole && read.Count == 0)
        {
            return null;
        }

        var seq = read.IsLast && read.IsWhole ? Math.Max(read.Seq, changed.MaxSeq) : read.Seq;
        var last = default(LastRow);
        try
        {
            last = lastRows.Read(changed.Session.SessionId, seq);
        }
        catch (SqliteException e)
        {
            _damage = DatabaseConnection.Translate(e);
        }

        return new SessionCursor
        {
            Generation = changed.Generation,
            Seq = seq,
            LastRow = last.Mark,
            LastHash = last.Hash,
            StartedMs = read.Header is null ? cursor.StartedMs is long.MinValue ? null : cursor.StartedMs : read.Header.TimestampMs,
            IsFork = read.Header?.IsFork ?? cursor.IsFork,
            Provider = state.Provider,
            Model = state.Model,
            LastResponses = state.LastResponses,
        };
    }

    /// <summary>What a batch of rows was.</summary>
    /// <param name="Seq">The last of them.</param>
    /// <param name="IsWhole">No damage was met.</param>
    /// <param name="IsLast">There are no more.</param>
    /// <param name="Header">The session's own header, if it was among them.</param>
    readonly record struct RowsRead(int Count, long Bytes, long Seq, bool IsWhole, bool IsLast, TranscriptHeader? Header);
}
