using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>How far one log file has been read, and enough to tell whether it is still the same file.</summary>
sealed record FileCheckpoint
{
    /// <summary>Bytes read: all complete lines before it are in the store.</summary>
    [JsonPropertyName("o")]
    public long Offset { get; init; }

    /// <summary>Newlines before <see cref="Offset" />.</summary>
    [JsonPropertyName("n")]
    public long Newlines { get; init; }

    /// <summary>Hash of the file's first bytes and of those just before <see cref="Offset" />.</summary>
    [JsonPropertyName("f")]
    public string? Fingerprint { get; init; }

    [JsonPropertyName("z")]
    public long Size { get; init; }

    [JsonPropertyName("m")]
    public long ModifiedNs { get; init; }

    [JsonPropertyName("c")]
    public long ChangedNs { get; init; }

    [JsonPropertyName("i")]
    public long FileId { get; init; }

    /// <summary>The stat was old enough when it was taken to prove that an equal one means "unchanged".</summary>
    [JsonPropertyName("s")]
    public bool IsSettled { get; init; }

    /// <summary>Time of a trusted header.</summary>
    [JsonPropertyName("t")]
    public long? StartedMs { get; init; }

    [JsonPropertyName("k")]
    public bool IsFork { get; init; }

    [JsonPropertyName("p")]
    public string? Provider { get; init; }

    [JsonPropertyName("l")]
    public string? Model { get; init; }

    /// <summary>The session its events went to.</summary>
    [JsonPropertyName("g")]
    public string? SessionId { get; init; }

    public static FileCheckpoint? Parse(string? json) => CheckpointText.Parse(json, FileCheckpointJson.Default.FileCheckpoint);

    public string ToJson() => JsonSerializer.Serialize(this, FileCheckpointJson.Default.FileCheckpoint);

    public TranscriptState ToState() => new() { Provider = Provider, Model = Model };

    /// <summary>The checkpoint with the stat it belongs to.</summary>
    /// <param name="stat">What the file was before it was read.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="isAtEnd">False if there is more to read: then no stat proves that there is nothing new.</param>
    public FileCheckpoint With(FileStat stat, long nowMs, bool isAtEnd = true) => this with
    {
        Size = stat.Size,
        ModifiedNs = stat.ModifiedNs,
        ChangedNs = stat.ChangedNs,
        FileId = stat.FileId,
        IsSettled = isAtEnd && stat.IsSettled(nowMs),
    };

    /// <summary>True if the stat alone proves that nothing changed.</summary>
    public bool ProvesUnchanged(FileStat stat) => IsSettled && HasSameStat(stat);

    public bool HasSameStat(FileStat stat) =>
        stat.Size == Size && stat.ModifiedNs == ModifiedNs && stat.ChangedNs == ChangedNs && stat.FileId == FileId;
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FileCheckpoint))]
sealed partial class FileCheckpointJson : JsonSerializerContext;
