using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>The fields of one line of a Claude Code session that can matter; what they mean is <see cref="ClaudeWalker" />'s business.</summary>
/// <remarks>
///     A line of a response is `{"type":"assistant","timestamp","requestId"?,"cwd","sessionId","message":{"id","model","usage":{…}}}`.
///     `input_tokens` is what neither came from the cache nor went into it.
/// </remarks>
sealed class ClaudeLine
{
    readonly NamePool _names = new();
    long? _input, _output, _cacheRead, _cacheWrite, _cacheWrite1h, _thinking;

    public bool IsAssistant { get; private set; }

    public bool HasUsage { get; private set; }

    public long? TimestampMs { get; private set; }

    public string? RequestId { get; private set; }

    /// <summary>The session that the line was first written in; of a subagent's the one it works for.</summary>
    public string? SessionId { get; private set; }

    /// <summary>The folder that Claude Code was started in.</summary>
    public string? Cwd { get; private set; }

    public string? MessageId { get; private set; }

    public string? Model { get; private set; }

    public string? StopReason { get; private set; }

    public TokenCounts Tokens => new(
        _input, _output, _cacheRead, _cacheWrite, (_input ?? 0) + (_output ?? 0) + (_cacheRead ?? 0) + (_cacheWrite ?? 0),
        _thinking is > 0 ? _thinking : null)
    {
        CacheWrite1h = _cacheWrite1h,
    };

    /// <summary>True if a line may matter; most hold prompts and results of tools, and are never parsed.</summary>
    public static bool MayMatter(ReadOnlySpan<byte> json) => json.IndexOf("\"usage\""u8) >= 0 && json.IndexOf("\"assistant\""u8) >= 0;

    /// <summary>Reads a line.</summary>
    /// <param name="json">The line from its brace on, and what may follow it.</param>
    /// <param name="length">Length of its object.</param>
    /// <returns>False if the bytes do not begin with a JSON object.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, out int length)
    {
        length = 0;
        Clear();
        try
        {
            var reader = new Utf8JsonReader(json, JsonText.Options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                ReadField(ref reader);
            }

            length = (int)reader.BytesConsumed;

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void Clear()
    {
        IsAssistant = HasUsage = false;
        TimestampMs = null;
        RequestId = SessionId = Cwd = MessageId = Model = StopReason = null;
        _input = _output = _cacheRead = _cacheWrite = _cacheWrite1h = _thinking = null;
    }

    void ReadField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "type"u8))
        {
            reader.Read();
            IsAssistant = _names.ReadString(ref reader) is "assistant";
        }
        else if (JsonText.Is(ref reader, "timestamp"u8))
        {
            reader.Read();
            TimestampMs = JsonText.ReadTime(ref reader);
        }
        else if (JsonText.Is(ref reader, "requestId"u8))
        {
            reader.Read();
            RequestId = JsonText.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "sessionId"u8))
        {
            reader.Read();
            SessionId = _names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "cwd"u8))
        {
            reader.Read();
            Cwd = _names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "message"u8))
        {
            JsonFields.Read(ref reader, ReadMessageField);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadMessageField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "id"u8))
        {
            reader.Read();
            MessageId = JsonText.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "model"u8))
        {
            reader.Read();
            Model = _names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "stop_reason"u8))
        {
            reader.Read();
            StopReason = _names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "usage"u8))
        {
            HasUsage = JsonFields.Read(ref reader, ReadUsageField);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadUsageField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "input_tokens"u8))
        {
            _input = JsonFields.ReadCount(ref reader);
        }
        else if (JsonText.Is(ref reader, "output_tokens"u8))
        {
            _output = JsonFields.ReadCount(ref reader);
        }
        else if (JsonText.Is(ref reader, "cache_read_input_tokens"u8))
        {
            _cacheRead = JsonFields.ReadCount(ref reader);
        }
        else if (JsonText.Is(ref reader, "cache_creation_input_tokens"u8))
        {
            _cacheWrite = JsonFields.ReadCount(ref reader);
        }
        else if (JsonText.Is(ref reader, "cache_creation"u8))
        {
            JsonFields.Read(ref reader, ReadCreationField);
        }
        else if (JsonText.Is(ref reader, "output_tokens_details"u8))
        {
            JsonFields.Read(ref reader, ReadDetailField);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadCreationField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "ephemeral_1h_input_tokens"u8))
        {
            _cacheWrite1h = JsonFields.ReadCount(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadDetailField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "thinking_tokens"u8))
        {
            _thinking = JsonFields.ReadCount(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }
}
