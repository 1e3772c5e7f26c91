namespace TokenGovernance.Sources.OpenClaw;

/// <summary>Where the things of one agent are.</summary>
/// <param name="Home">The state directory.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Sessions">Transcripts, their archives and trajectories.</param>
sealed record AgentFolder(string Home, string AgentId, string Sessions)
{
    const string ImportArchiveName = "session-sqlite-import-archive";
    const string LegacyIndex = "legacy-store.sessions.json.imported-";

    /// <summary>Which session a transcript belongs to, and facts about each session.</summary>
    public required string Index { get; init; }

    /// <summary>What a migration to SQLite set aside, renamed.</summary>
    public required string ImportArchive { get; init; }

    /// <summary>Sessions and transcripts of 2026.7.2 and later; NULL where the state database says where they are.</summary>
    public string? Database { get; init; }

    /// <summary>Sessions that were moved out of the database.</summary>
    public string Cold => Path.Combine(Sessions, "cold");

    /// <summary>The sessions of all agents are there; a session's key tells whose it is.</summary>
    public bool IsShared { get; init; }

    /// <summary>The folder of an agent below `agents`.</summary>
    public static AgentFolder Below(string home, string agents, string agentId)
    {
        var folder = Path.Combine(agents, agentId);

        return Elsewhere(home, agentId, Path.Combine(folder, "sessions")) with
        {
            ImportArchive = Path.Combine(folder, ImportArchiveName),
            Database = Path.Combine(folder, "agent", "openclaw-agent.sqlite"),
            CodexHomes =
            [
                Path.Combine(folder, "agent", "codex-home"),
                Path.Combine(folder, "agent", "agent", "codex-home"),
                Path.Combine(folder, "codex-home"),
            ],
            CodexLogins = Path.Combine(folder, "agent", "cli-auth", "codex"),
        };
    }

    /// <summary>A folder that a setting, or a database in it, puts somewhere else.</summary>
    public static AgentFolder Elsewhere(string home, string agentId, string folder) => new(home, agentId, folder)
    {
        Index = Path.Combine(folder, "sessions.json"),
        ImportArchive = Path.Combine(folder, ImportArchiveName),
    };

    /// <summary>Where Codex keeps its home when it runs turns for the agent; most are not there.</summary>
    public IReadOnlyList<string> CodexHomes { get; init; } = [];

    /// <summary>A home of Codex for each login; earlier versions of OpenClaw used them. NULL where there can be none.</summary>
    public string? CodexLogins { get; init; }

    /// <summary>True for the name that an index has in the import archive.</summary>
    public static bool IsLegacyIndex(string fileName) => fileName.StartsWith(LegacyIndex, StringComparison.Ordinal);

    /// <summary>The agent that a session's key names, or NULL.</summary>
    public static string? AgentOf(string? sessionKey) =>
        sessionKey?.Split(':') is ["agent", { Length: > 0 } agentId, _, ..] ? agentId : null;
}
