using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>Reads what started each run from one trajectory; the usage in there repeats the transcript's and is never read.</summary>
/// <param name="file">The trajectory.</param>
/// <param name="waiting">Trajectories to read; loses this one when it has been read to its end.</param>
/// <param name="time">The clock.</param>
sealed class TrajectoryReader(TranscriptFile file, HashSet<TranscriptFile> waiting, TimeProvider time) : IEvidenceReader
{
    public string Name => file.Path;

    public IEnumerable<Batch> Read(ByteBudget budget, PassReport report)
    {
        var isAtEnd = false;
        if (!budget.IsSpent)
        {
            (var batch, isAtEnd) = Read(budget.Left);
            if (batch is not null)
            {
                budget.Spend(batch.BytesRead);

                yield return batch;
            }
        }

        if (isAtEnd)
        {
            waiting.Remove(file);
        }

        report.MoreRuns |= !isAtEnd;
    }

    (Batch? Batch, bool IsAtEnd) Read(long maxBytes)
    {
        using var tail = file.Open();
        using var lines = new JsonLineReader(tail.Stream);
        var runs = new List<RunStart>();
        var threads = new List<ThreadSighting>();
        var sessions = new Dictionary<string, SessionInfo>(StringComparer.Ordinal);
        var isAtEnd = true;

        while (lines.Next())
        {
            foreach (var run in RunRecord.ParseAll(lines.Line))
            {
                Add(run, runs, threads, sessions);
            }

            if (lines.Consumed >= maxBytes)
            {
                isAtEnd = false;

                break;
            }
        }

        var next = tail.Advance(file.StartOf(tail), lines.Consumed, lines.Newlines).With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds(), isAtEnd);
        var batch = next == file.Checkpoint
            ? null
            : new Batch
            {
                Sessions = [.. sessions.Values],
                Runs = runs,
                Threads = threads,
                Checkpoints = [new Checkpoint(file.CheckpointKey, next.ToJson())],
                BytesRead = lines.Consumed,
            };
        file.Checkpoint = next;

        return (batch, isAtEnd);
    }

    void Add(RunRecord run, List<RunStart> runs, List<ThreadSighting> threads, Dictionary<string, SessionInfo> sessions)
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

        if (run.ToThread(session) is { } thread)
        {
            threads.Add(thread);
        }
    }
}
