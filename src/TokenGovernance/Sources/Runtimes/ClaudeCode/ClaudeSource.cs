using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Files of Claude Code that agents of one home work through. They lie outside of OpenClaw's folders, beside the user's own.</summary>
/// <remarks>
///     Only sessions that OpenClaw names are opened, and those of projects whose folder is an agent's workspace. Nothing else below
///     `projects` is even listed: there may be a million files. Links that lead out of it are not followed.
/// </remarks>
/// <param name="home">OpenClaw's state directory.</param>
/// <param name="projects">`~/.claude/projects`: a folder for each folder that Claude Code was started in.</param>
/// <param name="checkpoints">Those of earlier runs.</param>
/// <param name="time">The clock.</param>
sealed class ClaudeSource(OpenClawHome home, string projects, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    const string Extension = ".jsonl";

    /// <summary>How long a session that was not found is not looked for in all projects again.</summary>
    const long MissingMs = 60_000;

    readonly WatchedFolder _projects = new(projects);
    readonly ClaudeLinks _links = new(projects);
    readonly Dictionary<string, ClaudeBindings> _bindings = new(StringComparer.Ordinal);
    readonly Dictionary<string, WatchedFolder> _workspaces = new(StringComparer.Ordinal);
    readonly Dictionary<string, (ClaudeFile Main, WatchedFolder Subagents)> _sessions = new(StringComparer.Ordinal);
    readonly Dictionary<string, long> _missing = new(StringComparer.Ordinal);
    readonly SortedDictionary<string, ClaudeFile> _files = new(StringComparer.Ordinal);
    readonly FileRota _rota = new();

    public string Name => projects;

    public void Poll(SourceNews news, PassReport report)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _projects.Refresh(now, report, _ => _missing.Clear());
        foreach (var agent in home.FindAgents(now, report))
        {
            var owner = new SessionIdentity(agent.Home, agent.AgentId, SessionIdentity.Unknown);
            AddBound(agent, owner, now, report);
            AddOfWorkspace(agent, owner, now, report);
        }

        _rota.Begin();
        var due = _files.Values.Where(file => _rota.IsDue(file.WrittenMs, now)).ToList();
        foreach (var file in due.Where(file => file.HasChanged(report)))
        {
            news.Readers.Add(new ClaudeReader(file, time));
        }

        var looked = due.ToHashSet();
        foreach (var (main, subagents) in _sessions.Values.Where(session => looked.Contains(session.Main)).ToList())
        {
            subagents.Refresh(now, report, names => AddSubagents(main, subagents.Path, names, news, report));
        }

        Forget([.. due.Where(file => file.Stat.Kind is FileKind.Missing)], news);
        _links.Tell(report);
    }

    /// <summary>The name of the folder for a folder that Claude Code was started in.</summary>
    public static string ProjectOf(string folder) => string.Concat(folder.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-'));

    void AddBound(AgentFolder agent, SessionIdentity owner, long now, PassReport report)
    {
        if (!_bindings.TryGetValue(agent.AgentId, out var bindings))
        {
            _bindings.Add(agent.AgentId, bindings = new ClaudeBindings(agent, time));
        }

        bindings.Refresh(report);
        foreach (var threadId in bindings.ThreadIds.Where(id => !_sessions.ContainsKey(id) && Guid.TryParse(id, out _)))
        {
            if (_missing.TryGetValue(threadId, out var until) && now < until)
            {
                continue;
            }

            var folder = _projects.Names.Select(project => Path.Combine(projects, project))
                .FirstOrDefault(folder => FileStat.Of(Path.Combine(folder, threadId + Extension)).Kind is FileKind.File);
            if (folder is null)
            {
                _missing[threadId] = now + MissingMs;
            }
            else
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
                if (!_links.StaysInside(path))
                {
                    continue;
                }

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
        var path = Path.Combine(folder, threadId + Extension);
        if (!_sessions.ContainsKey(threadId) && _links.StaysInside(folder) && _links.StaysInside(path))
        {
            var main = Add(new ClaudeFile(path, threadId, owner, workspace));
            _sessions.Add(threadId, (main, new WatchedFolder(Path.Combine(folder, threadId, "subagents"))));
        }
    }

    /// <summary>A new file is looked at in the pass that finds it.</summary>
    void AddSubagents(ClaudeFile main, string folder, IReadOnlyList<string> names, SourceNews news, PassReport report)
    {
        foreach (var path in names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal)).Select(name => Path.Combine(folder, name)))
        {
            if (!_files.ContainsKey(path) && _links.StaysInside(Path.GetDirectoryName(folder)!) && _links.StaysInside(folder) && _links.StaysInside(path)
                && Add(main.Subagent(path)) is var file && file.HasChanged(report))
            {
                news.Readers.Add(new ClaudeReader(file, time));
            }
        }
    }

    ClaudeFile Add(ClaudeFile file)
    {
        file.Checkpoint = ClaudeCheckpoint.Parse(checkpoints.Take(file.CheckpointKey));
        _files.Add(file.Path, file);

        return file;
    }

    /// <summary>Claude Code deletes old sessions: what was read of them stays, and if one comes back it is read from the start.</summary>
    void Forget(List<ClaudeFile> gone, SourceNews news)
    {
        foreach (var file in gone)
        {
            _files.Remove(file.Path);
            if (_sessions.TryGetValue(file.ThreadId, out var session) && session.Main == file)
            {
                _sessions.Remove(file.ThreadId);
                _workspaces.GetValueOrDefault(Path.GetDirectoryName(file.Path)!)?.LookAgain();
            }
        }

        if (gone.Count > 0)
        {
            news.Sessions.Add(new Batch { Checkpoints = [.. gone.Select(file => new Checkpoint(file.CheckpointKey, null))] });
        }
    }
}
