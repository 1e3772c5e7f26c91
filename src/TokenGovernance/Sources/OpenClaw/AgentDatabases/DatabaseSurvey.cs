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
        using var database = DatabaseConnection.Open(path);

        return database.Run(() =>
        {
            var tables = new DatabaseTables(database.Connection);

            return new DatabaseSurvey(tables.SchemaVersion, tables.AppVersion, tables.Has("transcript_events"));
        });
    }
}
