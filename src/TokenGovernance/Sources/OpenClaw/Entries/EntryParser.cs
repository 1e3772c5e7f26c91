using System.Security.Cryptography;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

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
    public static bool MayMatter(ReadOnlySpan<byte> json) => json.IndexOf("\"usage\""u8) >= 0 || MayChangeModel(json);

    /// <summary>Reads one entry.</summary>
    /// <param name="json">The entry from its brace on, and what may follow it; for a condensed entry, see <paramref name="textHash" />.</param>
    /// <param name="textHash">SHA-256 of the entry as it was written, where <paramref name="json" /> is not that; else empty.</param>
    /// <param name="state">What earlier entries said; updated by model changes.</param>
    /// <param name="session">Session of the transcript.</param>
    /// <param name="sourceFile">Where the entry is.</param>
    /// <param name="lineNo">Its line there.</param>
    /// <param name="usage">The event, or NULL if the entry is none.</param>
    /// <param name="length">Length of the entry.</param>
    /// <returns>False if it is no JSON object.</returns>
    public bool TryParse(
        ReadOnlySpan<byte> json, ReadOnlySpan<byte> textHash, TranscriptState state, SessionIdentity session, string sourceFile,
        long lineNo, out UsageEvent? usage, out int length)
    {
        usage = null;
        if (!_entry.TryRead(json, _names, out length))
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
        var mirrored = MirroredRow.Find(_entry.IdempotencyKey, _entry.Api, provider, model, _entry.Tokens.AnyUsed);
        if (mirrored is null && (provider is "openclaw" || _entry.Api is "openclaw-transcript"))
        {
            return true;
        }

        var (tokens, cost) = CostRule.Measured(_entry.Tokens, _entry.Cost, _entry.StopReason);
        var eventMs = _entry.TimestampMs ?? _entry.MessageMs;
        usage = new UsageEvent
        {
            Key = MakeKey(json[..length], textHash, eventMs),
            Session = session,
            EntryId = _entry.Id is { Length: > 0 } ? JsonText.Bounded(_entry.Id) : null,
            IsNameless = mirrored is null && _entry.Id is null or "",
            EventMs = eventMs,
            StartedMs = _entry.MessageMs,
            ModelProvider = provider,
            Model = model,
            Api = _entry.Api,
            StopReason = _entry.StopReason,
            ResponseId = _entry.ResponseId,
            ResponseModel = _entry.ResponseModel,
            RunId = _entry.RunId ?? mirrored?.RunId,
            Runtime = mirrored?.Runtime ?? RuntimeName.OpenClaw,
            Scope = mirrored?.Scope ?? EventScope.Call,
            Turn = mirrored?.Turn,
            // Of these OpenClaw knows nothing: it writes zeros.
            Tokens = mirrored?.Runtime is RuntimeName.Acp && !_entry.Tokens.AnyUsed ? default : tokens,
            Cost = cost,
            SourceFile = sourceFile,
            SourceLineNo = lineNo,
        };
        usage.Ordinal = state.Count(usage);

        return true;
    }

    static bool MayChangeModel(ReadOnlySpan<byte> json)
    {
        var start = "\"model"u8;
        for (var at = json.IndexOf(start); at >= 0; at = json.IndexOf(start))
        {
            json = json[(at + start.Length)..];
            if (json.StartsWith("_change\""u8) || json.StartsWith("-snapshot\""u8))
            {
                return true;
            }
        }

        return false;
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
