using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events of a range of time added up, and the names of what they are added up by.</summary>
sealed class RollupReader : IRollup
{
    readonly SqliteConnection _connection;
    readonly SqliteRows _attributions, _groups, _agents, _jobs, _models, _newest;
    readonly AttributionLevel _attributionLevel;
    readonly GroupLevel _groupLevel;

    readonly Dictionary<string, string?> _jobNames = [];
    GroupLevel? _failedLevel;

    public RollupReader(SqliteConnection connection)
    {
        _connection = connection;
        _attributionLevel = new AttributionLevel(connection);
        _groupLevel = new GroupLevel(connection, isFailedApart: false);
        _groups = new SqliteRows(connection, RollupQueries.All["group"]);
        _attributions = new SqliteRows(connection, RollupQueries.All["attribution"]);
        _agents = new SqliteRows(connection, RollupQueries.All["attribution without its session"]);
        _jobs = new SqliteRows(connection, RollupQueries.All["name of a job"]);
        _models = new SqliteRows(connection, RollupQueries.All["model"]);
        _newest = new SqliteRows(connection, RollupQueries.All["newest event"]);
        FloorMs = connection.QueryLong(RollupQueries.All["floor"]);
    }

    /// <summary>Single events of before are gone or about to go, in ms since 1970; NULL: all are there.</summary>
    public long? FloorMs { get; }

    /// <summary>A range whose bounds can be kept: of events that are gone there are sums of quarter-hours only, so what begins in one begins with it.</summary>
    public TimeRange Round(TimeRange range)
    {
        long? Bound(long? ms) => ms is { } bound && bound < FloorMs ? QuarterHour.StartMs(QuarterHour.Of(bound)) : ms;

        return new TimeRange(Bound(range.FromMs), Bound(range.BeforeMs));
    }

    /// <summary>Returns sums by attribution in the order of time; those of events without a time, in an open range only, come first.</summary>
    /// <param name="range">By the start of the call.</param>
    /// <param name="isWhole">Whether one sum of a whole day (counted since 1970, UTC) will do.</param>
    public IEnumerable<RollupRow> Read(TimeRange range, Func<int, bool> isWhole) =>
        _attributionLevel.Read(Round(range), day => isWhole(day) ? DayCut.Whole : DayCut.EachQuarter);

    /// <summary>Returns sums of a range of time.</summary>
    /// <param name="level">By group or by attribution.</param>
    /// <param name="range">By the start of the call.</param>
    /// <param name="cutOf">Which sums of a day, counted since 1970, UTC, will do.</param>
    /// <param name="isFailedApart">Each sum is of failed calls only or of others only; at the fine level in no order then.</param>
    public IEnumerable<RollupRow> Read(RollupLevel level, TimeRange range, Func<int, DayCut> cutOf, bool isFailedApart = false) => (level, isFailedApart) switch
    {
        (RollupLevel.Groups, false) => _groupLevel.Read(Round(range), cutOf),
        (RollupLevel.Groups, true) => (_failedLevel ??= new GroupLevel(_connection, isFailedApart: true)).Read(Round(range), cutOf),
        (_, true) => _attributionLevel.ReadFailedApart(Round(range), cutOf),
        _ => _attributionLevel.Read(Round(range), cutOf),
    };

    /// <summary>Returns the sums of a quarter-hour and of all that come after it, in the order of time.</summary>
    public IEnumerable<RollupRow> ReadFrom(RollupLevel level, int quarter) =>
        (level is RollupLevel.Groups ? (LevelReader)_groupLevel : _attributionLevel).ReadQuarters(quarter, int.MaxValue);

    /// <summary>Returns the names that a row of a level has; without those of its session if they are not asked for, which is several times as fast.</summary>
    public AttributionNames FindNames(RollupLevel level, long id, bool withSession) =>
        level is RollupLevel.Groups ? FindGroup(id) : withSession ? FindAttribution(id) : FindAgent(id);

    /// <summary>Returns the names of a group: all but those of a session. What a job is called is known of all its events or of none.</summary>
    public AttributionNames FindGroup(long id)
    {
        _groups.Begin(id);
        _groups.Next();
        var names = new AttributionNames(
            _groups.GetString(0), null, null, _groups.GetString(1), _groups.GetString(2), _groups.GetString(3), _groups.GetString(4),
            _groups.GetString(5), _groups.GetString(6), null);
        _groups.Reset();

        return names.Job is { } job ? names with { JobName = FindJobName(job) } : names;
    }

