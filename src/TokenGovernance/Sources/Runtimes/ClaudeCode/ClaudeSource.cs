using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Files of Claude Code that agents of one home work through. They lie outside of OpenClaw's folders, beside the user's own.</summary>
/// <remarks>
///     Only sessions that OpenClaw names are opened, and those of projects whose folder is an agent's workspace. Nothing else below
///     `projects` is even listed: there may be a million files.
/// </remarks>
/// <param name="home">OpenClaw's state directory.</param>
/// <param name="projects">`~/.claude/projects`: a folder for each folder that Claude Code was started in.</param>
/// <param name="checkpoints">Those of earlier runs.</param>
/// <param name="time">The clock.</param>
sealed class ClaudeSource(OpenClawHome home, string projects, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    const string Extension = ".jsonl";

    readonly WatchedFolder _projects = new(projects);
    readonly Dictionary<string, ClaudeBindings> _bindings = new(StringComparer.Ordinal);
    readonly Dictionary<string, WatchedFolder> _workspaces = new(StringComparer.Ordinal);
    readonly Dictionary<string, (ClaudeFile Main, WatchedFolder Subagents)> _sessions = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, ClaudeFile> _files = new(StringComparer.Ordinal);

    public string Name => projects;

    public void Poll(SourceNews news, PassReport report)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _projects.Refresh(now, report);
        foreach (var agent in home.FindAgents(now, report))
        {
            var owner = new SessionIdentity(agent.Home, agent.AgentId, SessionIdentity.Unknown);
            AddBound(agent, owner, report);
            AddOfWorkspace(agent, owner, now, report);
        }

        foreach (var (main, subagents) in _sessions.Values)
        {
            subagents.Refresh(now, report, names => AddSubagents(main, subagents.Path, names));
        }

        news.Readers.AddRange(_files.Values.Where(file => file.HasChanged(report)).Select(file => new ClaudeReader(file, time)));
    }

    /// <summary>The name of the folder for a folder that Claude Code was started in.</summary>
    public static string ProjectOf(string folder) => string.Concat(folder.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    void AddBound(AgentFolder agent, SessionIdentity owner, PassReport report)
    {
        if (!_bindings.TryGetValue(agent.AgentId, out var bindings))
        {
            _bindings.Add(agent.AgentId, bindings = new ClaudeBindings(agent, time));
        }

        bindings.Refresh(report);
        foreach (var threadId in bindings.ThreadIds.Where(id => !_sessions.ContainsKey(id) && Guid.TryParse(id, out _)))
        {
            var folder = _projects.Names.Select(project => Path.Combine(projects, project))
                .FirstOrDefault(folder => FileStat.Of(Path.Combine(folder, threadId + Extension)).Kind is FileKind.File);
            if (folder is not null)
            {
                AddSession(folder, threadId, owner, workspace: null);
            }
        }
    }

    void AddOfWorkspace(AgentFolder agent, SessionIdentity owner, long now, PassReport report)
    {
        foreach (var workspace in home.WorkspacesOf(agent.AgentId))
        {
            var project = ProjectOf(workspace);
            foreach (var name in _projects.Names.Where(name => name == project || name.StartsWith(project + '-', StringComparison.Ordinal)))
            {
                var path = Path.Combine(projects, name);
                if (!_workspaces.TryGetValue(path, out var folder))
                {
                    _workspaces.Add(path, folder = new WatchedFolder(path));
                }

                folder.Refresh(now, report, names =>
                {
                    foreach (var file in names.Where(file => file.EndsWith(Extension, StringComparison.Ordinal)))
                    {
                        AddSession(path, file[..^Extension.Length], owner, workspace);
                    }
                });
            }
        }
    }

    void AddSession(string folder, string threadId, SessionIdentity owner, string? workspace)
    {
        if (!_sessions.ContainsKey(threadId))
        {
            var main = Add(new ClaudeFile(Path.Combine(folder, threadId + Extension), threadId, owner, workspace));
            _sessions.Add(threadId, (main, new WatchedFolder(Path.Combine(folder, threadId, "subagents"))));
        }
    }

    void AddSubagents(ClaudeFile main, string folder, IReadOnlyList<string> names)
    {
        foreach (var path in names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal)).Select(name => Path.Combine(folder, name)))
        {
            if (!_files.ContainsKey(path))
            {
                Add(main.Subagent(path));
            }
        }
    }

    ClaudeFile Add(ClaudeFile file)
    {
        file.Checkpoint = ClaudeCheckpoint.Parse(checkpoints.Take(file.CheckpointKey));
        _files.Add(file.Path, file);

        return file;
    }
}
