using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>OpenClaw's state directory: which agents it holds, and every path that matters in it.</summary>
sealed class OpenClawHome
{
    readonly WatchedFolder _agents;
    readonly SessionStore _store;
    readonly Dictionary<string, SessionFolder> _elsewhere = new(StringComparer.Ordinal);
    IReadOnlyDictionary<string, string>? _workspaces;

    /// <param name="path">The state directory; a link is followed, so that one home has one name.</param>
    public OpenClawHome(string path)
    {
        Path = Resolve(path);
        _agents = new WatchedFolder(System.IO.Path.Combine(Path, "agents"));
        _store = new SessionStore(Path);
    }

    /// <summary>Full path without links at its end.</summary>
    public string Path { get; }

    /// <summary>Which agents have databases elsewhere, and what cron jobs are called (2026.9 and later).</summary>
    public string StateDatabase => System.IO.Path.Combine(Path, "state", "openclaw.sqlite");

    /// <summary>A manifest for each time that files were moved into a database.</summary>
    public string MigrationRuns => System.IO.Path.Combine(Path, "session-sqlite-migration-runs");

    /// <summary>Where `session.store` puts sessions, or NULL if it is not set.</summary>
    public string? CustomStore => _store.Pattern;

    /// <summary>Says why there is no agent to read, or NULL if there is one.</summary>
    public string? FindObstacle()
    {
        var agents = _agents.Path;
        try
        {
            if (Directory.EnumerateDirectories(agents).Any() || AnyCustomFolder())
            {
                return null;
            }
        }
        catch (UnauthorizedAccessException)
        {
            return $"permission denied: {agents}";
        }
        catch (IOException) when (AnyCustomFolder())
        {
            return null;
        }
        catch (IOException)
        {
            if (!Directory.Exists(Path))
            {
                return "there is no such folder";
            }
        }

        return $"no agents there: looked for folders in {agents}{(CustomStore is { } store ? $", and for {store}" : "")}";
    }

    /// <summary>Returns the folders of the agents below `agents`.</summary>
    public IReadOnlyList<AgentFolder> FindAgents(long nowMs, PassReport report)
    {
        _agents.Refresh(nowMs, report);

        return [.. _agents.Names.Select(name => new AgentFolder(Path, name, System.IO.Path.Combine(_agents.Path, name)))];
    }

    /// <summary>The folders that an agent works in: what the configuration says, else OpenClaw's default.</summary>
    public IReadOnlyList<string> WorkspacesOf(string agentId)
    {
        _workspaces ??= WorkspaceReader.Read(Path);

        return _workspaces.TryGetValue(agentId, out var own)
            ? [own]
            : [_workspaces.GetValueOrDefault("") ?? System.IO.Path.Combine(Path, "workspace"), System.IO.Path.Combine(Path, $"workspace-{agentId}")];
    }

    /// <summary>Returns every folder that may hold transcripts: of the agents, where `session.store` says, and beside databases elsewhere.</summary>
    public IReadOnlyList<SessionFolder> FindSessionFolders(long nowMs, PassReport report) =>
    [
        .. FindAgents(nowMs, report).Select(agent => agent.Sessions).Concat(_store.Find(nowMs, report)).Concat(_elsewhere.Values).DistinctBy(folder => folder.Path),
    ];

    /// <summary>Takes note of a database that is not where it is by default: archives of its sessions are beside it.</summary>
    public SessionFolder AddDatabase(string path, string agentId)
    {
        var folder = System.IO.Path.GetDirectoryName(path)!;
        _elsewhere.TryAdd(folder, new SessionFolder(Path, agentId, folder));

        return _elsewhere[folder];
    }

    bool AnyCustomFolder() => _store.Find(nowMs: 0, new PassReport()).Any(folder => Directory.Exists(folder.Path));

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
