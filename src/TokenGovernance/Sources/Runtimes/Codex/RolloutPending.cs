using System.Text.Json.Serialization;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>A call, as far as what its rollout says of all calls does not tell.</summary>
sealed record RolloutPending
{
    [JsonPropertyName("i")]
    public required string Identity { get; init; }

    [JsonPropertyName("n")]
    public string? TurnId { get; init; }

    [JsonPropertyName("m")]
    public string? Model { get; init; }

    [JsonPropertyName("t")]
    public long? TimestampMs { get; init; }

    [JsonPropertyName("c")]
    public bool IsCopy { get; init; }

    [JsonPropertyName("r")]
    public string? RootTurnId { get; init; }

    [JsonPropertyName("s")]
    public string? ResponseId { get; init; }

    /// <summary>Input, cached, cache write, output, reasoning, total.</summary>
    [JsonPropertyName("u")]
    public required long[] Counts { get; init; }

    [JsonIgnore]
    public CodexUsage Usage => new(Counts[0], Counts[1], Counts[2], Counts[3], Counts[4], Counts[5]);
}
