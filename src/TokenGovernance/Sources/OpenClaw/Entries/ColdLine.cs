using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>
///     A line of cold storage: `{"kind":"header","sessionId","generation"}` first, then `{"kind":"event","row":{"seq","event_json",
///     "created_at"}}` for each entry; others have no row.
/// </summary>
sealed record ColdLine
{
    public string? SessionId { get; init; }

    [JsonConverter(typeof(LenientObject<ColdRow>))]
    public ColdRow? Row { get; init; }

    public static ColdLine? Parse(ReadOnlySpan<byte> json) => LenientJson.Parse(json, EntryJson.Default.ColdLine);
}

/// <summary>A row of `transcript_events` in cold storage.</summary>
sealed record ColdRow
{
    public JsonElement Seq { get; init; }

    [JsonPropertyName("event_json")]
    public JsonElement EventJson { get; init; }

    /// <summary>The entry as it was written, or NULL.</summary>
    [JsonIgnore]
    public byte[]? Entry => EventJson.ValueKind is JsonValueKind.String ? Encoding.UTF8.GetBytes(EventJson.GetString()!) : null;

    /// <summary>Line number in the transcript, counted from 1, or NULL.</summary>
    [JsonIgnore]
    public long? LineNo => Seq.ValueKind is JsonValueKind.Number && Seq.TryGetInt64(out var seq) ? seq + 1 : null;
}
