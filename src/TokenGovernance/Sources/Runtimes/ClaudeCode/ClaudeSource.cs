using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Files of Claude Code that agents of one home work through. They lie outside of OpenClaw's folders, beside the user's own.</summary>
/// <remarks>
///     Only sessions that OpenClaw names are opened, and those of projects whose folder is an agent's workspace. Nothing else below
///     `projects` is even listed: there may be a million files. Links that lead out of it are not followed. Where the system tells of
///     changes in a workspace's folder, a pass looks at what was touched, and at everything from time to time.
/// </remarks>
sealed class ClaudeSource : IUsageSource
{
    readonly OpenClawHome _home;
    readonly StoredCheckpoints _checkpoints;
    readonly LookRules _rules;
    readonly TimeProvider _time;
    readonly ClaudeProjects _projects;
    readonly ClaudeLinks _links;
    readonly Dictionary<string, ClaudeBindings> _bindings = new(StringComparer.Ordinal);
    readonly Dictionary<string, ClaudeWorkspace> _workspaces = new(StringComparer.Ordinal);
    readonly Dictionary<string, ClaudeSession> _sessions = new(StringComparer.Ordinal);
    readonly Dictionary<string, MissingSession> _missing = new(StringComparer.Ordinal);
    readonly HashSet<ClaudeSession> _due = [];
    readonly List<Checkpoint> _forgotten = [];
    readonly FileRota _rota = new();
    bool _anyNew;

    /// <param name="home">OpenClaw's state directory.</param>
    /// <param name="projects">`~/.claude/projects`: a folder for each folder that Claude Code was started in.</param>
    /// <param name="checkpoints">Those of earlier runs.</param>
    /// <param name="rules">How closely each pass looks.</param>
    /// <param name="time">The clock.</param>
    public ClaudeSource(OpenClawHome home, string projects, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time)
    {
        Name = projects;
        _home = home;
        _checkpoints = checkpoints;
        _rules = rules;
        _time = time;
        _projects = new ClaudeProjects(projects, rules, time);
        _links = new ClaudeLinks(projects);
    }

    public string Name { get; }

    public void Poll(SourceNews news, PassReport report)
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var agents = _home.FindAgents(now, report);
        _anyNew |= _projects.Refresh(agents.SelectMany(agent => _home.WorkspacesOf(agent.AgentId)), now, report);

        // What OpenClaw names is that agent's, whosever workspace it is in.
        foreach (var agent in agents)
        {
            AddBound(agent, report);
        }

        FindMissing(now, report);
        if (_anyNew)
        {
            AddWorkspaces(agents);
            _anyNew = false;
        }

        _rota.Begin();
        foreach (var workspace in _workspaces.Values)
        {
            Look(workspace, now, report);
        }

        foreach (var session in _sessions.Values.Where(session => session.IsTouched() || (!session.IsTold && _rota.IsDue(session.Main.WrittenMs, now))))
        {
            _due.Add(session);
        }

