using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events of a range of time added up: whole days where those will do, else quarter-hours, else single events.</summary>
sealed class RollupReader : IDisposable
{
    readonly SqliteConnection _connection;
    readonly Lazy<SqliteRows> _days, _quarters, _events, _attributions, _agents, _jobs, _models, _newest, _failed;

    readonly Dictionary<string, string?> _jobNames = [];

    public RollupReader(SqliteConnection connection)
    {
        _connection = connection;
        _days = Prepared("days");
        _quarters = Prepared("quarters");
        _events = Prepared("events of a quarter");
        _attributions = Prepared("attribution");
        _agents = Prepared("attribution without its session");
        _jobs = Prepared("name of a job");
        _models = Prepared("model");
        _newest = Prepared("newest event");
        _failed = Prepared("failed and other events");

        // Nobody asks all of it, and preparing takes longer than some of the answers.
        Lazy<SqliteRows> Prepared(string what) => new(() => new SqliteRows(connection, Queries[what]), isThreadSafe: false);
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
        var rows = Begin(_days, first, last);
        while (rows.Next())
        {
            var next = (int)rows.GetInteger(0);
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
                yield return RollupRow.Read(rows, 1, day == QuarterHour.Unknown ? day : day * QuarterHour.PerDay);
            }
        }

        rows.Reset();
    }

    /// <summary>The same as <see cref="Read" /> by quarter-hours, but each sum is of failed calls only or of others only. Reads every event.</summary>
    /// <param name="range">By the start of the call.</param>
    public IEnumerable<RollupRow> ReadFailedApart(TimeRange range)
    {
        var isOpen = range.FromMs is null && range.BeforeMs is null;
        var rows = Begin(_failed, range.FromMs ?? long.MinValue, range.BeforeMs ?? long.MaxValue, isOpen ? 0 : long.MaxValue);
        while (rows.Next())
        {
            yield return RollupRow.Read(rows, 1, (int)rows.GetInteger(0));
        }

        rows.Reset();
    }

    /// <summary>Returns the sums of a quarter-hour and of all that come after it, in the order of time.</summary>
    public IEnumerable<RollupRow> ReadFrom(int quarter) => ReadQuarters(quarter, int.MaxValue);

    /// <summary>Returns the names of an attribution. What a job is called, and a session's key, are known of all its events or of none.</summary>
    public AttributionNames FindAttribution(long id)
    {
        var rows = Begin(_attributions, id);
        rows.Next();
        var names = new AttributionNames(
            rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetString(3),
            rows.GetString(4), rows.GetString(5), rows.GetString(6), rows.GetString(7),
            rows.GetString(8), rows.GetString(9));
        rows.Reset();

        return names.Job is { } job ? names with { JobName = FindJobName(job) } : names;
    }

    /// <summary>Returns the names of an attribution but those of its session, its job and its lineage: several times as fast.</summary>
    public AttributionNames FindAgent(long id)
    {
        var rows = Begin(_agents, id);
        rows.Next();
        var names = new AttributionNames(
            rows.GetString(0), null, null, rows.GetString(1), rows.GetString(2), rows.GetString(3), null, null, rows.GetString(4), null);
        rows.Reset();

        return names;
    }

    /// <summary>What a job is called now: its newest name.</summary>
    string? FindJobName(string job)
    {
        if (!_jobNames.TryGetValue(job, out var name))
        {
            var rows = Begin(_jobs);
            rows.Bind(1, job);
            name = rows.Next() ? rows.GetString(0) : null;
            rows.Reset();
            _jobNames[job] = name;
        }

        return name;
    }

    /// <summary>Returns provider and name of a model.</summary>
    public ModelNames FindModel(long id)
    {
        var rows = Begin(_models, id);
        rows.Next();
        var names = new ModelNames(rows.GetString(0), rows.GetString(1), rows.GetString(2), rows.GetString(3))
        {
            Runtime = rows.GetString(4),
            Scope = rows.GetString(5),
        };
        rows.Reset();

        return names;
    }

    /// <summary>When the last response was written, among the sessions of the last quarter of an hour with usage; NULL if no time is known.</summary>
    public long? FindNewestMs()
    {
        var rows = Begin(_newest);
        var newest = rows.Next() && rows.TypeOf(0) is not CellType.Null ? rows.GetInteger(0) : (long?)null;
        rows.Reset();

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
        foreach (var rows in new[] { _days, _quarters, _events, _attributions, _agents, _jobs, _models, _newest, _failed }.Where(rows => rows.IsValueCreated))
        {
            rows.Value.Dispose();
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
        var rows = Begin(_quarters, first, end);
        while (rows.Next())
        {
            yield return RollupRow.Read(rows, 1, (int)rows.GetInteger(0));
        }

        rows.Reset();
    }

    IEnumerable<RollupRow> ReadEvents(int quarter, long from, long before)
    {
        if (from >= before)
        {
            yield break;
        }

        var rows = Begin(_events, quarter, from, before);
        while (rows.Next())
        {
            yield return RollupRow.Read(rows, 1, quarter);
        }

        rows.Reset();
    }

    static SqliteRows Begin(Lazy<SqliteRows> prepared, params ReadOnlySpan<long> values)
    {
        var rows = prepared.Value;
        rows.Reset();
        for (var i = 0; i < values.Length; i++)
        {
            rows.Bind(i + 1, values[i]);
        }

        return rows;
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
