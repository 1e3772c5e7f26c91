using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>
///     The home's `state/openclaw.sqlite`: which agents have databases elsewhere, what cron jobs are called, and which threads of Codex answer in
///     which sessions.
/// </summary>
sealed class StateDatabase(OpenClawHome home, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    readonly ThreadBindings _bindings = new(home.StateDatabase, home.Path, checkpoints, rules, time);
    DatabaseStat _stat;
    long _seenMs;
    bool _isSettled, _namesNonsense;

    public string Name => home.StateDatabase;

    /// <summary>Databases by full path, with their agents.</summary>
    public IReadOnlyDictionary<string, string> AgentByDatabase { get; private set; } = new Dictionary<string, string>();

    /// <summary>Names by job id.</summary>
    public IReadOnlyDictionary<string, string> JobNames { get; private set; } = new Dictionary<string, string>();

    /// <summary>Counts up when job names changed.</summary>
    public int JobNamesVersion { get; private set; }

    /// <summary>Reads it again if it changed. Most homes do not have one.</summary>
    public void Poll(SourceNews news, PassReport report)
    {
        if (_namesNonsense)
        {
            TellNonsense(report);
        }

        var stat = DatabaseStat.Of(Name);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(Name, report);
        }
        else if (stat.Database.Kind is not FileKind.Missing && !(_isSettled && stat.IsSameContent(_stat)))
        {
            using var database = DatabaseConnection.Open(Name);
            var bindings = database.Run(() => Read(database.Connection, report));
            if (database.IsStillValid())
            {
                if (bindings() is { } batch)
                {
                    news.Sessions.Add(batch);
                }

                var now = time.GetUtcNow().ToUnixTimeMilliseconds();
                _seenMs = stat.IsSameContent(_stat) ? _seenMs : now;
                (_stat, _isSettled) = (stat, stat.IsSettled(now, _seenMs));
            }
        }
    }

    Func<Batch?> Read(SqliteConnection connection, PassReport report)
    {
        var tables = new DatabaseTables(connection);
        if (tables.Has("agent_databases", "agent_id", "path"))
        {
            var agents = new Dictionary<string, string>(StringComparer.Ordinal);
            _namesNonsense = false;
            foreach (var (path, agentId) in ReadPairs(connection, "SELECT path, agent_id FROM agent_databases"))
            {
                if (TryResolve(path) is { } full)
                {
                    // One file may be spelled in two ways.
                    agents.TryAdd(full, agentId);
                }
                else
                {
                    _namesNonsense = true;
                }
            }

            AgentByDatabase = agents;
            if (_namesNonsense)
            {
                TellNonsense(report);
            }
        }

        if (tables.Has("cron_jobs", "job_id", "name"))
        {
            var names = ReadPairs(connection, "SELECT job_id, name FROM cron_jobs WHERE name IS NOT NULL");
            if (names.Count != JobNames.Count || names.Any(pair => JobNames.GetValueOrDefault(pair.Key) != pair.Value))
            {
                JobNames = names;
                JobNamesVersion++;
            }
        }

        // Last: what is wrong with them is wrong with nothing else.
        return _bindings.Read(connection, tables);
    }

    void TellNonsense(PassReport report) =>
        report.Fail($"{Name}#agent_databases", "it names a database whose path is none; that database is passed over");

    string? TryResolve(string path)
    {
        try
        {
            return path.Length == 0 ? null : Path.GetFullPath(Path.Combine(home.Path, path));
        }
        catch (Exception e) when (e is ArgumentException or IOException or NotSupportedException)
        {
            return null;
        }
    }

    static Dictionary<string, string> ReadPairs(SqliteConnection connection, string sql)
    {
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            if (!reader.IsDBNull(0) && !reader.IsDBNull(1))
            {
                pairs[reader.GetString(0)] = JsonText.Bounded(reader.GetString(1));
            }
        }

        return pairs;
    }
}
