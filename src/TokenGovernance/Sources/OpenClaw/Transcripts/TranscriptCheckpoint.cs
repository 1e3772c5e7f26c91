using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>How far a transcript has been read, and what its entries so far say about later ones.</summary>
sealed record TranscriptCheckpoint : FileCheckpoint
{
    /// <summary>Time of a trusted header.</summary>
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

    /// <summary>The session its events went to.</summary>
    [JsonPropertyName("g")]
    public string? SessionId { get; init; }

    public static new TranscriptCheckpoint? Parse(string? json) =>
        CheckpointText.Parse(json, TranscriptCheckpointJson.Default.TranscriptCheckpoint);

    public override string ToJson() => JsonSerializer.Serialize(this, TranscriptCheckpointJson.Default.TranscriptCheckpoint);

    public TranscriptState ToState() => new() { Provider = Provider, Model = Model, LastResponses = LastResponses };
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(TranscriptCheckpoint))]
sealed partial class TranscriptCheckpointJson : JsonSerializerContext;
