using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>How far one session of a database has been read, as it is stored. In memory it is a <see cref="ReadSession" />.</summary>
sealed record SessionCursor
{
    /// <summary>Of a session of which nothing has been read.</summary>
    public static readonly SessionCursor Empty = new();

    /// <summary>Changes whenever anything but an append happened to the session; NULL where the version keeps none.</summary>
    [JsonPropertyName("g")]
    public string? Generation { get; init; }

    /// <summary>The last row read.</summary>
    [JsonPropertyName("s")]
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public long Seq { get; init; } = long.MinValue;

    /// <summary>Time and lengths of the last row: tells cheaply that a session is not the same any more, by its last row.</summary>
    [JsonPropertyName("h")]
    public string? LastRow { get; init; }

    /// <summary>Hash of the last row's content: tells whether a session that grew is the one that was read.</summary>
    [JsonPropertyName("x")]
    public string? LastHash { get; init; }

    [JsonPropertyName("t")]
    public long? StartedMs { get; init; }

    [JsonPropertyName("k")]
    public bool IsFork { get; init; }

    [JsonPropertyName("p")]
    public string? Provider
    {
        get;
        init => field = SharedNames.Get(value);
    }

    [JsonPropertyName("l")]
    public string? Model
    {
        get;
        init => field = SharedNames.Get(value);
    }

    /// <summary>See <see cref="TranscriptState.LastResponses" />.</summary>
    [JsonPropertyName("a")]
    public string? LastResponses { get; init; }

    public static SessionCursor? Parse(string? json) => CheckpointText.Parse(json, CursorJson.Default.SessionCursor);

    public string ToJson() => JsonSerializer.Serialize(this, CursorJson.Default.SessionCursor);
}

/// <summary>What was seen of a database as a whole when all of it had been read.</summary>
sealed record DatabaseCursor
{
    [JsonPropertyName("d")]
    public FileStat Database { get; init; }

    [JsonPropertyName("w")]
    public FileStat Wal { get; init; }

    [JsonPropertyName("j")]
    public FileStat Journal { get; init; }

    /// <summary>When these stats were first seen, in ms since 1970, where their own times are in the future.</summary>
    [JsonPropertyName("m")]
    public long? SeenMs { get; init; }

    [JsonIgnore]
    public DatabaseStat Stat => new(Database, Wal, Journal);

    /// <summary>The stats were old enough then to prove that equal ones mean "unchanged".</summary>
    [JsonPropertyName("s")]
    public bool IsSettled { get; init; }

    /// <summary>The newest `updated_at` among session windows and nodes whose facts were taken over.</summary>
    [JsonPropertyName("u")]
    public long UpdatedAt { get; init; }

    public static DatabaseCursor? Parse(string? json) => CheckpointText.Parse(json, CursorJson.Default.DatabaseCursor);

    public string ToJson() => JsonSerializer.Serialize(this, CursorJson.Default.DatabaseCursor);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(SessionCursor))]
[JsonSerializable(typeof(DatabaseCursor))]
sealed partial class CursorJson : JsonSerializerContext;
