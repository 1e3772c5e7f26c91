using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>How far a rollout has been read, and what its lines so far say about later ones.</summary>
sealed record RolloutCheckpoint : FileCheckpoint
{
    [JsonPropertyName("r")]
    public RolloutState? State { get; init; }

    public static new RolloutCheckpoint? Parse(string? json) => CheckpointText.Parse(json, RolloutCheckpointJson.Default.RolloutCheckpoint);

    public override string ToJson() => JsonSerializer.Serialize(this, RolloutCheckpointJson.Default.RolloutCheckpoint);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(RolloutCheckpoint))]
[JsonSerializable(typeof(RolloutState))]
sealed partial class RolloutCheckpointJson : JsonSerializerContext;
