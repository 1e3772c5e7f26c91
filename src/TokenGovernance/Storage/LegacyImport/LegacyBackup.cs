using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>Copies the original's database beside itself before anything in it is changed.</summary>
static class LegacyBackup
{
    /// <summary>Makes `&lt;db&gt;.original-&lt;time&gt;.bak`, whole or not at all, and returns its path.</summary>
    /// <remarks>
    ///     The time is that of the newest row, so that an upgrade that is interrupted and begun again replaces its own backup instead
    ///     of piling up. The caller holds the write lock: nothing can change between the copy and the upgrade.
    /// </remarks>
    public static string Make(SqliteConnection connection, string path, string now)
    {
        var ms = LegacyTime.Parse(NewestTime(connection)) ?? LegacyTime.Parse(now)!.Value;
        var time = DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        var backup = $"{path}.original-{time}.bak";
        var temporary = $"{backup}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.tmp";

        try
        {
            DeleteLeftovers(backup);
            Copy(path, temporary);
            FailPoint.Reach(FailPoint.BackupBeforeRename);
            File.Move(temporary, backup, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return backup;
    }

    /// <summary>Deletes what an upgrade that was killed left behind.</summary>
    static void DeleteLeftovers(string backup)
    {
        foreach (var left in Directory.GetFiles(Path.GetDirectoryName(backup)!, "*.tmp*").Where(file => file.StartsWith($"{backup}.", StringComparison.Ordinal)))
        {
            File.Delete(left);
        }
    }

    static void Copy(string path, string target)
    {
        OwnerFile.Create(target);

        // Read by a connection of its own: SQLite copies nothing through one that is writing.
        using var source = Connect(path);
        using var copy = Connect(target);
        source.BackupDatabase(copy);

        // The copy is one file, and stays one when the original opens it.
        copy.Execute("PRAGMA journal_mode = DELETE");
    }

    static SqliteConnection Connect(string path)
    {
        var connection = SqliteLibrary.NewConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false });
        connection.Open();

        return connection;
    }

    static string? NewestTime(SqliteConnection connection)
    {
        using var command = connection.Prepare("""
            SELECT max(t) FROM (
              SELECT max(ingest_ts) AS t FROM usage_events
              UNION ALL SELECT max(snapshot_ts) FROM provider_usage_snapshots
              UNION ALL SELECT max(updated_ts) FROM collector_state)
            """);

        return command.ExecuteScalar() as string;
    }
}
