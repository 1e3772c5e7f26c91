namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>The idempotency key of a row that OpenClaw copied from Codex: which turn it tells of.</summary>
/// <remarks>`codex-app-server:&lt;thread&gt;:&lt;turn&gt;:assistant` sums up the turn, `…:tool:&lt;item&gt;:call` is one of its tool calls.</remarks>
readonly record struct MirrorKey(string ThreadId, string TurnId, bool IsTool)
{
    /// <summary>Returns NULL for the key of any other row.</summary>
    public static MirrorKey? Parse(string? key) =>
        key?.Split(':', 4) is ["codex-app-server", { Length: > 0 } thread, { Length: > 0 } turn, { Length: > 0 } rest]
            ? new MirrorKey(thread, turn, rest.StartsWith("tool:", StringComparison.Ordinal))
            : null;
}
