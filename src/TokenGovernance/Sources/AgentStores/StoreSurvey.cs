namespace TokenGovernance.Sources.AgentStores;

/// <summary>What kind of database an agent has.</summary>
/// <param name="SchemaVersion">As the database says, or NULL.</param>
/// <param name="AppVersion">The OpenClaw that made it, or NULL.</param>
/// <param name="HasTranscripts">It holds transcripts: the SQLite era. (The file alone proves nothing.)</param>
sealed record StoreSurvey(long? SchemaVersion, string? AppVersion, bool HasTranscripts)
{
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public static StoreSurvey Read(string path)
    {
        using var store = StoreConnection.Open(path);

        return StoreConnection.Guard(() =>
        {
            var tables = new StoreTables(store.Connection);
            using var command = store.Connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            var version = (long)command.ExecuteScalar()!;
            string? app = null;
            if (tables.Has("schema_meta", "schema_version", "app_version"))
            {
                command.CommandText = "SELECT schema_version, app_version FROM schema_meta LIMIT 1";
                using var row = command.ExecuteReader();
                if (row.Read())
                {
                    (version, app) = (row.GetInt64(0), row.IsDBNull(1) ? null : row.GetString(1));
                }
            }

            return new StoreSurvey(version, app, tables.Has("transcript_events"));
        });
    }
}
