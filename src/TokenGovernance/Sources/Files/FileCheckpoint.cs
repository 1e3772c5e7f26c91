using System.Text.Json;
using System.Text.Json.Serialization;

namespace TokenGovernance.Sources.Files;

/// <summary>How far a file has been read, and enough to tell whether it is still the same file.</summary>
record FileCheckpoint
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

    /// <summary>When this stat was first seen, in ms since 1970, where its own times are in the future.</summary>
    [JsonPropertyName("w")]
    public long? SeenMs { get; init; }

    public static FileCheckpoint? Parse(string? json) => CheckpointText.Parse(json, FileCheckpointJson.Default.FileCheckpoint);

    public virtual string ToJson() => JsonSerializer.Serialize(this, FileCheckpointJson.Default.FileCheckpoint);

    /// <summary>True if the stat alone proves that nothing changed.</summary>
    public bool ProvesUnchanged(FileStat stat) => IsSettled && HasSameStat(stat);

    public bool HasSameStat(FileStat stat) =>
        stat.Size == Size && stat.ModifiedNs == ModifiedNs && stat.ChangedNs == ChangedNs && stat.FileId == FileId;
}

/// <summary>Checkpoints with other places and times; what a kind of file adds to them is kept.</summary>
static class FileCheckpointChanges
{
    /// <summary>The checkpoint with the stat it belongs to.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="stat">What the file was before it was read.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="isAtEnd">False if there is more to read: then no stat proves that there is nothing new.</param>
    public static T With<T>(this T checkpoint, FileStat stat, long nowMs, bool isAtEnd = true)
        where T : FileCheckpoint
    {
        var seenMs = !stat.IsAhead(nowMs) ? (long?)null : checkpoint.HasSameStat(stat) ? checkpoint.SeenMs ?? nowMs : nowMs;

        return (T)((FileCheckpoint)checkpoint with
        {
            Size = stat.Size,
            ModifiedNs = stat.ModifiedNs,
            ChangedNs = stat.ChangedNs,
            FileId = stat.FileId,
            IsSettled = isAtEnd && stat.IsSettled(nowMs, seenMs),
            SeenMs = seenMs,
        });
    }

    /// <summary>The checkpoint moved to another place in the file.</summary>
    public static T At<T>(this T checkpoint, long offset, long newlines, string? fingerprint)
        where T : FileCheckpoint =>
        (T)((FileCheckpoint)checkpoint with { Offset = offset, Newlines = newlines, Fingerprint = fingerprint });
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(FileCheckpoint))]
sealed partial class FileCheckpointJson : JsonSerializerContext;
