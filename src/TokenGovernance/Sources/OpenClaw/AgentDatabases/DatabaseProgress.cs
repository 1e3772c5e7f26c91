using System.Collections.Concurrent;
using System.Globalization;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What of one database has been read, from pass to pass. Safe to use from several readers at once.</summary>
sealed class DatabaseProgress
{
    /// <summary>Makes it from the checkpoints of earlier runs.</summary>
    public DatabaseProgress(DatabaseLocation location, StoredCheckpoints checkpoints)
    {
        Whole = DatabaseCursor.Parse(checkpoints.Take(location.Key)) ?? new DatabaseCursor();
        foreach (var (key, value) in checkpoints.TakeAll(location.KeyOf("")))
        {
            if (SessionCursor.Parse(value) is { } cursor)
            {
                Sessions[key[location.KeyOf("").Length..]] = cursor;
            }
        }

        foreach (var (key, value) in checkpoints.TakeAll(location.RunKeyOf("")))
        {
            if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seq))
            {
                Runs[key[location.RunKeyOf("").Length..]] = seq;
            }
        }

        foreach (var (key, _) in checkpoints.TakeAll(location.ArchiveKeys))
        {
            Archives[key] = true;
        }
    }

    /// <summary>What was seen of the whole when all of it had been read.</summary>
    public DatabaseCursor Whole { get; set; }

    /// <summary>Version of the job names that its sessions have.</summary>
    public int JobNamesVersion { get; set; }

    /// <summary>How far each session was read.</summary>
    public ConcurrentDictionary<string, SessionCursor> Sessions { get; } = new(StringComparer.Ordinal);

    /// <summary>The last row of each session's trajectory that was read.</summary>
    public ConcurrentDictionary<string, long> Runs { get; } = new(StringComparer.Ordinal);

    /// <summary>Checkpoint keys of the archives that were read.</summary>
    public ConcurrentDictionary<string, bool> Archives { get; } = new(StringComparer.Ordinal);

    /// <summary>Archives that cannot be read, by their name in messages; tried again when the database changes.</summary>
    public ConcurrentDictionary<string, string> ArchiveFailures { get; } = new(StringComparer.Ordinal);

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
}
