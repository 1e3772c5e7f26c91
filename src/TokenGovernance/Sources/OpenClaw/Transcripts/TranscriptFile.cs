using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One transcript or trajectory, and how far it has been read.</summary>
sealed class TranscriptFile(string path, TranscriptName name, SessionIdentity session)
{
    public string Path { get; } = path;

    public StatPath StatPath { get; } = new(path);

    public TranscriptName Name { get; } = name;

    /// <summary>The session that the index, else the name, says it belongs to.</summary>
    public SessionIdentity Session { get; set; } = session;

    public FileCheckpoint? Checkpoint { get; set; }

    /// <summary>What the file was when it was found to have changed.</summary>
    public FileStat Stat { get; set; }

    /// <summary>Why it could not be read when its stat was <see cref="FailedStat" />: a damaged archive is not read again and again.</summary>
    public string? Failure { get; set; }

    public FileStat FailedStat { get; set; }

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    public static string KeyOf(string path) => "log:" + path;
}
