namespace TokenGovernance.Domain;

/// <summary>What one question to OpenClaw about quotas brought.</summary>
/// <param name="Snapshots">The rows to store; a failed reading is one row that says why.</param>
/// <param name="Failure">Why the reading is worth nothing, or NULL.</param>
sealed record StatusReading(IReadOnlyList<QuotaSnapshot> Snapshots, string? Failure = null)
{
    /// <summary>A line of the program's standard error: shown beside a failure, never stored.</summary>
    public string? Hint { get; init; }

    /// <summary>There was no program to ask, or it could not be started: not a reading at all, and nothing to store.</summary>
    public bool IsMissing { get; init; }

    public static StatusReading Missing(string reason) => new([], reason) { IsMissing = true };
}
