using Microsoft.Data.Sqlite;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>The home's `state/openclaw.sqlite`: which agents have databases elsewhere, and what cron jobs are called.</summary>
sealed class StateDatabase(OpenClawHome home, TimeProvider time) : IUsageSource
{
    DatabaseStat _stat;
    bool _isSettled;

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
        var stat = DatabaseStat.Of(Name);
        if (stat.Database.Kind is FileKind.Unreachable)
        {
            Unreachable.Report(Name, report);
        }
        else if (stat.Database.Kind is not FileKind.Missing && !(_isSettled && stat.IsSameContent(_stat)))
        {
            using var database = DatabaseConnection.Open(Name);
            database.Run(() => Read(database.Connection));
            if (database.IsStillValid())
            {
                (_stat, _isSettled) = (stat, stat.IsSettled(time.GetUtcNow().ToUnixTimeMilliseconds()));
            }
        }
    }

    bool Read(SqliteConnection connection)
    {
        var tables = new DatabaseTables(connection);
        if (tables.Has("agent_databases", "agent_id", "path"))
        {
            AgentByDatabase = ReadPairs(connection, "SELECT path, agent_id FROM agent_databases")
                .ToDictionary(pair => Path.GetFullPath(Path.Combine(home.Path, pair.Key)), pair => pair.Value, StringComparer.Ordinal);
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

        return true;
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
