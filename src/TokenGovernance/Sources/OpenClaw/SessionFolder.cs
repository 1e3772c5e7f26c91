namespace TokenGovernance.Sources.OpenClaw;

/// <summary>A folder that holds transcripts, their archives and trajectories.</summary>
/// <param name="Home">The state directory it belongs to.</param>
/// <param name="AgentId">The agent whose sessions are in it.</param>
/// <param name="Path">The folder.</param>
sealed record SessionFolder(string Home, string AgentId, string Path)
{
    const string LegacyIndex = "legacy-store.sessions.json.imported-";

    /// <summary>Which session a transcript belongs to, and facts about each session.</summary>
    public string Index { get; init; } = System.IO.Path.Combine(Path, "sessions.json");

    /// <summary>What a migration to SQLite set aside, renamed.</summary>
    public string ImportArchive { get; init; } = System.IO.Path.Combine(Path, "session-sqlite-import-archive");

    /// <summary>Sessions that were moved out of a database.</summary>
    public string Cold => System.IO.Path.Combine(Path, "cold");

    /// <summary>The sessions of all agents are there; a session's key tells whose it is.</summary>
    public bool IsShared { get; init; }

    /// <summary>True for the name that an index has in the import archive.</summary>
    public static bool IsLegacyIndex(string fileName) => fileName.StartsWith(LegacyIndex, StringComparison.Ordinal);

    /// <summary>The agent that a session's key names, or NULL.</summary>
    public static string? AgentOf(string? sessionKey) =>
        sessionKey?.Split(':') is ["agent", { Length: > 0 } agentId, _, ..] ? agentId : null;
}
