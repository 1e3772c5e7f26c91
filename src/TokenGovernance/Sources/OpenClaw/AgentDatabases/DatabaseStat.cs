using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What the file system says about a database, its write-ahead log, and the journal of one without such a log.</summary>
readonly record struct DatabaseStat(FileStat Database, FileStat Wal, FileStat Journal = default)
{
    public static DatabaseStat Of(string path) => new(FileStat.Of(path), FileStat.Of(path + "-wal"), FileStat.Of(path + "-journal"));

    /// <summary>A transaction of a database without write-ahead log is not over: its file may hold pages that nobody has committed.</summary>
    public bool IsInTransaction => Journal is { Kind: FileKind.File, Size: > 0 };

    /// <summary>True if all were last written long enough ago for an equal stat to prove "unchanged".</summary>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    /// <param name="seenMs">When this stat was first seen, in ms since 1970; NULL is now.</param>
    public bool IsSettled(long nowMs, long? seenMs = null) =>
        Database.IsSettled(nowMs, seenMs) && Wal.IsSettled(nowMs, seenMs) && Journal.IsSettled(nowMs, seenMs);

    public bool IsAhead(long nowMs) => Database.IsAhead(nowMs) || Wal.IsAhead(nowMs) || Journal.IsAhead(nowMs);

    /// <summary>True if no file was written, replaced, made or removed in between.</summary>
    public bool IsSameContent(DatabaseStat other) => this == other;
}
