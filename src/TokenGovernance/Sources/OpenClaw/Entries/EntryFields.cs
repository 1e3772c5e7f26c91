using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>The fields of one entry that can matter, as they are written; what they mean is <see cref="EntryParser" />'s business.</summary>
sealed class EntryFields
{
    bool _isModelChange, _isSnapshot, _isAssistant, _hasMessage, _hasMessageUsage, _hasEntryUsage;
    string? _modelId, _dataProvider, _dataModelId;
    TokenCounts _entryTokens, _messageTokens;
    Cost _entryCost, _messageCost;

    public string? Id { get; private set; }

    public long? TimestampMs { get; private set; }

    public string? Provider { get; private set; }

    public string? Model { get; private set; }

    public string? MessageProvider { get; private set; }

    public string? MessageModel { get; private set; }

    public long? MessageMs { get; private set; }

    public string? Api { get; private set; }

    public string? StopReason { get; private set; }

    public string? ResponseId { get; private set; }

    public string? ResponseModel { get; private set; }

    public string? RunId { get; private set; }

    /// <summary>`idempotencyKey` of the message: tells a row that OpenClaw copied from another runtime.</summary>
    public string? IdempotencyKey { get; private set; }

    public TokenCounts Tokens => _hasMessageUsage ? _messageTokens : _entryTokens;

    public Cost Cost => _hasMessageUsage ? _messageCost : _entryCost;

    /// <summary>An assistant message with a usage object.</summary>
    public bool IsUsage => _hasMessage && _isAssistant && (_hasMessageUsage || _hasEntryUsage);

    public bool ChangesModel => _isModelChange || _isSnapshot;

    public string? ChangedProvider => _isModelChange ? Provider : _dataProvider;

    public string? ChangedModel => _isModelChange ? _modelId : _dataModelId;

    /// <summary>Reads an entry.</summary>
    /// <param name="json">The entry from its brace on, and what may follow it.</param>
    /// <param name="names">Names met before.</param>
    /// <param name="length">Length of the entry.</param>
    /// <returns>False if the bytes do not begin with a JSON object.</returns>
    public bool TryRead(ReadOnlySpan<byte> json, NamePool names, out int length)
    {
        var begin = length = 0;
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
                ReadEntryField(ref reader, json, ref begin, names);
            }

            length = begin + (int)reader.BytesConsumed;

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    void Clear()
    {
        _isModelChange = _isSnapshot = _isAssistant = _hasMessage = _hasMessageUsage = _hasEntryUsage = false;
        _modelId = _dataProvider = _dataModelId = null;
        (_entryTokens, _messageTokens, _entryCost, _messageCost) = (default, default, default, default);
        Id = Provider = Model = MessageProvider = MessageModel = Api = StopReason = ResponseId = ResponseModel = RunId = IdempotencyKey = null;
        TimestampMs = MessageMs = null;
    }

    void ReadEntryField(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int begin, NamePool names)
    {
        if (JsonText.Is(ref reader, "message"u8))
        {
            reader.Read();
            ReadMessage(ref reader, json, ref begin, names);
        }
        else if (JsonText.Is(ref reader, "type"u8))
        {
            reader.Read();
            _isModelChange = names.ReadString(ref reader) is "model_change";
        }
        else if (JsonText.Is(ref reader, "id"u8))
        {
            reader.Read();
            Id = JsonText.ReadFullString(ref reader);
        }
        else if (JsonText.Is(ref reader, "timestamp"u8))
        {
            reader.Read();
            TimestampMs = JsonText.ReadTime(ref reader);
        }
        else if (JsonText.Is(ref reader, "usage"u8))
        {
            reader.Read();
            _hasEntryUsage = TryReadUsage(ref reader, ref _entryTokens, ref _entryCost);
        }
        else if (JsonText.Is(ref reader, "provider"u8))
        {
            reader.Read();
            Provider = names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "model"u8))
        {
            reader.Read();
            Model = names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "modelId"u8))
        {
            reader.Read();
            _modelId = names.ReadString(ref reader);
        }
        else if (JsonText.Is(ref reader, "customType"u8))
        {
            reader.Read();
            _isSnapshot = names.ReadString(ref reader) is "model-snapshot";
        }
        else if (JsonText.Is(ref reader, "data"u8))
        {
            reader.Read();
            ReadData(ref reader, names);
        }
        else
        {
            reader.Skip();
        }
    }

    void ReadMessage(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int begin, NamePool names)
    {
        _hasMessage = reader.TokenType is JsonTokenType.StartObject;
        if (!_hasMessage)
        {
            reader.Skip();

            return;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (JsonText.Is(ref reader, "role"u8))
            {
                reader.Read();
                _isAssistant = names.ReadString(ref reader) is "assistant";
            }
            else if (JsonText.Is(ref reader, "usage"u8))
            {
                reader.Read();
                _hasMessageUsage = TryReadUsage(ref reader, ref _messageTokens, ref _messageCost);
            }
            else if (JsonText.Is(ref reader, "provider"u8))
            {
                reader.Read();
                MessageProvider = names.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "model"u8))
            {
                reader.Read();
                MessageModel = names.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "timestamp"u8))
            {
                reader.Read();
                MessageMs = JsonText.ReadTime(ref reader);
            }
            else if (JsonText.Is(ref reader, "api"u8))
            {
                reader.Read();
                Api = names.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "stopReason"u8))
            {
                reader.Read();
                StopReason = names.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "responseId"u8))
            {
                reader.Read();
                ResponseId = JsonText.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "responseModel"u8))
            {
                reader.Read();
                ResponseModel = names.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "idempotencyKey"u8))
            {
                reader.Read();
                IdempotencyKey = JsonText.ReadString(ref reader);
            }
            else if (JsonText.Is(ref reader, "__openclaw"u8))
            {
                reader.Read();
                ReadRunId(ref reader);
            }
            else
            {
                LongStrings.Skip(ref reader, json, ref begin);
            }
        }
    }

    static bool TryReadUsage(ref Utf8JsonReader reader, ref TokenCounts tokens, ref Cost cost)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return false;
        }

        (tokens, cost) = UsageReader.Read(ref reader);

        return true;
    }

    void ReadData(ref Utf8JsonReader reader, NamePool names)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isProvider = JsonText.Is(ref reader, "provider"u8);
            var isModel = JsonText.Is(ref reader, "modelId"u8);
            reader.Read();
            if (isProvider)
            {
                _dataProvider = names.ReadString(ref reader);
            }
            else if (isModel)
            {
                _dataModelId = names.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    void ReadRunId(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var isRunId = JsonText.Is(ref reader, "runId"u8);
            reader.Read();
            if (isRunId)
            {
                RunId = JsonText.ReadString(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }
    }
}
