using System.Text.Json.Serialization;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>
///     A record of a trajectory. `{"type":"session.started","ts","sessionId","sessionKey","runId","data":{"trigger","threadId"}}` says what
///     started a run, and which thread of Codex answers; for archived sessions it is the only trace of their key.
///     `{"type":"prompt.submitted",…,"data":{"threadId","turnId"}}` names the turn, of those that fail or are aborted too.
/// </summary>
sealed record RunRecord
{
    const string Started = "session.started", Submitted = "prompt.submitted";

    public string? Type { get; init; }

    public string? SessionId { get; init; }

    public string? SessionKey { get; init; }

    public string? RunId { get; init; }

    /// <summary>When it was written, in ms since 1970: when the run started.</summary>
    [JsonConverter(typeof(LenientTime))]
    [JsonPropertyName("ts")]
    public long? StartedMs { get; init; }

    [JsonConverter(typeof(LenientObject<RunData>))]
    public RunData? Data { get; init; }

    /// <summary>Reads the records on a line that say what started a run, or which turn it is; most lines hold none and are not parsed.</summary>
    public static IEnumerable<RunRecord> ParseAll(ReadOnlySpan<byte> line)
    {
        if (line.IndexOf("\"session.started\""u8) < 0 && (line.IndexOf("\"prompt.submitted\""u8) < 0 || line.IndexOf("\"turnId\""u8) < 0))
        {
            return [];
        }

        var runs = new List<RunRecord>();
        while (JsonObjects.FirstLength(line) is > 0 and var length)
        {
            if (LenientJson.Parse(line[..length], EntryJson.Default.RunRecord) is { Type: Started or Submitted } run)
            {
                runs.Add(run);
            }

            line = line[length..];
        }

        return runs;
    }

    /// <summary>What the record says about its session, or NULL.</summary>
    public SessionInfo? ToInfo(SessionIdentity session)
    {
        if (SessionKey is null || Type is not Started)
        {
            return null;
        }

        // A cron run's own key ends in its session; the session's is the part before.
        var ending = $":run:{session.SessionId}";
        var key = SessionKey.EndsWith(ending, StringComparison.Ordinal) ? SessionKey[..^ending.Length] : SessionKey;

        return new SessionInfo(session) { SessionKey = key, IsFallback = true };
    }

    /// <summary>The run, if the record says when and why it started.</summary>
    public RunStart? ToRunStart(SessionIdentity session) =>
        Type is Started && StartedMs is { } ms && Data?.Trigger is { } trigger ? new RunStart(session, RunId, ms, trigger) : null;

    /// <summary>The thread of Codex that answers in the session, and the turn, if the record names them.</summary>
    public ThreadSighting? ToThread(SessionIdentity session) =>
        Data?.ThreadId is { Length: > 0 } thread
            ? new ThreadSighting(session, RuntimeName.Codex, new RuntimeTurn(thread, Data.TurnId is { Length: > 0 } turn ? turn : null), StartedMs, RunId)
            : null;
}

/// <summary>The part of a run's record that says what started it, and which turn of Codex it is.</summary>
sealed record RunData(string? Trigger, string? ThreadId, string? TurnId);
