using System.Text.Json;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>What one line of a rollout is.</summary>
enum RolloutLineKind
{
    Other,

    /// <summary>`session_meta`: the thread of the file, or of one of its ancestors.</summary>
    SessionMeta,

    /// <summary>`event_msg` of type `task_started`.</summary>
    TurnStart,

    /// <summary>`turn_context`: the turn's model.</summary>
    TurnContext,

    /// <summary>`event_msg` of type `thread_settings_applied`.</summary>
    Settings,

    /// <summary>`token_usage_record`: one model call. Codex writes it from 0.15x on.</summary>
    UsageRecord,

    /// <summary>`event_msg` of type `token_count`: totals so far, and the last call.</summary>
    TokenCount,
}

/// <summary>The fields of one line of a rollout that can matter, as they are written; what they mean is <see cref="RolloutWalker" />'s business.</summary>
/// <remarks>Lines are `{"timestamp","ordinal"?,"type","payload":{…}}`. Most hold prompts and answers: of those only the type is read.</remarks>
sealed class RolloutLine
{
    readonly NamePool _names = new();
    string? _type, _eventType;

    public RolloutLineKind Kind { get; private set; }

    public long? TimestampMs { get; private set; }

    /// <summary>`id` of a session_meta, `thread_id` of a record.</summary>
    public string? ThreadId { get; private set; }

    /// <summary>`session_id`: the thread at the root of a tree of subagents.</summary>
    public string? RootThreadId { get; private set; }

    public string? TurnId { get; private set; }

    public string? RootTurnId { get; private set; }

    /// <summary>The thread began as a copy of another, or goes on from one.</summary>
    public bool IsFork { get; private set; }

    public string? Originator { get; private set; }

    public string? Provider { get; private set; }

    public string? Model { get; private set; }

    public string? ResponseId { get; private set; }

    /// <summary>`usage` of a record, `last_token_usage` of a count.</summary>
    public CodexUsage? Usage { get; private set; }

    /// <summary>`thread_token_usage` of a record, `total_token_usage` of a count.</summary>
    public CodexUsage? Total { get; private set; }

    /// <summary>`rate_limits` of a count is there: then <see cref="Plan" /> is what it says.</summary>
    public bool HasLimits { get; private set; }

    /// <summary>`rate_limits.plan_type`: the plan of whoever logged in with ChatGPT; NULL with an API key.</summary>
    public string? Plan { get; private set; }

