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

        return store.Run(() =>
        {
            var tables = new StoreTables(store.Connection);

            return new StoreSurvey(tables.SchemaVersion, tables.AppVersion, tables.Has("transcript_events"));
        });
    }
}
