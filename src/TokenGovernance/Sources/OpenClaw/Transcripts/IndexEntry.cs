using System.Text.Json.Serialization;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>The fields of one entry of a session index that can matter.</summary>
/// <remarks>Labels, display names and subjects are never read: they can hold people's words. Prompts and skill lists are skipped.</remarks>
sealed record IndexEntry
{
    public string? SessionId { get; init; }

    public string? SessionFile { get; init; }

    public string? LastChannel { get; init; }

    public string? Channel { get; init; }

    public string? ChatType { get; init; }

    public string? SpawnedBy { get; init; }

    public string? ParentSessionKey { get; init; }

    [JsonConverter(typeof(LenientObject<IndexRoute>))]
    public IndexRoute? DeliveryContext { get; init; }

    [JsonConverter(typeof(LenientObject<IndexRoute>))]
    public IndexRoute? Route { get; init; }

    [JsonConverter(typeof(LenientObject<IndexRoute>))]
    public IndexRoute? Origin { get; init; }

    /// <summary>NULL if the value is no object.</summary>
    public static IndexEntry? Parse(ReadOnlySpan<byte> json) => LenientJson.Parse(json, IndexJson.Default.IndexEntry);

    public SessionInfo ToInfo(string key, SessionIdentity session, bool isFallback) => new(session)
    {
        SessionKey = JsonText.Bounded(key),
        Channel = LastChannel ?? DeliveryContext?.Channel ?? Route?.Channel ?? Channel,
        ChatType = ChatType ?? Origin?.ChatType,
        OriginProvider = Origin?.Provider,
        SpawnedBy = SpawnedBy,
        ParentSessionKey = ParentSessionKey,
        IsFallback = isFallback,
    };
}

/// <summary>Where messages of a session come from or go to.</summary>
sealed record IndexRoute(string? Channel, string? Provider, string? ChatType);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, Converters = [typeof(LenientString)], GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(IndexEntry))]
sealed partial class IndexJson : JsonSerializerContext;
