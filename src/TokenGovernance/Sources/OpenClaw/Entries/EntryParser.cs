using System.Security.Cryptography;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>Knows what one entry of a transcript means: a JSON object in, a usage event out.</summary>
/// <remarks>
///     The one place of this knowledge, for lines of live files and archives and for rows of a database alike. An event is an
///     assistant message with a usage object that came from a model; OpenClaw's own synthetic messages are none. Content is
///     skipped unread. Not thread-safe; one parser a thread.
/// </remarks>
sealed class EntryParser
{
    readonly NamePool _names = new();
    readonly EntryFields _entry = new();

    /// <summary>True if an entry may matter; most lines do not and are never parsed.</summary>
    public static bool MayMatter(ReadOnlySpan<byte> json) =>
        json.IndexOf("\"usage\""u8) >= 0
        || json.IndexOf("\"model_change\""u8) >= 0
        || json.IndexOf("\"model-snapshot\""u8) >= 0;

    /// <summary>Reads a transcript's header, or returns NULL if the entry is none.</summary>
    public static TranscriptHeader? ParseHeader(ReadOnlySpan<byte> json)
    {
        var isSession = false;
        var isFork = false;
        string? id = null;
        long? timestamp = null;

        try
        {
            var reader = new Utf8JsonReader(json, JsonText.Options);
            reader.Read();
            while (reader.TokenType is not JsonTokenType.None && reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    isSession = reader.TokenType is JsonTokenType.String && reader.ValueTextEquals("session"u8);
                    reader.Skip();
                }
                else if (reader.ValueTextEquals("id"u8))
                {
                    reader.Read();
                    id = JsonText.ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("timestamp"u8))
                {
                    reader.Read();
                    timestamp = JsonText.ReadTime(ref reader);
                }
                else if (reader.ValueTextEquals("parentSession"u8))
                {
                    reader.Read();
                    isFork = reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
                    reader.Skip();
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

        return isSession ? new TranscriptHeader(id, timestamp, isFork) : null;
    }

    /// <summary>True if the bytes are one whole JSON object and nothing else: a proper prefix of an object never is.</summary>
    public static bool IsWholeObject(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'{', .., (byte)'}'])
        {
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(json, JsonText.Options);
            reader.Read();
            reader.Skip();

            return !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Reads one entry.</summary>
    /// <param name="json">The entry, from brace to brace; for a condensed entry, see <paramref name="textHash" />.</param>
    /// <param name="textHash">SHA-256 of the entry as it was written, where <paramref name="json" /> is not that; else empty.</param>
    /// <param name="state">What earlier entries said; updated by model changes.</param>
    /// <param name="session">Session of the transcript.</param>
    /// <param name="sourceFile">Where the entry is.</param>
    /// <param name="lineNo">Its line there.</param>
    /// <returns>False if it is no JSON object. The event is NULL if the entry is none.</returns>
    public bool TryParse(
        ReadOnlySpan<byte> json, ReadOnlySpan<byte> textHash, TranscriptState state, SessionIdentity session, string sourceFile,
        long lineNo, out UsageEvent? usage)
    {
        usage = null;
        if (!_entry.TryRead(json, _names))
        {
            return false;
        }

        if (_entry.ChangesModel)
        {
            state.Provider = _entry.ChangedProvider ?? state.Provider;
            state.Model = _entry.ChangedModel ?? state.Model;
        }

        if (!_entry.IsUsage)
        {
            return true;
        }

        var (provider, model) = ResolveModel(state);
        if (provider is "openclaw" || _entry.Api is "openclaw-transcript")
        {
            return true;
        }

        if (MirrorKey.Parse(_entry.IdempotencyKey) is { IsTool: true } && !_entry.Tokens.AnyUsed)
        {
            // A tool call that another runtime made: part of a response, never one.
            return true;
        }

        var eventMs = _entry.TimestampMs ?? _entry.MessageMs;
        usage = new UsageEvent
        {
            Key = MakeKey(json, textHash, eventMs),
            Session = session,
            EntryId = JsonText.Bounded(_entry.Id),
            EventMs = eventMs,
            StartedMs = _entry.MessageMs,
            ModelProvider = provider,
            Model = model,
            Api = _entry.Api,
            StopReason = _entry.StopReason,
            ResponseId = _entry.ResponseId,
            ResponseModel = _entry.ResponseModel,
            RunId = _entry.RunId,
            Tokens = _entry.Tokens,
            Cost = _entry.Cost,
            SourceFile = sourceFile,
            SourceLineNo = lineNo,
        };

        return true;
    }

    EventKey MakeKey(ReadOnlySpan<byte> json, ReadOnlySpan<byte> textHash, long? ms)
    {
        if (_entry.Id is { Length: > 0 } id && ms is { } instant)
        {
            return EventKey.FromEntry(id, instant);
        }

        return textHash.Length == SHA256.HashSizeInBytes ? EventKey.FromTextHash(textHash, ms) : EventKey.FromText(json, ms);
    }

    /// <summary>The message's own model, else the entry's, else the last model change before it.</summary>
    (string? Provider, string? Model) ResolveModel(TranscriptState state)
    {
        var model = _entry.MessageModel ?? _entry.Model;
        var provider = _entry.MessageProvider ?? _entry.Provider;

        return (provider ?? (model is null || model == state.Model ? state.Provider : null), model ?? state.Model);
    }
}
