using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What one look at a database found.</summary>
sealed record DatabaseFindings
{
    /// <summary>What the files were before the look.</summary>
    public required DatabaseStat Stat { get; init; }

    public required DatabaseTables Tables { get; init; }

    /// <summary>All of it was looked at, not only what the gateway's writing shows.</summary>
    public bool IsFull { get; init; } = true;

    /// <summary>The newest rows before the look, or NULL if the next look has to be full.</summary>
    public NewestRowSet? Newest { get; init; }

    /// <summary>Sessions with rows to read.</summary>
    public IReadOnlyList<ChangedSession> Changed { get; init; } = [];

    /// <summary>Archives to read.</summary>
    public IReadOnlyList<DatabaseArchive> Archives { get; init; } = [];

    /// <summary>Sessions that were read before and have no rows any more: deleted, or moved to cold storage.</summary>
    public IReadOnlyCollection<string> Gone { get; init; } = [];

    /// <summary>Checkpoint keys of archives that were read and are not there any more.</summary>
    public IReadOnlyList<string> GoneArchives { get; init; } = [];

    /// <summary>Sessions with trajectory rows to read, and the last row of each.</summary>
    public IReadOnlyDictionary<string, long> NewRuns { get; init; } = new Dictionary<string, long>();

    /// <summary>Facts about sessions.</summary>
    public IReadOnlyList<SessionInfo> Facts { get; init; } = [];

    /// <summary>The newest `updated_at` among the facts.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>False if somebody wrote meanwhile: then the next pass looks again, whatever the stat says.</summary>
    public bool IsValid { get; init; }
}
