using Microsoft.Data.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>One look at a database: which sessions, archives and runs have something new.</summary>
sealed class DatabaseLook(SqliteConnection connection, DatabaseLocation location, DatabaseProgress progress, StateDatabase state)
{
    /// <summary>What the files were before.</summary>
    public required DatabaseStat Stat { get; init; }

    /// <summary>Asks for what was added or updated since the last look: sessions with new rows, or whose window or node changed.</summary>
    /// <returns>NULL if that does not tell all: then the look has to be full.</returns>
    public DatabaseFindings? TryBeQuick(NewestRowSet then)
    {
        var tables = progress.TablesOf(connection);
        var rows = new NewestRows(connection, tables);
        if (rows.Read() is not { } now || !rows.AreSame(then))
        {
            return null;
        }

        var query = new DatabaseQuery(connection, tables, location);
        var touched = rows.FindSessions(then, now);
        var (facts, updatedAt) = WindowReader.Read(
            connection, tables, location, state.JobNames, progress.Whole.UpdatedAt is > 0 and var since ? since : null,
            touched.Where(id => !progress.Sessions.ContainsKey(id)));
        touched.UnionWith(facts.Select(fact => fact.Session.SessionId));

        return query.FindChangedAmong(touched, progress.Sessions) is not { } changed
            ? null
            : new DatabaseFindings
            {
                Stat = Stat,
                Tables = tables,
                IsFull = false,
                Newest = now,
                Changed = changed,
                Archives = [.. query.FindArchives(then).Where(archive => !progress.Archives.ContainsKey(archive.CheckpointKey))],
                NewRuns = query.FindNewRunsAmong(rows.FindRuns(then, now)),
                Facts = facts,
                UpdatedAt = updatedAt,
            };
    }

    /// <summary>Compares every session with its cursor.</summary>
    /// <returns>NULL if a newer OpenClaw wrote it in a way that cannot be read.</returns>
    public DatabaseFindings? BeFull(PassReport report)
    {
        var tables = progress.ReadTables(connection);
        if (!tables.Has("transcript_events", "session_id", "seq"))
        {
            return new DatabaseFindings { Stat = Stat, Tables = tables };
        }

        if (!tables.Has("transcript_events", "event_json") && !tables.Has("transcript_events", "event_zstd"))
        {
            report.Fail(location.Path, "its table transcript_events has neither event_json nor event_zstd: a newer OpenClaw wrote it; please upgrade token-governance");

            return null;
        }

        if (tables.SchemaVersion > DatabaseTables.KnownVersion && tables.FindMissing() is { Count: > 0 } missing)
        {
            report.Note(location.Path, $"schema {tables.SchemaVersion} is newer than this program and lacks {string.Join(", ", missing)}: "
                + "usage is counted all the same, attribution may suffer");
        }

        // Before anything is compared: what comes while this look lasts is new to the next.
        var newest = new NewestRows(connection, tables).Read();
        var query = new DatabaseQuery(connection, tables, location);
        var gone = new HashSet<string>(progress.Sessions.Keys, StringComparer.Ordinal);
        var isOtherFile = progress.Whole.Database.FileId != Stat.Database.FileId;
        var changed = query.FindChangedSessions(progress.Sessions, gone, isOtherFile);

        var archives = query.FindArchives().ToList();

        // New names of jobs concern sessions that did not change themselves. Another file may have older facts than the last one.
        var since = progress.JobNamesVersion == state.JobNamesVersion && !isOtherFile ? progress.Whole.UpdatedAt : 0;
        var begun = since == 0 ? [] : changed.Where(session => session.From.IsEmpty).Select(session => session.Session.SessionId);
        var (facts, updatedAt) = WindowReader.Read(connection, tables, location, state.JobNames, since, begun);

        return new DatabaseFindings
        {
            Stat = Stat,
            Tables = tables,
            Newest = newest,
            Changed = changed,
            Archives = [.. archives.Where(archive => !progress.Archives.ContainsKey(archive.CheckpointKey))],
            GoneArchives = [.. progress.Archives.Keys.Except(archives.Select(archive => archive.CheckpointKey))],
            Gone = gone,
            NewRuns = query.FindNewRuns(progress.Runs, changed.Where(session => session.IsOther).Select(session => session.Session.SessionId).ToHashSet()),
            Facts = facts,
            UpdatedAt = updatedAt,
        };
    }
}
