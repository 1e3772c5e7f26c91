using TokenGovernance.Model;
using TokenGovernance.Sources.Entries;

namespace TokenGovernance.Sources.SessionLogs;

/// <summary>Reads the complete lines of one transcript that lie past its checkpoint, in bounded batches.</summary>
sealed class TranscriptReader(LogFile file, TimeProvider time) : IEventReader
{
    const int MaxEvents = 1000;
    const long MaxBytes = 32 * 1024 * 1024;

    readonly EntryParser _parser = new();

    public string Name => file.Path;

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var tail = LogTail.Open(file);
        var checkpoint = tail.Start;
        var state = checkpoint.ToState();

        while (!stop.IsCancellationRequested)
        {
            var (batch, next, isLast) = ReadBatch(tail, checkpoint, state);
            checkpoint = next;
            if (batch is not null)
            {
                yield return batch;
            }

            file.Checkpoint = next;
            if (isLast)
            {
                yield break;
            }
        }
    }

    (Batch? Batch, LogCheckpoint Next, bool IsLast) ReadBatch(LogTail tail, LogCheckpoint checkpoint, TranscriptState state)
    {
        var lines = tail.Lines;
        var events = new List<UsageEvent>();
        var badLines = 0;
        string? firstBadLine = null;
        var from = lines.Consumed;
        var isLast = true;

        while (lines.Next())
        {
            if (!lines.Line.IsEmpty && !TryReadLine(tail, ref checkpoint, state, events))
            {
                badLines++;
                firstBadLine ??= $"{file.Path}:{tail.LineNo}";
            }

            if (events.Count >= MaxEvents || lines.Consumed - from >= MaxBytes)
            {
                isLast = false;

                break;
            }
        }

        // The size that belongs to the checkpoint is the one before reading: what came since is seen by the next pass.
        var next = tail.Advance(checkpoint) with { Provider = state.Provider, Model = state.Model };
        if (isLast)
        {
            next = next.With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds());
        }

        var batch = next == file.Checkpoint
            ? null
            : new Batch
            {
                Sessions = [new SessionInfo(file.Session) { StartedMs = next.StartedMs, IsFork = next.IsFork }],
                Events = events,
                Checkpoints = [new Checkpoint(file.CheckpointKey, next.ToJson())],
                BytesRead = lines.Consumed - from,
                BadLines = badLines,
                FirstBadLine = firstBadLine,
            };

        return (batch, next, isLast);
    }

    /// <summary>Reads one line; false if it is no JSON object.</summary>
    bool TryReadLine(LogTail tail, ref LogCheckpoint checkpoint, TranscriptState state, List<UsageEvent> events)
    {
        var line = tail.Lines.Line;
        if (line is not [(byte)'{', .., (byte)'}'])
        {
            return false;
        }

        if (tail.LineNo == 1 && EntryParser.ParseHeader(line) is { } header && IsTrusted(header))
        {
            checkpoint = checkpoint with { StartedMs = header.TimestampMs, IsFork = header.IsFork };
        }

        if (!EntryParser.MayMatter(line))
        {
            return true;
        }

        if (!_parser.TryParse(line, tail.Lines.TextHash, state, file.Session, file.Path, tail.LineNo, out var usage))
        {
            return false;
        }

        if (usage is not null)
        {
            events.Add(usage);
        }

        return true;
    }

    /// <summary>A header proves when a session began only if it is the session's own: a rewritten file has a foreign one.</summary>
    bool IsTrusted(TranscriptHeader header) =>
        file.Name.Kind is not TranscriptKind.Checkpoint && header.Id == file.Session.SessionId;
}
