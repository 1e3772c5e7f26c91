namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>What kind of database an agent has.</summary>
/// <param name="SchemaVersion">As the database says, or NULL.</param>
/// <param name="AppVersion">The OpenClaw that made it, or NULL.</param>
/// <param name="HasTranscripts">It holds transcripts: the SQLite era. (The file alone proves nothing.)</param>
sealed record DatabaseSurvey(long? SchemaVersion, string? AppVersion, bool HasTranscripts)
{
    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
    public static DatabaseSurvey Read(string path)
    {
        using var store = DatabaseConnection.Open(path);

        return store.Run(() =>
        {
            var tables = new DatabaseTables(store.Connection);

            return new DatabaseSurvey(tables.SchemaVersion, tables.AppVersion, tables.Has("transcript_events"));
        });
    }
}
