using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>A `session.started` record: what started a run. For archived sessions it is the only trace of their key.</summary>
sealed record RunRecord(string? SessionId, string? SessionKey, string? RunId, long? StartedMs, string? Trigger)
{
    /// <summary>Reads a record, or returns NULL if the JSON is another one or is broken.</summary>
    public static RunRecord? Parse(ReadOnlySpan<byte> json)
    {
        var isStart = false;
        var run = new RunRecord(null, null, null, null, null);
        try
        {
            var reader = new Utf8JsonReader(json, JsonText.Options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    isStart = JsonText.ReadString(ref reader) is "session.started";
                }
                else if (reader.ValueTextEquals("sessionId"u8))
                {
                    reader.Read();
                    run = run with { SessionId = JsonText.ReadString(ref reader) };
                }
                else if (reader.ValueTextEquals("sessionKey"u8))
                {
                    reader.Read();
                    run = run with { SessionKey = JsonText.ReadString(ref reader) };
                }
                else if (reader.ValueTextEquals("runId"u8))
                {
                    reader.Read();
                    run = run with { RunId = JsonText.ReadString(ref reader) };
                }
                else if (reader.ValueTextEquals("ts"u8))
                {
                    reader.Read();
                    run = run with { StartedMs = JsonText.ReadTime(ref reader) };
                }
                else if (reader.ValueTextEquals("data"u8))
                {
                    reader.Read();
                    run = run with { Trigger = ReadTrigger(ref reader) };
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return isStart ? run : null;
    }

    /// <summary>What the record says about its session, or NULL.</summary>
    public SessionInfo? ToInfo(SessionIdentity session)
    {
        if (SessionKey is null)
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
        StartedMs is { } ms && Trigger is { } trigger ? new RunStart(session, RunId, ms, trigger) : null;

    static string? ReadTrigger(ref Utf8JsonReader reader)
    {
        string? trigger = null;
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return null;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isTrigger = reader.ValueTextEquals("trigger"u8);
            reader.Read();
            if (isTrigger)
            {
                trigger = JsonText.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return trigger;
    }
}
