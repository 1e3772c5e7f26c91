using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One transcript or trajectory, and how far it has been read.</summary>
sealed class TranscriptFile(string folder, string path, TranscriptName name, SessionIdentity session) : WatchedFile<TranscriptCheckpoint>(path)
{
    FileStat _peeked;
    bool _isForeign;

    /// <summary>The folder it was found in.</summary>
    public string Folder { get; } = folder;

    public TranscriptName Name { get; } = name;

    /// <summary>The session that the index, else the name, says it belongs to.</summary>
    public SessionIdentity Session { get; set; } = session;

    /// <summary>False if its header proves nothing: a copy from before a compaction.</summary>
    public bool MayClaim { get; set; } = name.Kind is not TranscriptKind.Checkpoint;

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    public static string KeyOf(string path) => "log:" + path;

    /// <summary>False of a file that only has a name like a copy of a transcript, such as a lock.</summary>
    public bool HoldsTranscript()
    {
        if (Name.Kind is TranscriptKind.Copy && Checkpoint is null && _peeked != Stat)
        {
            // What cannot be read is told of when its turn comes.
            _isForeign = PeekAt(Path, Name.IsCompressed, line => TranscriptHeader.IsEntry(line) ? "" : null, ifUnreadable: "") is null;
            _peeked = Stat;
        }

        return !_isForeign;
    }

    /// <summary>The session's key on the first line of a trajectory, or NULL.</summary>
    public string? ReadSessionKey() =>
        PeekAt(Path, Name.IsCompressed, line => RunRecord.ParseAll(line).FirstOrDefault()?.SessionKey, ifUnreadable: null);

    /// <summary>The session id in its header, or NULL.</summary>
    public string? ReadHeaderId() => ReadHeaderId(Path, Name.IsCompressed);

    /// <summary>The session id in a transcript's header, or NULL.</summary>
    public static string? ReadHeaderId(string path, bool isCompressed) =>
        PeekAt(path, isCompressed, line => TranscriptHeader.Parse(line)?.Id, ifUnreadable: null);

    static string? PeekAt(string path, bool isCompressed, FirstLine look, string? ifUnreadable)
    {
        try
        {
            using var file = SharedFile.Open(path);
            using Stream plain = isCompressed ? new ZstdStream(file) : file;
            using var lines = new JsonLineReader(plain);

            return lines.Next() ? look(lines.Line) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return ifUnreadable;
        }
    }

    delegate string? FirstLine(ReadOnlySpan<byte> line);

    /// <summary>Opens it where reading goes on.</summary>
    public FileTail Open() => FileTail.Open(Path, Checkpoint?.SessionId == Session.SessionId ? Checkpoint : null, Stat);

    /// <summary>Where reading begins: its checkpoint, or an empty one.</summary>
    public TranscriptCheckpoint StartOf(FileTail tail) =>
        tail.IsContinued ? Checkpoint! : new TranscriptCheckpoint { SessionId = Session.SessionId };
}
