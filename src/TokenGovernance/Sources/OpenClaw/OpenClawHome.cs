using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>OpenClaw's state directory: which agents it holds, and every path that matters in it.</summary>
sealed class OpenClawHome
{
    readonly WatchedFolder _agents;
    IReadOnlyDictionary<string, string>? _workspaces;

    /// <param name="path">The state directory; a link is followed, so that one home has one name.</param>
    public OpenClawHome(string path)
    {
        Path = Resolve(path);
        _agents = new WatchedFolder(AgentsOf(Path));
    }

    /// <summary>Full path without links at its end.</summary>
    public string Path { get; }

    /// <summary>Which agents have databases elsewhere, and what cron jobs are called (2026.9 and later).</summary>
    public string StateDatabase => System.IO.Path.Combine(Path, "state", "openclaw.sqlite");

    /// <summary>A manifest for each time that files were moved into a database.</summary>
    public string MigrationRuns => System.IO.Path.Combine(Path, "session-sqlite-migration-runs");

    /// <summary>OpenClaw's configuration.</summary>
    public static string ConfigurationOf(string path) => System.IO.Path.Combine(path, "openclaw.json");

    /// <summary>True if there is at least one agent to read.</summary>
    public static bool HoldsAgents(string path) => FindObstacle(path) is null;

    /// <summary>Says why there is no agent to read, or NULL if there is one.</summary>
    public static string? FindObstacle(string path)
    {
        var agents = AgentsOf(path);
        try
        {
            return Directory.EnumerateDirectories(agents).Any() ? null : NoAgents(agents);
        }
        catch (UnauthorizedAccessException)
        {
            return $"permission denied: {agents}";
        }
        catch (IOException)
        {
            return Directory.Exists(path) ? NoAgents(agents) : "there is no such folder";
        }
    }

    /// <summary>Returns the agents' folders.</summary>
    public IReadOnlyList<AgentFolder> FindAgents(long nowMs, PassReport report)
    {
        _agents.Refresh(nowMs, report);

        return [.. _agents.Names.Select(Agent)];
    }

    /// <summary>The folders that an agent works in: what the configuration says, else OpenClaw's default.</summary>
    public IReadOnlyList<string> WorkspacesOf(string agentId)
    {
        _workspaces ??= WorkspaceReader.Read(Path);

        return _workspaces.TryGetValue(agentId, out var own)
            ? [own]
            : [_workspaces.GetValueOrDefault("") ?? System.IO.Path.Combine(Path, "workspace"), System.IO.Path.Combine(Path, $"workspace-{agentId}")];
    }

    /// <summary>The folder of an agent, whether it is there or not.</summary>
    public AgentFolder Agent(string agentId) => new(Path, agentId, System.IO.Path.Combine(_agents.Path, agentId));

    static string AgentsOf(string path) => System.IO.Path.Combine(path, "agents");

    static string NoAgents(string folder) => $"no agents there: looked for folders in {folder}";

    static string Resolve(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        try
        {
            return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return full;
        }
    }
}
