using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>How far a file of Claude Code has been read, and what its lines so far say about later ones.</summary>
sealed record ClaudeCheckpoint : FileCheckpoint
{
    [JsonPropertyName("r")]
    public ClaudeState? State { get; init; }

    public static new ClaudeCheckpoint? Parse(string? json) => CheckpointText.Parse(json, ClaudeCheckpointJson.Default.ClaudeCheckpoint);

    public override string ToJson() => JsonSerializer.Serialize(this, ClaudeCheckpointJson.Default.ClaudeCheckpoint);
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(ClaudeCheckpoint))]
[JsonSerializable(typeof(ClaudeState))]
sealed partial class ClaudeCheckpointJson : JsonSerializerContext;
