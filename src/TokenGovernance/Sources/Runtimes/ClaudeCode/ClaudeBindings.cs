using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>The sessions of Claude Code that one agent's sessions name: those it talks to now, and those it was seen to talk to.</summary>
sealed class ClaudeBindings(AgentFolder agent, LookRules rules, TimeProvider time)
{
    readonly HashSet<string> _threadIds = new(StringComparer.Ordinal);
    DatabaseStat _stat;
    bool _isSettled;
    long? _updatedAt;
    (long At, TimeSpan Took) _full;

    /// <summary>Reads them again if the database changed: those of sessions that were updated since, from time to time all.</summary>
    /// <returns>The ids that are new.</returns>
    public IReadOnlyList<string> Refresh(PassReport report)
    {
        var path = agent.Database;
        var stat = DatabaseStat.Of(path);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(path, report);
        }

        if (stat.Database.Kind is not FileKind.File || (_isSettled && stat.IsSameContent(_stat)))
        {
            return [];
        }

        var since = _stat.Database.FileId == stat.Database.FileId && !rules.IsFullLookDue(time.GetElapsedTime(_full.At), _full.Took) ? _updatedAt : null;
        var started = time.GetTimestamp();
        using var database = DatabaseConnection.Open(path);
        var (ids, updatedAt) = database.Run(() => WindowReader.ReadClaudeSessions(database.Connection, since));
        if (!database.IsStillValid())
        {
            return [];
        }

        if (since is null)
        {
            _full = (time.GetTimestamp(), time.GetElapsedTime(started));
        }

        (_stat, _isSettled, _updatedAt) = (stat, stat.IsSettled(time.GetUtcNow().ToUnixTimeMilliseconds()), updatedAt);

        return [.. ids.Where(_threadIds.Add)];
    }
}
