using Microsoft.Data.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>The row that was added to a table last.</summary>
/// <param name="RowId">SQLite's number of it; 0 in an empty table.</param>
/// <param name="Text">What tells it from another row that got the same number later.</param>
readonly record struct NewestRow(long RowId, string? Text);

/// <summary>The newest rows of the tables that a gateway adds to, taken before they were read.</summary>
readonly record struct NewestRowSet(NewestRow Events, NewestRow Runs, NewestRow Archives, NewestRow ColdArchives);

/// <summary>Finds rows that were added since a look: SQLite gives each the number after the largest, so a seek finds them.</summary>
/// <remarks>
///     The numbers can change (VACUUM), be used again (after the last row was deleted) or lie below (a row put back): then the row that was
///     the newest is usually another one now, and in any case the next full look sees it.
/// </remarks>
sealed class NewestRows(SqliteConnection connection, DatabaseTables tables)
{
    const string Events = "transcript_events", Runs = "trajectory_runtime_events", Archives = "session_transcript_archives",
        ColdArchives = "session_transcript_cold_archives";

    /// <summary>Returns the newest rows now, or NULL if a table does not number its rows.</summary>
    public NewestRowSet? Read()
    {
        try
        {
            return new NewestRowSet(Last(Events), Last(Runs), Last(Archives), Last(ColdArchives)) is var rows && rows.Events.RowId < long.MaxValue
                ? rows
                : null;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_ERROR)
        {
            // A table WITHOUT ROWID, or a view.
            return null;
        }
    }

    /// <summary>True if the rows that were the newest are still what they were.</summary>
    public bool AreSame(NewestRowSet then) =>
        IsSame(Events, then.Events) && IsSame(Runs, then.Runs) && IsSame(Archives, then.Archives) && IsSame(ColdArchives, then.ColdArchives);

    /// <summary>The sessions of transcript rows that were added in between.</summary>
    public HashSet<string> FindSessions(NewestRowSet then, NewestRowSet now) => Find(Events, then.Events, now.Events);

    /// <summary>The sessions of trajectory rows that were added in between.</summary>
    public HashSet<string> FindRuns(NewestRowSet then, NewestRowSet now) => Find(Runs, then.Runs, now.Runs);

    /// <summary>Returns the SQL that finds the sessions of new rows in a table.</summary>
    public static string SqlOf(string table) => $"SELECT session_id FROM {table} WHERE rowid > ?1 AND rowid <= ?2";

    HashSet<string> Find(string table, NewestRow then, NewestRow now)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        if (then.RowId == now.RowId)
        {
            return found;
        }

        using var rows = tables.Query(connection, SqlOf(table));
        rows.Bind(1, then.RowId);
        rows.Bind(2, now.RowId);
        while (rows.Next())
        {
            if (rows.GetName(0) is { } id)
            {
                found.Add(id);
            }
        }

        return found;
    }

    NewestRow Last(string table)
    {
        if (!tables.Has(table, "session_id"))
        {
            return default;
        }

        using var rows = tables.Query(connection, $"SELECT rowid, {TextOf(table)} FROM {table} AS t ORDER BY rowid DESC LIMIT 1");

        return rows.Next() ? new NewestRow(rows.GetInteger(0), rows.GetString(1)) : default;
    }

    bool IsSame(string table, NewestRow then)
    {
        if (then.RowId == 0)
        {
            return true;
        }

        using var rows = tables.Query(connection, $"SELECT {TextOf(table)} FROM {table} AS t WHERE rowid = ?1");
        rows.Bind(1, then.RowId);

        return rows.Next() && rows.GetString(0) == then.Text;
    }

    string TextOf(string table)
    {
        string Column(string name) => $"coalesce({tables.Sql(table, "t", name)}, '')";

        return table switch
        {
            Events => $"{Column("session_id")} || '/' || {LastRowReader.MarkSql(tables, "t")}",
            Runs => $"{Column("session_id")} || '/' || {Column("seq")} || '/' || {Column("created_at")}",
            _ => $"{Column("session_id")} || '/' || {Column("generation")}",
        };
    }
}
