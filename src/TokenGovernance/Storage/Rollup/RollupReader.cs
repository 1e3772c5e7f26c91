using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events of a range of time added up: whole days where those will do, else quarter-hours, else single events.</summary>
sealed class RollupReader : IDisposable
{
    readonly SqliteConnection _connection;
    readonly SqliteRows _days, _quarters, _events, _attributions, _agents, _jobs, _models, _newest, _failed;

    readonly Dictionary<string, string?> _jobNames = [];

    public RollupReader(SqliteConnection connection)
    {
        _connection = connection;
        _days = new SqliteRows(connection, Queries["days"]);
        _quarters = new SqliteRows(connection, Queries["quarters"]);
        _events = new SqliteRows(connection, Queries["events of a quarter"]);
        _attributions = new SqliteRows(connection, Queries["attribution"]);
        _agents = new SqliteRows(connection, Queries["attribution without its session"]);
        _jobs = new SqliteRows(connection, Queries["name of a job"]);
        _models = new SqliteRows(connection, Queries["model"]);
        _newest = new SqliteRows(connection, Queries["newest event"]);
        _failed = new SqliteRows(connection, Queries["failed and other events"]);
    }

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["days"] = $"SELECT day, {RollupRow.Columns} FROM usage_days AS m WHERE day BETWEEN ?1 AND ?2 ORDER BY day",
        ["quarters"] = $"SELECT quarter, {RollupRow.Columns} FROM usage_quarters AS m WHERE quarter >= ?1 AND quarter < ?2 ORDER BY quarter",
        ["events of a quarter"] = $"""
            SELECT m.quarter, {RollupRow.Columns}
            FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = ?1) AS q
            CROSS JOIN event_facts AS e ON e.attribution_id = q.attribution_id
            CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE {RollupTable.UsageMs} >= ?2 AND {RollupTable.UsageMs} < ?3
            """,
        ["failed and other events"] = $"""
            SELECT m.quarter, m.attribution_id, m.model_id, m.cost_class, sum(m.events), sum(m.errors), sum(m.input_tokens), sum(m.output_tokens),
              sum(m.cache_read_tokens), sum(m.cache_write_tokens), sum(m.reasoning_tokens), sum(m.reasoning_events), sum(m.total_tokens), sum(m.cost_nano),
              sum(m.cache_write_1h_tokens)
            FROM event_facts AS e JOIN usage_measures AS m ON m.id = e.id
            WHERE coalesce({RollupTable.UsageMs}, ?3) >= ?1 AND coalesce({RollupTable.UsageMs}, ?3) < ?2
            GROUP BY m.quarter, m.attribution_id, m.model_id, m.cost_class, m.part, m.errors
            ORDER BY m.quarter
            """,
        ["attribution"] = """
            SELECT
              a.agent_id, a.session_id,
              coalesce(a.session_key, (
                SELECT s.session_key FROM sessions AS s
                WHERE s.session_id = a.session_id AND s.agent_id = a.agent_id AND s.session_key IS NOT NULL ORDER BY s.id DESC LIMIT 1)),
              a.channel, a.chat_type, a.trigger, a.job_id, a.job_name, a.home, a.spawned_by
            FROM event_attributions AS a WHERE a.id = ?1
            """,
        ["attribution without its session"] = "SELECT agent_id, channel, chat_type, trigger, home FROM event_attributions WHERE id = ?1",
        ["name of a job"] = "SELECT job_name FROM event_attributions WHERE job_id = ?1 AND job_name IS NOT NULL ORDER BY id DESC LIMIT 1",
        ["model"] = "SELECT model_provider, model, api, response_model, runtime, scope FROM event_models WHERE id = ?1",
        ["newest event"] = """
            SELECT max(e.event_ms)
            FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = (SELECT max(quarter) FROM usage_quarters)) AS q
            CROSS JOIN event_facts AS e ON e.attribution_id = q.attribution_id
            """,
        ["number of events"] = "SELECT coalesce(sum(events), 0) FROM usage_days",
    };

    /// <summary>Returns sums in the order of time; those of events without a time, in an open range only, come first.</summary>
    /// <param name="range">By the start of the call.</param>
    /// <param name="isWhole">Whether one sum of a whole day (counted since 1970, UTC) will do.</param>
    public IEnumerable<RollupRow> Read(TimeRange range, Func<int, bool> isWhole)
    {
        var (first, last) = DaysOf(range);
        var (day, isDay) = (int.MinValue, true);
        Begin(_days, first, last);
        while (_days.Next())
        {
            var next = (int)_days.GetInteger(0);
            if (next != day)
            {
                (day, isDay) = (next, !IsCut(range, next) && isWhole(next));
                if (!isDay)
                {
                    foreach (var row in ReadDay(next, range))
                    {
                        yield return row;
                    }
                }
            }

            if (isDay)
            {
                yield return RollupRow.Read(_days, 1, day == QuarterHour.Unknown ? day : day * QuarterHour.PerDay);
            }
        }

        _days.Reset();
    }

    /// <summary>The same as <see cref="Read" /> by quarter-hours, but each sum is of failed calls only or of others only. Reads every event.</summary>
    /// <param name="range">By the start of the call.</param>
    public IEnumerable<RollupRow> ReadFailedApart(TimeRange range)
    {
        var isOpen = range.FromMs is null && range.BeforeMs is null;
        Begin(_failed, range.FromMs ?? long.MinValue, range.BeforeMs ?? long.MaxValue, isOpen ? 0 : long.MaxValue);
        while (_failed.Next())
        {
            yield return RollupRow.Read(_failed, 1, (int)_failed.GetInteger(0));
        }

        _failed.Reset();
    }

    /// <summary>Returns the sums of a quarter-hour and of all that come after it, in the order of time.</summary>
    public IEnumerable<RollupRow> ReadFrom(int quarter) => ReadQuarters(quarter, int.MaxValue);

    /// <summary>Returns the names of an attribution. What a job is called, and a session's key, are known of all its events or of none.</summary>
    public AttributionNames FindAttribution(long id)
    {
        Begin(_attributions, id);
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
        Begin(_agents, id);
        _agents.Next();
        var names = new AttributionNames(
            _agents.GetString(0), null, null, _agents.GetString(1), _agents.GetString(2), _agents.GetString(3), null, null, _agents.GetString(4), null);
        _agents.Reset();

        return names;
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
        Begin(_models, id);
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
        using var rows = new SqliteRows(_connection, Queries["number of events"]);
        rows.Next();

        return rows.GetInteger(0);
    }

    public void Dispose()
    {
        foreach (var rows in new[] { _days, _quarters, _events, _attributions, _agents, _jobs, _models, _newest, _failed })
        {
            rows.Dispose();
        }
    }

    static (int First, int Last) DaysOf(TimeRange range) => (
        range.FromMs is { } from ? QuarterHour.DayOf(QuarterHour.Of(from)) : range.BeforeMs is null ? QuarterHour.Unknown : QuarterHour.Unknown + 1,
        range.BeforeMs is { } before ? QuarterHour.DayOf(QuarterHour.Of(before - 1)) : int.MaxValue);

    static long StartOf(int day) => QuarterHour.StartMs(day * QuarterHour.PerDay);

    static bool IsCut(TimeRange range, int day) => day != QuarterHour.Unknown && (StartOf(day) < range.FromMs || StartOf(day + 1) > range.BeforeMs);

    IEnumerable<RollupRow> ReadDay(int day, TimeRange range)
    {
        var from = Math.Max(range.FromMs ?? long.MinValue, StartOf(day));
        var before = Math.Min(range.BeforeMs ?? long.MaxValue, StartOf(day + 1));
        var (first, end) = (QuarterHour.Of(from + QuarterHour.Ms - 1), QuarterHour.Of(before));
        if (first > end)
        {
            // Both bounds lie inside of one quarter.
            return ReadEvents(end, from, before);
        }

        return ReadEvents(QuarterHour.Of(from), from, QuarterHour.StartMs(first))
            .Concat(ReadQuarters(first, end))
            .Concat(ReadEvents(end, QuarterHour.StartMs(end), before));
    }

    IEnumerable<RollupRow> ReadQuarters(int first, int end)
    {
        Begin(_quarters, first, end);
        while (_quarters.Next())
        {
            yield return RollupRow.Read(_quarters, 1, (int)_quarters.GetInteger(0));
        }

        _quarters.Reset();
    }

    IEnumerable<RollupRow> ReadEvents(int quarter, long from, long before)
    {
        if (from >= before)
        {
            yield break;
        }

        Begin(_events, quarter, from, before);
        while (_events.Next())
        {
            yield return RollupRow.Read(_events, 1, quarter);
        }

        _events.Reset();
    }

    static void Begin(SqliteRows rows, params ReadOnlySpan<long> values)
    {
        rows.Reset();
        for (var i = 0; i < values.Length; i++)
        {
            rows.Bind(i + 1, values[i]);
        }
    }
}

/// <summary>The names of an attribution that reports use.</summary>
sealed record AttributionNames(
    string? Agent, string? Session, string? SessionKey, string? Channel, string? ChatType, string? Trigger, string? Job, string? JobName,
    string? Home, string? SpawnedBy);

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
