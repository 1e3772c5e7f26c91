using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>The first entry of a transcript: `{"type":"session","version","id","timestamp","cwd","parentSession"?}`.</summary>
sealed record TranscriptHeader
{
    public string? Type { get; init; }

    public string? Id { get; init; }

    /// <summary>When the session began, in ms since 1970.</summary>
    [JsonConverter(typeof(LenientTime))]
    [JsonPropertyName("timestamp")]
    public long? TimestampMs { get; init; }

    public JsonElement ParentSession { get; init; }

    /// <summary>It names a parent transcript.</summary>
    [JsonIgnore]
    public bool IsFork => ParentSession.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False);

    /// <summary>True if a line begins with an entry of a transcript, its header or another.</summary>
    public static bool IsEntry(ReadOnlySpan<byte> json) => LenientJson.Parse(json, EntryJson.Default.TranscriptHeader)?.Type is not null;

    /// <summary>Reads the entry at the start of a line; NULL if it is no header.</summary>
    public static TranscriptHeader? Parse(ReadOnlySpan<byte> json) =>
        LenientJson.Parse(json, EntryJson.Default.TranscriptHeader) is { Type: "session" } header ? header : null;
}
