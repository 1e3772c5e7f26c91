using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>One model call that a rollout tells of.</summary>
/// <param name="Key">The same in every file that holds the call.</param>
/// <param name="TimestampMs">When it was written. Of a copy that is not known: then it is when its turn began.</param>
/// <param name="ThreadId">The thread it belongs to; NULL if this file holds a copy of it only.</param>
/// <param name="RootTurnId">The turn at the root of the tree of subagents, where the file says.</param>
/// <param name="RootThreadId">The thread at the root of that tree.</param>
/// <param name="ResponseId">The provider's id of the response.</param>
/// <param name="Provider">As Codex names it: `openai`.</param>
/// <param name="IsPlanPaid">The rollout names the plan that pays for it.</param>
readonly record struct RolloutCall(
    EventKey Key,
    long? TimestampMs,
    string? ThreadId,
    string? TurnId,
    string? RootTurnId,
    string? RootThreadId,
    string? ResponseId,
    string? Provider,
    string? Model,
    TokenCounts Tokens,
    bool IsPlanPaid);
