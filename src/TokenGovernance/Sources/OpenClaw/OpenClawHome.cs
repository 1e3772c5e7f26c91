using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>OpenClaw's state directory: which agents it holds and where their things are.</summary>
sealed class OpenClawHome
{
    readonly WatchedFolder _agents;

    /// <param name="path">The state directory; a link is followed, so that one home has one name.</param>
    public OpenClawHome(string path)
    {
        Path = Resolve(path);
        _agents = new WatchedFolder(System.IO.Path.Combine(Path, "agents"));
    }

    /// <summary>Full path without links at its end.</summary>
    public string Path { get; }

    /// <summary>Folder that holds one folder per agent.</summary>
    public string AgentsFolder => _agents.Path;

    /// <summary>True if there is at least one agent to read.</summary>
    public static bool HoldsAgents(string path) => FindObstacle(path) is null;

    /// <summary>Says why there is no agent to read, or NULL if there is one.</summary>
    public static string? FindObstacle(string path)
    {
        var agents = System.IO.Path.Combine(path, "agents");
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

    /// <summary>Returns the agents' names.</summary>
    public IReadOnlyList<string> FindAgents(long nowMs, PassReport report)
    {
        _agents.Refresh(nowMs, report);

        return _agents.Names;
    }

    static string NoAgents(string folder) => $"no agents there: looked for folders in {folder}";

    static string Resolve(string path)
    {
        var full = System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path));
        try
        {
            return Directory.ResolveLinkTarget(full, returnFinalTarget: true)?.FullName ?? full;
        }
        catch (IOException)
        {
            return full;
        }
    }
}
