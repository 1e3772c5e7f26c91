using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>A session that OpenClaw names and that was not found: Claude Code deletes old ones, OpenClaw names them all the same.</summary>
/// <param name="owner">The agent, without a session.</param>
sealed class MissingSession(SessionIdentity owner)
{
    const long FirstWaitMs = 1000, LongestWaitMs = 60 * 60 * 1000;

    long _waitMs = FirstWaitMs, _dueMs;

    public SessionIdentity Owner => owner;

    /// <summary>Where it may be, but may not be looked for; NULL if there is no such place.</summary>
    public string? Obstacle { get; set; }

    public bool IsDue(long nowMs) => nowMs >= _dueMs || (Obstacle is { } path && FileStat.Of(path).Kind is not FileKind.Unreachable);

    /// <summary>It is looked for again after twice the time.</summary>
    public void WaitLonger(long nowMs)
    {
        _dueMs = nowMs + _waitMs;
        _waitMs = Math.Min(_waitMs * 2, LongestWaitMs);
    }
}
