namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>The first line of a transcript: `{"type":"session",…}`.</summary>
/// <param name="IsFork">It names a parent transcript.</param>
sealed record TranscriptHeader(string? Id, long? TimestampMs, bool IsFork);
