using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>The homes of Codex that OpenClaw keeps below its state directory, one or more for each agent.</summary>
sealed class CodexSource(OpenClawHome home, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    readonly Dictionary<string, CodexHome> _homes = new(StringComparer.Ordinal);
    readonly Dictionary<string, WatchedFolder> _logins = new(StringComparer.Ordinal);

    public string Name => home.Path;

    public void Poll(SourceNews news, PassReport report)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var agent in home.FindAgents(now, report))
        {
            foreach (var path in agent.CodexHomes)
            {
                Add(path, agent);
            }

            if (agent.CodexLogins is not { } folder)
            {
                continue;
            }

            if (!_logins.TryGetValue(folder, out var logins))
            {
                _logins.Add(folder, logins = new WatchedFolder(folder));
            }

            logins.Refresh(now, report, names => names.ToList().ForEach(name => Add(Path.Combine(folder, name), agent)));
        }

        news.Parts.AddRange(_homes.Values);
    }

    void Add(string path, AgentFolder agent)
    {
        if (!_homes.ContainsKey(path))
        {
            _homes.Add(path, new CodexHome(path, new SessionIdentity(agent.Home, agent.AgentId, SessionIdentity.Unknown), checkpoints, rules, time));
        }
    }
}