        LookAtSessions(now, news, report);
        TellForgotten(news);
        _links.Tell(report);
    }

    /// <summary>The name of the folder for a folder that Claude Code was started in.</summary>
    public static string ProjectOf(string folder) => ClaudeProjects.NameOf(folder);

    static SessionIdentity OwnerOf(AgentFolder agent) => new(agent.Home, agent.AgentId, SessionIdentity.Unknown);

    void AddBound(AgentFolder agent, PassReport report)
    {
        if (!_bindings.TryGetValue(agent.AgentId, out var bindings))
        {
            _bindings.Add(agent.AgentId, bindings = new ClaudeBindings(agent, _rules, _time));
        }

        foreach (var threadId in ReadNew(bindings, report).Where(id => !_sessions.ContainsKey(id) && Guid.TryParse(id, out _)))
        {
            _missing.TryAdd(threadId, new MissingSession(OwnerOf(agent)));
        }
    }

    /// <summary>A database that cannot be read is told of by whoever reads its transcripts; what is in Claude Code's files is read all the same.</summary>
    static IReadOnlyList<string> ReadNew(ClaudeBindings bindings, PassReport report)
    {
        try
        {
            return bindings.Refresh(report);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Looks for sessions that OpenClaw names in all projects; for one that is not there less and less often.</summary>
    void FindMissing(long now, PassReport report)
    {
        foreach (var (threadId, missing) in _missing.Where(pair => _anyNew || pair.Value.IsDue(now)).ToList())
        {
            (var folder, missing.Obstacle) = _projects.Find(threadId);
            if (folder is not null)
            {
                _missing.Remove(threadId);
                AddSession(folder, threadId, missing.Owner, workspace: null);
            }
            else
            {
                missing.WaitLonger(now);
            }
        }

        foreach (var obstacle in _missing.Values.Select(missing => missing.Obstacle).OfType<string>())
        {
            Unreachable.Report(obstacle, report);
        }
    }

    void AddWorkspaces(IReadOnlyList<AgentFolder> agents)
    {
        foreach (var (agent, folder) in agents.SelectMany(agent => _home.WorkspacesOf(agent.AgentId).Select(folder => (agent, folder))))
        {
            foreach (var path in _projects.FindOf(folder).Where(path => !_workspaces.ContainsKey(path) && _links.StaysInside(path)))
            {
                var workspace = new ClaudeWorkspace(path, folder, OwnerOf(agent), new FolderLooks(path, _rules, _time));
                _workspaces.Add(path, workspace);
                foreach (var session in _sessions.Values.Where(session => Path.GetDirectoryName(session.Main.Path) == path))
                {
                    session.Workspace = workspace;
                }
            }
        }
    }

    void Look(ClaudeWorkspace workspace, long now, PassReport report)
    {
        if (workspace.Looks.Begin() is { } touched)
        {
            foreach (var name in touched)
            {
                // The file of a session, or the folder of its subagents.
                var isFile = ClaudeFile.IsName(name);
                var threadId = isFile ? name[..^ClaudeFile.Extension.Length] : name;
                if (_sessions.TryGetValue(threadId, out var session))
                {
                    _due.Add(session);
                }
                else if (isFile && FileStat.Of(Path.Combine(workspace.Path, name)).Kind is not FileKind.Missing)
                {
                    AddSession(workspace.Path, threadId, workspace.Owner, workspace.Folder);
                }
            }
        }
        else
        {
            workspace.Names.Refresh(now, report, names => Update(workspace, names));
            if (workspace.Looks.AreTold)
            {
                _due.UnionWith(_sessions.Values.Where(session => session.Workspace == workspace));
            }
        }

        workspace.Looks.End();
    }

    void Update(ClaudeWorkspace workspace, IReadOnlyList<string> names)
    {
        var threadIds = names.Where(ClaudeFile.IsName).Select(name => name[..^ClaudeFile.Extension.Length]).ToHashSet(StringComparer.Ordinal);
        foreach (var threadId in threadIds)
        {
            AddSession(workspace.Path, threadId, workspace.Owner, workspace.Folder);
        }

        // Checkpoints of an earlier run whose sessions went while nobody looked.
        var prefix = ClaudeFile.KeyOf(workspace.Path + Path.DirectorySeparatorChar);
        _forgotten.AddRange(_checkpoints.TakeAll(prefix, key => !threadIds.Contains(ThreadIdOf(key[prefix.Length..]))).Select(pair => new Checkpoint(pair.Key, null)));
    }

    /// <summary>The session of `&lt;session&gt;.jsonl`, or of `&lt;session&gt;/subagents/…`.</summary>
    static string ThreadIdOf(string path) =>
        path.IndexOf(Path.DirectorySeparatorChar, StringComparison.Ordinal) is >= 0 and var end ? path[..end]
        : ClaudeFile.IsName(path) ? path[..^ClaudeFile.Extension.Length] : path;

    void AddSession(string folder, string threadId, SessionIdentity owner, string? workspace)
    {
        var path = Path.Combine(folder, threadId + ClaudeFile.Extension);
        if (!_sessions.ContainsKey(threadId) && _links.StaysInside(folder) && _links.StaysInside(path))
        {
            var main = Open(new ClaudeFile(path, threadId, owner, workspace));
            var session = new ClaudeSession(main, _links, subagent => Open(main.Subagent(subagent)), watched => new FolderLooks(watched, _rules, _time))
            {
                Workspace = _workspaces.GetValueOrDefault(folder),
            };
            _sessions.Add(threadId, session);
            _due.Add(session);
        }
    }

    ClaudeFile Open(ClaudeFile file)
    {
        file.Checkpoint = ClaudeCheckpoint.Parse(_checkpoints.Take(file.CheckpointKey));

        return file;
    }

    void LookAtSessions(long now, SourceNews news, PassReport report)
    {
        var changed = new List<ClaudeFile>();
        foreach (var session in _due.OrderBy(session => session.Main.Path, StringComparer.Ordinal).ToList())
        {
            if (session.Look(now, report, changed) || !session.IsTold)
            {
                _due.Remove(session);
            }

            if (session.IsGone)
            {
                Forget(session, now);
            }
        }

        news.Readers.AddRange(changed.Select(file => new ClaudeReader(file, _time)));
    }

    /// <summary>Claude Code deletes old sessions: what was read of them stays, and if one comes back it is read from the start.</summary>
    void Forget(ClaudeSession session, long now)
    {
        session.Close();
        _due.Remove(session);
        _sessions.Remove(session.Main.ThreadId);
        _forgotten.AddRange(session.Files.Select(file => new Checkpoint(file.CheckpointKey, null)));
        session.Workspace?.Names.LookAgain();
        if (session.Workspace is null)
        {
            var missing = new MissingSession(session.Main.Owner);
            missing.WaitLonger(now);
            _missing[session.Main.ThreadId] = missing;
        }
    }

    void TellForgotten(SourceNews news)
    {
        if (_forgotten.Count > 0)
        {
            news.Sessions.Add(new Batch { Checkpoints = [.. _forgotten] });
            _forgotten.Clear();
        }
    }
}
