namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>One session of a corpus.</summary>
/// <param name="Number">Counts from 0; seeds its content.</param>
/// <param name="Channel">NULL for none.</param>
/// <param name="Archive">`reset` or `deleted`; NULL while it is live.</param>
sealed record PlannedSession(int Number, string Agent, Guid Id, int Events, string? Channel, string ChatType, string? Archive)
{
    public string FileName => Archive is null ? $"{Id}.jsonl" : $"{Id}.jsonl.{Archive}.{Clock.FileStamp(Clock.EndMs + Number * 1_000L)}";

    /// <summary>Its key in the session index.</summary>
    public string Key => $"agent:{Agent}:" + (Channel == "heartbeat" ? "heartbeat"
        : Number % 11 == 0 ? $"cron:{Id}"
        : $"{Channel ?? "main"}:{ChatType}:{Number}");
}
