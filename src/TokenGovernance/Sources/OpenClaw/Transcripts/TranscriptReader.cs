using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>Reads the complete lines of one transcript that lie past its checkpoint, in bounded batches.</summary>
sealed class TranscriptReader(TranscriptFile file, TimeProvider time) : IEventReader
{
    const int MaxEvents = 1000;
    const long MaxBytes = 32 * 1024 * 1024;

    readonly EntryParser _parser = new();

    public string Name => file.Path;

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var tail = file.Open();
        using var lines = new JsonLineReader(tail.Stream);
        var checkpoint = file.StartOf(tail);
        var state = checkpoint.ToState();

        while (!stop.IsCancellationRequested)
        {
            var (batch, next, isLast) = Try(() => ReadBatch(tail, lines, checkpoint, state));
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

    /// <summary>Remembers what can be no transcript, so that it is not read again and again.</summary>
    T Try<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (JsonLineException e)
        {
            file.SetFailure(e.Message);

            throw;
        }
    }

    (Batch? Batch, TranscriptCheckpoint Next, bool IsLast) ReadBatch(
        FileTail tail, JsonLineReader lines, TranscriptCheckpoint checkpoint, TranscriptState state)
    {
        var entries = new EntryBatch(_parser, state, file.Session, file.Path);
        var from = lines.Consumed;
        var isLast = true;

        for (var start = lines.Consumed; lines.Next(); start = lines.Consumed)
        {
            var lineNo = tail.Newlines + lines.LineNo;
            if (tail.Offset + start == 0 && TranscriptHeader.Parse(lines.Line) is { } header && IsTrusted(header))
            {
                checkpoint = checkpoint with { StartedMs = header.TimestampMs, IsFork = header.IsFork };
            }

            if (!lines.Line.IsEmpty)
            {
                entries.Add(lines.Line, lines.TextHash, lineNo);
            }

            if (entries.Events.Count >= MaxEvents || lines.Consumed - from >= MaxBytes)
            {
                isLast = false;

                break;
            }
        }

        // The stat that belongs to the checkpoint is the one before reading: what came since is seen by the next pass.
        var next = tail.Advance(checkpoint, lines.Consumed, lines.Newlines) with
        {
            Provider = state.Provider,
            Model = state.Model,
            LastResponses = state.LastResponses,
        };
        next = next.With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds(), isAtEnd: isLast);

        var info = new SessionInfo(file.Session) { StartedMs = next.StartedMs, IsFork = next.IsFork };
        var batch = next == file.Checkpoint
            ? null
            : entries.ToBatch(info, new Checkpoint(file.CheckpointKey, next.ToJson()), lines.Consumed - from);

        return (batch, next, isLast);
    }

    /// <summary>A header proves when a session began only if it is the session's own: a rewritten file has a foreign one.</summary>
    bool IsTrusted(TranscriptHeader header) =>
        file.MayClaim && header.Id == file.Session.SessionId;
}
