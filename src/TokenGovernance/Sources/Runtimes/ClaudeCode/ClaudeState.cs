using System.Text.Json.Serialization;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>What the lines read so far say about later ones. It is part of the file's checkpoint.</summary>
sealed record ClaudeState
{
    /// <summary>The folder that Claude Code was started in.</summary>
    [JsonPropertyName("w")]
    public string? Cwd { get; set; }

    /// <summary>The response that the last line belonged to: one content block a line repeats its usage.</summary>
    [JsonPropertyName("i")]
    public string? LastIdentity { get; set; }

    /// <summary>Total tokens that line told of.</summary>
    [JsonPropertyName("z")]
    public long LastTotal { get; set; }
}
