using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What of one database has been read, from pass to pass. Safe to use from several readers at once.</summary>
sealed class DatabaseProgress
{
    DatabaseTables? _tables;
    long _schemaCookie;

    /// <summary>Makes it from the checkpoints of earlier runs.</summary>
    public DatabaseProgress(DatabaseLocation location, StoredCheckpoints checkpoints)
    {
        Whole = DatabaseCursor.Parse(checkpoints.Take(location.Key)) ?? new DatabaseCursor();
        foreach (var (key, value) in checkpoints.TakeAll(location.KeyOf("")))
        {
            if (SessionCursor.Parse(value) is { } cursor)
            {
                Add(ReadSession.Of(key[location.KeyOf("").Length..], cursor));
            }
        }

        foreach (var (key, value) in checkpoints.TakeAll(location.RunKeyOf("")))
        {
            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seq))
            {
                SetRun(key[location.RunKeyOf("").Length..], seq);
            }
        }

        foreach (var (key, _) in checkpoints.TakeAll(location.ArchiveKeys))
        {
            Archives[key] = true;
        }
    }

    /// <summary>What was seen of the whole when all of it had been read.</summary>
    public DatabaseCursor Whole { get; set; }

    /// <summary>The newest rows before the last look, if all that it found was read; NULL where the next look has to be full.</summary>
    public NewestRowSet? Newest { get; set; }

    /// <summary>What the files were before the last look, if all that it found was read and an equal stat proves that nothing is new.</summary>
    public DatabaseStat? Seen { get; set; }

    /// <summary>When the last full look was, by the clock's timestamps, and how long it took.</summary>
    public (long At, TimeSpan Took) FullLook { get; set; }

    /// <summary>Version of the job names that its sessions have.</summary>
    public int JobNamesVersion { get; set; }

    /// <summary>How far each session was read.</summary>
    public ConcurrentDictionary<string, ReadSession> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>The last row of each session's trajectory that was read.</summary>
    public ConcurrentDictionary<string, long> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Checkpoint keys of the archives that were read.</summary>
    public ConcurrentDictionary<string, bool> Archives { get; } = new(StringComparer.Ordinal);

    /// <summary>Archives that cannot be read, by their name in messages; tried again when the database changes.</summary>
    public ConcurrentDictionary<string, string> ArchiveFailures { get; } = new(StringComparer.Ordinal);

    /// <summary>Takes over how far a session was read.</summary>
    public void Add(ReadSession session) => Sessions[session.Id] = session;

    /// <summary>Takes over the last row of a session's trajectory that was read.</summary>
    public void SetRun(string sessionId, long seq) => Runs[Sessions.TryGetValue(sessionId, out var session) ? session.Id : sessionId] = seq;

    /// <summary>The tables of the database as they were at the last look; asked for again if its schema changed since.</summary>
    public DatabaseTables TablesOf(SqliteConnection connection)
    {
        var cookie = DatabaseTables.ReadSchemaCookie(connection);

        return _tables is null || cookie != _schemaCookie ? ReadTables(connection) : _tables;
    }

    /// <summary>The tables of the database as they are now.</summary>
    public DatabaseTables ReadTables(SqliteConnection connection)
    {
        _schemaCookie = DatabaseTables.ReadSchemaCookie(connection);

        return _tables = new DatabaseTables(connection);
    }

    /// <summary>Names the archives that cannot be read.</summary>
    public void TellFailures(PassReport report)
    {
        foreach (var (name, reason) in ArchiveFailures)
        {
            report.Fail(name, reason);
        }
    }

    /// <summary>True if nothing can be new.</summary>
    public bool Covers(DatabaseStat stat, int jobNamesVersion) =>
        Whole.IsSettled && JobNamesVersion == jobNamesVersion && stat.IsSameContent(Whole.Stat);

    /// <summary>True if a quick look would find nothing, whatever a full one might.</summary>
    public bool CoversQuickly(DatabaseStat stat) => Newest is not null && Seen == stat;
}
