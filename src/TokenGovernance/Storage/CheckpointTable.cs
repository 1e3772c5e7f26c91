using Microsoft.Data.Sqlite;

namespace TokenGovernance.Storage;

/// <summary>Reads `collector_state`: how far each source has been read.</summary>
static class CheckpointTable
{
    /// <summary>The checkpoint that says when the last pass ended.</summary>
    public const string LastPass = "pass:last";

    /// <summary>Returns all checkpoints by key.</summary>
    public static Dictionary<string, string> Read(SqliteConnection connection)
    {
        var checkpoints = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM collector_state";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            checkpoints[reader.GetString(0)] = reader.GetString(1);
        }

        return checkpoints;
    }
}
