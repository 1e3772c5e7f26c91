using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events of a range of time added up, and the names of what they are added up by.</summary>
sealed class RollupReader : IRollup
{
    readonly SqliteConnection _connection;
    readonly LazyRows _attributions, _groups, _agents, _jobs, _models, _newest;
    readonly AttributionLevel _attributionLevel;
    readonly GroupLevel _groupLevel;
    readonly Lazy<long?> _floorMs;

    readonly Dictionary<string, string?> _jobNames = [];
    GroupLevel? _failedLevel;

    public RollupReader(SqliteConnection connection)
    {
        _connection = connection;
        _attributionLevel = new AttributionLevel(connection);
        _groupLevel = new GroupLevel(connection, isFailedApart: false);
        _groups = new LazyRows(connection, "group");
        _attributions = new LazyRows(connection, "attribution");
        _agents = new LazyRows(connection, "attribution without its session");
        _jobs = new LazyRows(connection, "name of a job");
        _models = new LazyRows(connection, "model");
        _newest = new LazyRows(connection, "newest event");
        _floorMs = new Lazy<long?>(() => connection.QueryLong(RollupQueries.All["floor"]), isThreadSafe: false);
    }

    /// <summary>Single events of before are gone or about to go, in ms since 1970; NULL: all are there.</summary>
    public long? FloorMs => _floorMs.Value;

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
        _groups.Rows.Begin(id);
        _groups.Rows.Next();
        var names = new AttributionNames(
            _groups.Rows.GetString(0), null, null, _groups.Rows.GetString(1), _groups.Rows.GetString(2), _groups.Rows.GetString(3), _groups.Rows.GetString(4),
            _groups.Rows.GetString(5), _groups.Rows.GetString(6), null);
        _groups.Rows.Reset();

        return names.Job is { } job ? names with { JobName = FindJobName(job) } : names;
    }

    /// <summary>Returns the names of an attribution. What a job is called, and a session's key, are known of all its events or of none.</summary>
    public AttributionNames FindAttribution(long id)
    {
        _attributions.Rows.Begin(id);
        _attributions.Rows.Next();
        var names = new AttributionNames(
            _attributions.Rows.GetString(0), _attributions.Rows.GetString(1), _attributions.Rows.GetString(2), _attributions.Rows.GetString(3),
            _attributions.Rows.GetString(4), _attributions.Rows.GetString(5), _attributions.Rows.GetString(6), _attributions.Rows.GetString(7),
            _attributions.Rows.GetString(8), _attributions.Rows.GetString(9));
        _attributions.Rows.Reset();

        return names.Job is { } job ? names with { JobName = FindJobName(job) } : names;
    }

    /// <summary>Returns the names of an attribution but those of its session, its job and its lineage: several times as fast.</summary>
    public AttributionNames FindAgent(long id)
    {
        _agents.Rows.Begin(id);
        _agents.Rows.Next();
        var names = new AttributionNames(
            _agents.Rows.GetString(0), null, null, _agents.Rows.GetString(1), _agents.Rows.GetString(2), _agents.Rows.GetString(3), null, null, _agents.Rows.GetString(4), null);
        _agents.Rows.Reset();

        return names;
    }

    /// <summary>All of them, whatever the range: that takes less time than to look which have usage in it.</summary>
    public IEnumerable<(long Attribution, long Group, string Agent, string Session)> ReadSessions(TimeRange range)
    {
        using var rows = new SqliteRows(_connection, RollupQueries.All["sessions"]);
        while (rows.Next())
        {
            yield return (rows.GetInteger(0), rows.GetInteger(1), rows.GetString(2)!, rows.GetString(3)!);
        }
    }

    /// <summary>What a job is called now: its newest name.</summary>
    string? FindJobName(string job)
    {
        if (!_jobNames.TryGetValue(job, out var name))
        {
            _jobs.Rows.Reset();
            _jobs.Rows.Bind(1, job);
            name = _jobs.Rows.Next() ? _jobs.Rows.GetString(0) : null;
            _jobs.Rows.Reset();
            _jobNames[job] = name;
        }

        return name;
    }

    /// <summary>Returns provider and name of a model.</summary>
    public ModelNames FindModel(long id)
    {
        _models.Rows.Begin(id);
        _models.Rows.Next();
        var names = new ModelNames(_models.Rows.GetString(0), _models.Rows.GetString(1), _models.Rows.GetString(2), _models.Rows.GetString(3))
        {
            Runtime = _models.Rows.GetString(4),
            Scope = _models.Rows.GetString(5),
        };
        _models.Rows.Reset();

        return names;
    }

    /// <summary>When the last response was written, among the sessions of the last quarter of an hour with usage; NULL if no time is known.</summary>
    public long? FindNewestMs()
    {
        _newest.Rows.Reset();
        var newest = _newest.Rows.Next() && _newest.Rows.TypeOf(0) is not CellType.Null ? _newest.Rows.GetInteger(0) : (long?)null;
        _newest.Rows.Reset();

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