    /// <summary>Returns the names of an attribution. What a job is called, and a session's key, are known of all its events or of none.</summary>
    public AttributionNames FindAttribution(long id)
    {
        _attributions.Begin(id);
        _attributions.Next();
        var names = new AttributionNames(
            _attributions.GetString(0), _attributions.GetString(1), _attributions.GetString(2), _attributions.GetString(3),
            _attributions.GetString(4), _attributions.GetString(5), _attributions.GetString(6), _attributions.GetString(7),
            _attributions.GetString(8), _attributions.GetString(9));
        _attributions.Reset();

        return names.Job is { } job ? names with { JobName = FindJobName(job) } : names;
    }

    /// <summary>Returns the names of an attribution but those of its session, its job and its lineage: several times as fast.</summary>
    public AttributionNames FindAgent(long id)
    {
        _agents.Begin(id);
        _agents.Next();
        var names = new AttributionNames(
            _agents.GetString(0), null, null, _agents.GetString(1), _agents.GetString(2), _agents.GetString(3), null, null, _agents.GetString(4), null);
        _agents.Reset();

        return names;
    }

    /// <summary>All of them, whatever the range: that takes less time than to look which have usage in it.</summary>
    public IEnumerable<(long Attribution, long Group, string Session)> ReadSessions(TimeRange range)
    {
        using var rows = new SqliteRows(_connection, RollupQueries.All["sessions"]);
        while (rows.Next())
        {
            yield return (rows.GetInteger(0), rows.GetInteger(1), rows.GetString(2)!);
        }
    }

    /// <summary>What a job is called now: its newest name.</summary>
    string? FindJobName(string job)
    {
        if (!_jobNames.TryGetValue(job, out var name))
        {
            _jobs.Reset();
            _jobs.Bind(1, job);
            name = _jobs.Next() ? _jobs.GetString(0) : null;
            _jobs.Reset();
            _jobNames[job] = name;
        }

        return name;
    }

    /// <summary>Returns provider and name of a model.</summary>
    public ModelNames FindModel(long id)
    {
        _models.Begin(id);
        _models.Next();
        var names = new ModelNames(_models.GetString(0), _models.GetString(1), _models.GetString(2), _models.GetString(3))
        {
            Runtime = _models.GetString(4),
            Scope = _models.GetString(5),
        };
        _models.Reset();

        return names;
    }

    /// <summary>When the last response was written, among the sessions of the last quarter of an hour with usage; NULL if no time is known.</summary>
    public long? FindNewestMs()
    {
        _newest.Reset();
        var newest = _newest.Next() && _newest.TypeOf(0) is not CellType.Null ? _newest.GetInteger(0) : (long?)null;
        _newest.Reset();

        return newest;
    }

    /// <summary>How many events there are.</summary>
    public long CountEvents()
    {
        using var rows = new SqliteRows(_connection, RollupQueries.All["number of events"]);
        rows.Next();

        return rows.GetInteger(0);
    }

    public void Dispose()
    {
        foreach (var rows in new IDisposable?[] { _attributions, _groups, _agents, _jobs, _models, _newest, _attributionLevel, _groupLevel, _failedLevel })
        {
            rows?.Dispose();
        }
    }
}

/// <summary>The names of an attribution that reports use.</summary>
sealed record AttributionNames(
    string? Agent, string? Session, string? SessionKey, string? Channel, string? ChatType, string? Trigger, string? Job, string? JobName,
    string? Home, string? SpawnedBy)
{
    /// <summary>The machine that pushed it to the fleet's database; NULL in the store of a machine.</summary>
    public string? Node { get; init; }
}

/// <summary>A model and who provides it.</summary>
readonly record struct ModelNames(string? Provider, string? Model, string? Api, string? ResponseModel)
{
    /// <summary>What carried the responses out; see <see cref="RuntimeName" />.</summary>
    public string? Runtime { get; init; }

    /// <summary>What they stand for; see <see cref="EventScopeText" />.</summary>
    public string? Scope { get; init; }

    /// <summary>They do not stand for one response each, but for turns of which OpenClaw gives account.</summary>
    public bool IsTurn => Scope is not null && Scope != EventScopeText.Of(EventScope.Call);
}

/// <summary>What sums are of.</summary>
enum RollupLevel
{
    /// <summary>One attribution, which knows the session.</summary>
    Attributions,

    /// <summary>All attributions that are alike but for their session.</summary>
    Groups,
}
