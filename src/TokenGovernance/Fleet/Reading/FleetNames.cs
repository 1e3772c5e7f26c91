using System.Runtime.InteropServices;
using Npgsql;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Numbers the names that rows of the fleet come with, for as long as one question lasts.</summary>
sealed class FleetNames(NpgsqlConnection connection)
{
    readonly List<AttributionNames> _attributions = [], _groups = [];
    readonly List<ModelNames> _models = [];
    readonly Dictionary<AttributionNames, long> _attributionIds = [], _groupIds = [];
    readonly Dictionary<ModelNames, long> _modelIds = [];
    readonly Lazy<Dictionary<Guid, string>> _nodes = new(() => ReadNodes(connection), isThreadSafe: false);
    readonly Lazy<Dictionary<string, string>> _jobs = new(() => ReadJobs(connection), isThreadSafe: false);

    /// <summary>How many columns of names a row of a level has.</summary>
    public static int CountOf(RollupLevel level) => level is RollupLevel.Groups ? 8 : 11;

    /// <summary>How many columns of a model's names a row has.</summary>
    public const int ModelCount = 6;

    /// <summary>Asks for what rows do not say, before they are read.</summary>
    public void Prepare() => _ = _nodes.Value;

    /// <summary>The number of the names of the current row.</summary>
    /// <param name="level">Which columns it has: <see cref="UsageSql.GroupNames" /> or <see cref="UsageSql.AttributionNames" />.</param>
    /// <param name="row">The row.</param>
    /// <param name="first">The place of the first of them.</param>
    public long Read(RollupLevel level, NpgsqlDataReader row, int first)
    {
        var names = new AttributionNames(
            row.Text(first + 1), null, null, row.Text(first + 2), row.Text(first + 3), row.Text(first + 4), row.Text(first + 5), row.Text(first + 6), row.Text(first + 7), null)
        {
            Node = _nodes.Value.GetValueOrDefault(row.GetGuid(first)),
        };

        return level is RollupLevel.Groups
            ? NumberOf(names, _groupIds, _groups)
            : NumberOf(names with { Session = row.Text(first + 8), SessionKey = row.Text(first + 9), SpawnedBy = row.Text(first + 10) }, _attributionIds, _attributions);
    }

    /// <summary>The number of the current row's model.</summary>
    public long ReadModel(NpgsqlDataReader row, int first) => NumberOf(
        new ModelNames(row.Text(first), row.Text(first + 1), row.Text(first + 2), row.Text(first + 3)) { Runtime = row.Text(first + 4), Scope = row.Text(first + 5) },
        _modelIds,
        _models);

    public ModelNames FindModel(long id) => _models[(int)id];

    /// <summary>The names of a group or an attribution.</summary>
    /// <param name="level">Which of the two.</param>
    /// <param name="id">Its number.</param>
    /// <param name="withJob">Also what its job is called now: its newest name.</param>
    public AttributionNames Find(RollupLevel level, long id, bool withJob)
    {
        var names = (level is RollupLevel.Groups ? _groups : _attributions)[(int)id];

        return withJob && names.Job is { } job ? names with { JobName = _jobs.Value.GetValueOrDefault(job) } : names;
    }

    /// <summary>The group that an attribution belongs to.</summary>
    public long GroupOf(long attribution) =>
        NumberOf(_attributions[(int)attribution] with { Session = null, SessionKey = null, SpawnedBy = null }, _groupIds, _groups);

    static long NumberOf<T>(T names, Dictionary<T, long> ids, List<T> all)
        where T : notnull
    {
        ref var id = ref CollectionsMarshal.GetValueRefOrAddDefault(ids, names, out var isKnown);
        if (!isKnown)
        {
            id = all.Count;
            all.Add(names);
        }

        return id;
    }

    static Dictionary<Guid, string> ReadNodes(NpgsqlConnection connection) =>
        connection.ReadAll("SELECT node_id, name FROM tg_nodes", [], row => (Id: row.GetGuid(0), Name: row.GetString(1))).ToDictionary(node => node.Id, node => node.Name);

    static Dictionary<string, string> ReadJobs(NpgsqlConnection connection) => connection
        .ReadAll(
            "SELECT job_id, job_name, max(event_ts) FROM usage_events WHERE job_id IS NOT NULL AND job_name IS NOT NULL GROUP BY 1, 2",
            [],
            row => (Job: row.GetString(0), Name: row.GetString(1), Last: row.GetDateTime(2)))
        .GroupBy(name => name.Job, StringComparer.Ordinal)
        .ToDictionary(job => job.Key, job => job.OrderByDescending(name => name.Last).ThenBy(name => name.Name, StringComparer.Ordinal).First().Name, StringComparer.Ordinal);
}
