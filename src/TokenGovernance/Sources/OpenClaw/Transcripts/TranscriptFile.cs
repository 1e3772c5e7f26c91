using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One transcript or trajectory, and how far it has been read.</summary>
sealed class TranscriptFile(string path, TranscriptName name, SessionIdentity session) : WatchedFile<TranscriptCheckpoint>(path)
{
    public TranscriptName Name { get; } = name;

    /// <summary>The session that the index, else the name, says it belongs to.</summary>
    public SessionIdentity Session { get; set; } = session;

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    public static string KeyOf(string path) => "log:" + path;

    /// <summary>Opens it where reading goes on.</summary>
    public FileTail Open() => FileTail.Open(Path, Checkpoint?.SessionId == Session.SessionId ? Checkpoint : null, Stat);

    /// <summary>Where reading begins: its checkpoint, or an empty one.</summary>
    public TranscriptCheckpoint StartOf(FileTail tail) =>
        tail.IsContinued ? Checkpoint! : new TranscriptCheckpoint { SessionId = Session.SessionId };
}
