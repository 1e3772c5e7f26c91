using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>The sessions of Claude Code that one agent's sessions name: those it talks to now, and those it was seen to talk to.</summary>
sealed class ClaudeBindings(AgentFolder agent, TimeProvider time)
{
    readonly HashSet<string> _threadIds = new(StringComparer.Ordinal);
    DatabaseStat _stat;
    bool _isSettled;

    public IReadOnlyCollection<string> ThreadIds => _threadIds;

    /// <summary>Reads them again if the database changed.</summary>
    public void Refresh(PassReport report)
    {
        if (agent.Database is not { } path)
        {
            return;
        }

        var stat = DatabaseStat.Of(path);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(path, report);
        }

        if (stat.Database.Kind is not FileKind.File || (_isSettled && stat.IsSameContent(_stat)))
        {
            return;
        }

        using var database = DatabaseConnection.Open(path);
        foreach (var threadId in database.Run(() => WindowReader.ReadClaudeSessions(database.Connection)))
        {
            _threadIds.Add(threadId);
        }

        if (database.IsStillValid())
        {
            (_stat, _isSettled) = (stat, stat.IsSettled(time.GetUtcNow().ToUnixTimeMilliseconds()));
        }
    }
}
