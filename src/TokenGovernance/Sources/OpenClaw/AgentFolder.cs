namespace TokenGovernance.Sources.OpenClaw;

/// <summary>Where the things of one agent are.</summary>
/// <param name="Home">The state directory.</param>
/// <param name="AgentId">The agent.</param>
/// <param name="Path">Its folder.</param>
sealed record AgentFolder(string Home, string AgentId, string Path)
{
    /// <summary>Transcripts, their archives and trajectories.</summary>
    public SessionFolder Sessions => new(Home, AgentId, System.IO.Path.Combine(Path, "sessions"))
    {
        ImportArchive = System.IO.Path.Combine(Path, "session-sqlite-import-archive"),
    };

    /// <summary>Sessions and transcripts of 2026.7.2 and later.</summary>
    public string Database => System.IO.Path.Combine(Path, "agent", "openclaw-agent.sqlite");

    /// <summary>Where Codex keeps its home when it runs turns for the agent; most are not there.</summary>
    public IReadOnlyList<string> CodexHomes =>
    [
        System.IO.Path.Combine(Path, "agent", "codex-home"),
        System.IO.Path.Combine(Path, "agent", "agent", "codex-home"),
        System.IO.Path.Combine(Path, "codex-home"),
    ];

    /// <summary>A home of Codex for each login; earlier versions of OpenClaw used them.</summary>
    public string CodexLogins => System.IO.Path.Combine(Path, "agent", "cli-auth", "codex");
}
