using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>One model call that a file of Claude Code tells of.</summary>
/// <param name="Key">The same on every line, and in every file, that holds the call.</param>
readonly record struct ClaudeCall(EventKey Key, long? TimestampMs, string? ThreadId, string MessageId, string? Model, string? StopReason, TokenCounts Tokens);
