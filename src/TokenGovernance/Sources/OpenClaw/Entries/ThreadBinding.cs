using System.Text.Json.Serialization;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>
///     What OpenClaw's plugin for Codex keeps of a session: `{"binding":{"threadId"},"sessionId"}` says which thread answers in it now.
/// </summary>
sealed record ThreadBinding
{
    const string KeyOfSession = "session-key";

    public string? SessionId { get; init; }

    [JsonConverter(typeof(LenientObject<BoundThread>))]
    public BoundThread? Binding { get; init; }

    /// <summary>Reads an entry; NULL if it does not name agent, session and thread.</summary>
    /// <param name="home">The state directory.</param>
    /// <param name="key">The entry's key: `session-key:&lt;agent&gt;:&lt;hash of the session's key&gt;`.</param>
    /// <param name="value">Its value.</param>
    /// <param name="ms">When it was written, in ms since 1970.</param>
    public static ThreadSighting? Read(string home, string key, ReadOnlySpan<byte> value, long? ms) =>
        key.Split(':') is [KeyOfSession, { Length: > 0 and <= JsonText.MaxLength } agent, _]
        && LenientJson.Parse(value, EntryJson.Default.ThreadBinding) is { SessionId: { Length: > 0 } session, Binding.ThreadId: { Length: > 0 } thread }
            ? new ThreadSighting(new SessionIdentity(home, agent, session), RuntimeName.Codex, new RuntimeTurn(thread, TurnId: null), ms, RunId: null)
            : null;
}

/// <summary>The part of it that names the thread.</summary>
sealed record BoundThread(string? ThreadId);