    /// <summary>Reads a line; false if its bytes are no JSON object.</summary>
    public bool TryRead(ReadOnlySpan<byte> json)
    {
        Clear();
        try
        {
            var reader = new Utf8JsonReader(json, JsonText.Options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return false;
            }

            var payload = default(Utf8JsonReader);
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                if (JsonText.Is(ref reader, "timestamp"u8))
                {
                    reader.Read();
                    TimestampMs = JsonText.ReadTime(ref reader);
                }
                else if (JsonText.Is(ref reader, "type"u8))
                {
                    reader.Read();
                    _type = _names.ReadString(ref reader);
                    if (!MayMatter(_type))
                    {
                        return true;
                    }
                }
                else if (JsonText.Is(ref reader, "payload"u8))
                {
                    reader.Read();
                    payload = reader;
                    if (_type is not null)
                    {
                        break;
                    }

                    reader.Skip();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (MayMatter(_type) && payload.TokenType is JsonTokenType.StartObject)
            {
                ReadPayload(ref payload);
            }

            Kind = KindOf(_type, _eventType);

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    static bool MayMatter(string? type) =>
        type is "event_msg" or "token_usage_record" or "turn_context" or "session_meta";

    static bool MayMatterAsEvent(string? type) =>
        type is "token_count" or "task_started" or "turn_started" or "thread_settings_applied";

    static RolloutLineKind KindOf(string? type, string? eventType) => type switch
    {
        "session_meta" => RolloutLineKind.SessionMeta,
        "turn_context" => RolloutLineKind.TurnContext,
        "token_usage_record" => RolloutLineKind.UsageRecord,
        "event_msg" => eventType switch
        {
            "token_count" => RolloutLineKind.TokenCount,
            "task_started" or "turn_started" => RolloutLineKind.TurnStart,
            "thread_settings_applied" => RolloutLineKind.Settings,
            _ => RolloutLineKind.Other,
        },
        _ => RolloutLineKind.Other,
    };

    void Clear()
    {
        Kind = RolloutLineKind.Other;
        TimestampMs = null;
        _type = _eventType = ThreadId = RootThreadId = TurnId = RootTurnId = Originator = Provider = Model = ResponseId = Plan = null;
        IsFork = HasLimits = false;
        Usage = Total = null;
    }

    void ReadPayload(ref Utf8JsonReader reader)
    {
        var isEvent = _type is "event_msg";
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (isEvent && JsonText.Is(ref reader, "type"u8))
            {
                reader.Read();
                _eventType = _names.ReadString(ref reader);
                if (!MayMatterAsEvent(_eventType))
                {
                    return;
                }
            }
            else
            {
                ReadPayloadField(ref reader);
            }
        }
    }

    void ReadPayloadField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "id"u8) || JsonText.Is(ref reader, "thread_id"u8))
        {
            ThreadId = ReadId(ref reader);
        }
        else if (JsonText.Is(ref reader, "session_id"u8))
        {
            RootThreadId = ReadId(ref reader);
        }
        else if (JsonText.Is(ref reader, "turn_id"u8))
        {
            TurnId = ReadId(ref reader);
        }
        else if (JsonText.Is(ref reader, "root_turn_id"u8))
        {
            RootTurnId = ReadId(ref reader);
        }
        else if (JsonText.Is(ref reader, "response_id"u8))
        {
            ResponseId = ReadId(ref reader);
        }
        else if (JsonText.Is(ref reader, "forked_from_id"u8) || JsonText.Is(ref reader, "history_base"u8))
        {
            reader.Read();
            IsFork |= reader.TokenType is not (JsonTokenType.Null or JsonTokenType.False);
            reader.Skip();
        }
        else if (JsonText.Is(ref reader, "originator"u8))
        {
            Originator = ReadName(ref reader);
        }
        else if (JsonText.Is(ref reader, "model_provider"u8))
        {
            Provider = ReadName(ref reader);
        }
        else if (JsonText.Is(ref reader, "model"u8))
        {
            Model = ReadName(ref reader);
        }
        else if (JsonText.Is(ref reader, "usage"u8))
        {
            Usage = CodexUsage.Read(ref reader);
        }
        else if (JsonText.Is(ref reader, "thread_token_usage"u8))
        {
            Total = CodexUsage.Read(ref reader);
        }
        else if (JsonText.Is(ref reader, "info"u8))
        {
            JsonFields.Read(ref reader, ReadInfoField);
        }
        else if (JsonText.Is(ref reader, "rate_limits"u8))
        {
            HasLimits = JsonFields.Read(ref reader, ReadLimitsField);
        }
        else if (JsonText.Is(ref reader, "thread_settings"u8))
        {
            JsonFields.Read(ref reader, ReadSettingsField);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadInfoField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "last_token_usage"u8))
        {
            Usage = CodexUsage.Read(ref reader);
        }
        else if (JsonText.Is(ref reader, "total_token_usage"u8))
        {
            Total = CodexUsage.Read(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadLimitsField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "plan_type"u8))
        {
            Plan = ReadName(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadSettingsField(ref Utf8JsonReader reader)
    {
        if (JsonText.Is(ref reader, "model"u8))
        {
            Model = ReadName(ref reader);
        }
        else
        {
            reader.Skip();
        }
    }

    static string? ReadId(ref Utf8JsonReader reader)
    {
        reader.Read();

        return JsonText.ReadString(ref reader);
    }

    string? ReadName(ref Utf8JsonReader reader)
    {
        reader.Read();

        return _names.ReadString(ref reader);
    }
}
