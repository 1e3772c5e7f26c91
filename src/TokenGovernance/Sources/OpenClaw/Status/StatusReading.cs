using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Status;

/// <summary>What one run of `openclaw status` brought.</summary>
/// <param name="Snapshots">The rows to store; a failed reading is one row that says why.</param>
/// <param name="Failure">Why the reading is worth nothing, or NULL.</param>
sealed record StatusReading(IReadOnlyList<QuotaSnapshot> Snapshots, string? Failure = null)
{
    /// <summary>A line of the program's standard error: shown beside a failure, never stored.</summary>
    public string? Hint { get; init; }

    /// <summary>There was no program to ask, or it could not be started: not a reading at all, and nothing to store.</summary>
    public bool IsMissing { get; init; }

    /// <summary>A reading that failed as a whole.</summary>
    /// <param name="blank">A snapshot with what all rows of the reading share.</param>
    /// <param name="reason">What failed.</param>
    public static StatusReading Failed(QuotaSnapshot blank, string reason) =>
        new([blank with { Kind = SnapshotKind.Error, Error = StatusText.Line(reason) }], reason);

    /// <summary>There is nothing to ask.</summary>
    public static StatusReading Missing(string reason) => new([], reason) { IsMissing = true };
}
