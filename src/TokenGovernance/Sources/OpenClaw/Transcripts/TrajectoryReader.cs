using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>Reads what started each run from one trajectory; the usage in there repeats the transcript's and is never read.</summary>
sealed class TrajectoryReader(TranscriptFile file, TimeProvider time)
{
    /// <summary>Reads on from the checkpoint, stopping soon after <paramref name="maxBytes" />.</summary>
    /// <returns>What was found (NULL if nothing changed) and whether the end was reached.</returns>
    public (Batch? Batch, bool IsAtEnd) Read(long maxBytes)
    {
        using var tail = FileTail.Open(file);
        var runs = new List<RunStart>();
        var sessions = new Dictionary<string, SessionInfo>(StringComparer.Ordinal);
        var isAtEnd = true;

        while (tail.Lines.Next())
        {
            if (tail.Lines.Line.IndexOf("\"session.started\""u8) >= 0
                && RunRecord.Parse(tail.Lines.Line) is { } run)
            {
                Add(run, runs, sessions);
            }

            if (tail.Lines.Consumed >= maxBytes)
            {
                isAtEnd = false;

                break;
            }
        }

        var next = tail.Advance(tail.Start).With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds(), isAtEnd);
        var batch = next == file.Checkpoint
            ? null
            : new Batch
            {
                Sessions = [.. sessions.Values],
                Runs = runs,
                Checkpoints = [new Checkpoint(file.CheckpointKey, next.ToJson())],
                BytesRead = tail.Lines.Consumed,
            };
        file.Checkpoint = next;

        return (batch, isAtEnd);
    }

    void Add(RunRecord run, List<RunStart> runs, Dictionary<string, SessionInfo> sessions)
    {
        var id = run.SessionId ?? file.Session.SessionId;
        var session = id == file.Session.SessionId ? file.Session : file.Session with { SessionId = id };
        if (run.ToInfo(session) is { } info)
        {
            sessions[id] = info;
        }

        if (run.ToRunStart(session) is { } start)
        {
            runs.Add(start);
        }
    }
}
