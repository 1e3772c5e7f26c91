using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What the file system says about a database and its write-ahead log.</summary>
readonly record struct DatabaseStat(FileStat Database, FileStat Wal)
{
    public static DatabaseStat Of(string path) => new(FileStat.Of(path), FileStat.Of(path + "-wal"));

    /// <summary>True if both were last written long enough ago for an equal stat to prove "unchanged".</summary>
    public bool IsSettled(long nowMs) => Database.IsSettled(nowMs) && Wal.IsSettled(nowMs);

    /// <summary>True if neither file was written, replaced, made or removed in between.</summary>
    public bool IsSameContent(DatabaseStat other) => this == other;
}
