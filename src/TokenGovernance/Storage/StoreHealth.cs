namespace TokenGovernance.Storage;

/// <summary>What a check of the store found.</summary>
/// <param name="Problem">What is damaged, or NULL.</param>
/// <param name="IsChecked">The whole file was looked at for damage.</param>
/// <param name="Events">How many events it holds.</param>
/// <param name="Newest">Time of the newest event.</param>
/// <param name="SqliteVersion">The library's.</param>
/// <param name="PendingLog">Bytes of the write-ahead log that are committed and not in the file yet.</param>
/// <param name="Unmeasured">Of how many responses OpenClaw measured nothing, by model, most first.</param>
sealed record StoreHealth(
    string? Problem, bool IsChecked, long Events, string? Newest, string SqliteVersion, long PendingLog, IReadOnlyList<(string Model, long Responses)> Unmeasured)
{
    /// <summary>How many rows stand for a turn of another runtime, not for a response; by runtime, most first.</summary>
    public IReadOnlyList<(string Runtime, long Rows)> Turns { get; init; } = [];

    /// <summary>How many of these rows stand for what the calls of a turn leave of it, and the tokens of those.</summary>
    public (long Rows, long Tokens) Remainders { get; init; }

    /// <summary>How many responses a plan pays for; by runtime, most first.</summary>
    public IReadOnlyList<(string Runtime, long Responses)> PlanPaid { get; init; } = [];
}
