using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What one `sessions.json` says: which session a file belongs to, and the facts about each session.</summary>
/// <remarks>
///     Entries are large (prompts, skill lists); all but the few fields below is skipped unread. Labels, display names and
///     subjects are never read: they can hold people's words.
/// </remarks>
sealed class SessionIndex
{
    public static readonly SessionIndex Empty = new([], []);

    readonly Dictionary<string, string> _sessionIdByFile;

    SessionIndex(Dictionary<string, SessionInfo> sessions, Dictionary<string, string> sessionIdByFile)
    {
        Sessions = sessions;
        _sessionIdByFile = sessionIdByFile;
    }

    /// <summary>Facts by session id.</summary>
    public IReadOnlyDictionary<string, SessionInfo> Sessions { get; }

    /// <summary>The session whose live transcript has this file name, or NULL.</summary>
    public string? FindSessionId(string baseName) => _sessionIdByFile.GetValueOrDefault(baseName);

    /// <summary>Reads an index.</summary>
    /// <exception cref="JsonException">It is torn, or no object.</exception>
    public static SessionIndex Parse(ReadOnlySpan<byte> json, string home, string agentId, bool isFallback)
    {
        var entries = new List<Entry>();
        var reader = new Utf8JsonReader(json.StartsWith("\uFEFF"u8) ? json[3..] : json, JsonText.Options);
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            throw new JsonException("it is not an object of session entries");
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            var key = JsonTextKey(ref reader);
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject)
            {
                entries.Add(Entry.Read(ref reader, key));
            }
            else
            {
                reader.Skip();
            }
        }

        return Build(entries, home, agentId, isFallback);
    }

    static string JsonTextKey(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }

    static SessionIndex Build(List<Entry> entries, string home, string agentId, bool isFallback)
    {
        var sessions = new Dictionary<string, SessionInfo>(StringComparer.Ordinal);
        var files = new Dictionary<string, string>(StringComparer.Ordinal);

        // Two keys can share a session; the shorter one is the session's, the other fills what that one leaves open.
        entries.Sort((a, b) => a.Key.Length != b.Key.Length ? a.Key.Length - b.Key.Length : string.CompareOrdinal(a.Key, b.Key));
        foreach (var entry in entries)
        {
            if (entry.SessionId is not { } id)
            {
                continue;
            }

            var info = entry.ToInfo(new SessionIdentity(home, agentId, id), isFallback);
            sessions[id] = sessions.TryGetValue(id, out var known) ? Fill(known, info) : info;
            if (entry.SessionFile is { } file)
            {
                // The path may point to a home that was moved since: only the name counts.
                files.TryAdd(file[(file.LastIndexOfAny(['/', '\\']) + 1)..], id);
            }
        }

        return new SessionIndex(sessions, files);
    }

    static SessionInfo Fill(SessionInfo known, SessionInfo other) => known with
    {
        Channel = known.Channel ?? other.Channel,
        ChatType = known.ChatType ?? other.ChatType,
        OriginProvider = known.OriginProvider ?? other.OriginProvider,
        SpawnedBy = known.SpawnedBy ?? other.SpawnedBy,
        ParentSessionKey = known.ParentSessionKey ?? other.ParentSessionKey,
    };

    /// <summary>The fields of one entry that can matter.</summary>
    sealed class Entry
    {
        public required string Key { get; init; }

        public string? SessionId { get; private set; }

        public string? SessionFile { get; private set; }

        string? _lastChannel, _deliveryChannel, _routeChannel, _channel, _chatType, _originProvider, _originChatType;
        string? _spawnedBy, _parentSessionKey;

        public static Entry Read(ref Utf8JsonReader reader, string key)
        {
            var entry = new Entry { Key = key };
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                entry.ReadField(ref reader);
            }

            return entry;
        }

        public SessionInfo ToInfo(SessionIdentity session, bool isFallback) => new(session)
        {
            SessionKey = JsonText.Bounded(Key),
            Channel = _lastChannel ?? _deliveryChannel ?? _routeChannel ?? _channel,
            ChatType = _chatType ?? _originChatType,
            OriginProvider = _originProvider,
            SpawnedBy = _spawnedBy,
            ParentSessionKey = _parentSessionKey,
            IsFallback = isFallback,
        };

        void ReadField(ref Utf8JsonReader reader)
        {
            if (reader.ValueTextEquals("sessionId"u8))
            {
                reader.Read();
                SessionId = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("sessionFile"u8))
            {
                reader.Read();
                SessionFile = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("lastChannel"u8))
            {
                reader.Read();
                _lastChannel = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("channel"u8))
            {
                reader.Read();
                _channel = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("chatType"u8))
            {
                reader.Read();
                _chatType = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("spawnedBy"u8))
            {
                reader.Read();
                _spawnedBy = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("parentSessionKey"u8))
            {
                reader.Read();
                _parentSessionKey = JsonText.ReadString(ref reader);
            }
            else if (reader.ValueTextEquals("deliveryContext"u8))
            {
                _deliveryChannel = ReadInner(ref reader, "channel"u8).First;
            }
            else if (reader.ValueTextEquals("route"u8))
            {
                _routeChannel = ReadInner(ref reader, "channel"u8).First;
            }
            else if (reader.ValueTextEquals("origin"u8))
            {
                (_originProvider, _originChatType) = ReadInner(ref reader, "provider"u8, "chatType"u8);
            }
            else
            {
                reader.Skip();
            }
        }

        /// <summary>Returns up to two string fields of the object that is the next value.</summary>
        static (string? First, string? Second) ReadInner(
            ref Utf8JsonReader reader, ReadOnlySpan<byte> firstName, ReadOnlySpan<byte> secondName = default)
        {
            string? first = null;
            string? second = null;
            reader.Read();
            if (reader.TokenType is not JsonTokenType.StartObject)
            {
                reader.Skip();

                return (null, null);
            }

            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isFirst = reader.ValueTextEquals(firstName);
                var isSecond = !isFirst && !secondName.IsEmpty && reader.ValueTextEquals(secondName);
                reader.Read();
                if (isFirst)
                {
                    first = JsonText.ReadString(ref reader);
                }
                else if (isSecond)
                {
                    second = JsonText.ReadString(ref reader);
                }
                else
                {
                    reader.Skip();
                }
            }

            return (first, second);
        }
    }
}
