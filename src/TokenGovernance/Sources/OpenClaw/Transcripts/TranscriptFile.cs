using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One transcript or trajectory, and how far it has been read.</summary>
sealed class TranscriptFile(string path, TranscriptName name, SessionIdentity session)
{
    readonly StatPath _statPath = new(path);

    public string Path { get; } = path;

    public TranscriptName Name { get; } = name;

    /// <summary>The session that the index, else the name, says it belongs to.</summary>
    public SessionIdentity Session { get; set; } = session;

    public TranscriptCheckpoint? Checkpoint { get; set; }

    /// <summary>What the file was at the last look.</summary>
    public FileStat Stat { get; private set; }

    /// <summary>Why it could not be read when its stat was <see cref="FailedStat" />: a damaged archive is not read again and again.</summary>
    public string? Failure { get; set; }

    public FileStat FailedStat { get; set; }

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    public static string KeyOf(string path) => "log:" + path;

    /// <summary>Looks at the file; true if its stat does not prove it unchanged. Says why it cannot be read, if it cannot.</summary>
    public bool HasChanged(PassReport report)
    {
        Stat = FileStat.Of(_statPath);
        switch (Stat.Kind)
        {
            case FileKind.File:
                return Checkpoint?.ProvesUnchanged(Stat) != true;
            case FileKind.Missing:
                // Renamed or deleted since the folder was listed; only a link that leads nowhere stays.
                if (new FileInfo(Path).LinkTarget is { } target)
                {
                    report.Fail(Path, $"it is a link to {target}, which cannot be read");
                }

                return false;
            case FileKind.Unreachable:
                Unreachable.Report(Path, report);

                return false;
            default:
                report.Fail(Path, Stat.Kind is FileKind.Folder ? "it is a folder, not a file" : "it is not a regular file");

                return false;
        }
    }

    /// <summary>Opens it where reading goes on.</summary>
    public FileTail Open() => FileTail.Open(Path, Checkpoint?.SessionId == Session.SessionId ? Checkpoint : null, Stat);

    /// <summary>Where reading begins: its checkpoint, or an empty one.</summary>
    public TranscriptCheckpoint StartOf(FileTail tail) =>
        tail.IsContinued ? Checkpoint! : new TranscriptCheckpoint { SessionId = Session.SessionId };
}
