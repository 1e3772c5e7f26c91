using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage.Metrics;

/// <summary>Adds new events to the counters, each once, in a transaction of the store's writer.</summary>
/// <remarks>
///     Ids of events only grow and are never used again: the last one that was counted says which are new. A change of an event that was
///     counted changes nothing here.
/// </remarks>
sealed class MetricCounters(SqliteConnection connection) : IDisposable
{
    readonly RollupReader _names = new(connection);
    readonly Dictionary<long, AttributionNames> _attributions = [];
    readonly Dictionary<long, ModelNames> _models = [];
    readonly Dictionary<MetricLabels, MetricSums> _series = [];
    readonly Dictionary<(string Agent, string Job), JobSums> _jobs = [];

    /// <summary>All that this class asks often, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["new events"] = $"""
            SELECT e.id, e.ingest_ms, {RollupRow.Columns}
            FROM event_facts AS e CROSS JOIN usage_measures AS m ON m.id = e.id
            WHERE e.id > ?1 ORDER BY e.id LIMIT ?2
            """,
    };

    /// <summary>Counts events that came in before a moment, in their order; the first time all there are.</summary>
    /// <param name="settledMs">Events that came later may still become better known, and wait.</param>
    /// <param name="nowMs">The time.</param>
    /// <param name="most">How many at most.</param>
    /// <returns>When to call again: at once, or when the next event is settled; NULL: when there are new ones.</returns>
    public long? Count(long settledMs, long nowMs, int most)
    {
        long? again = null;
        if (connection.QueryLong("SELECT last_event_id FROM metric_state") is not { } last)
        {
            last = CountHistory();
        }
        else
        {
            (last, again) = CountNew(last, settledMs, nowMs, most);
        }

        if (_series.Count > 0)
        {
            var dropped = new MetricWriter(connection).Write(_series, _jobs);
            using var update = connection.Prepare("UPDATE metric_state SET dropped = dropped + $p0");
            update.With(dropped).ExecuteNonQuery();
        }

        using var state = connection.Prepare("UPDATE metric_state SET last_event_id = $p0, created_ms = coalesce(created_ms, $p1)");
        state.With(last, nowMs).ExecuteNonQuery();

        return again;
    }

    public void Dispose() => _names.Dispose();

    /// <summary>The sums of all events are there already. Nobody has seen a counter yet, so none can seem to jump.</summary>
    long CountHistory()
    {
        foreach (var row in _names.Read(RollupLevel.Groups, default, _ => DayCut.Whole))
        {
            Add(_names.FindGroup(row.Attribution), row, row.Quarter == QuarterHour.Unknown ? 0 : QuarterHour.StartMs(row.Quarter));
        }

        return connection.QueryLong("SELECT max(id) FROM event_facts") ?? 0;
    }

    (long Last, long? Again) CountNew(long last, long settledMs, long nowMs, int most)
    {
        using var rows = new SqliteRows(connection, Queries["new events"]);
        rows.Bind(1, last);
        rows.Bind(2, most);
        var count = 0;
        while (rows.Next())
        {
            // A time ahead of now is that of a clock that was set back: nobody can wait for it.
            var ingestMs = rows.GetInteger(1);
            if (ingestMs > settledMs && ingestMs <= nowMs)
            {
                return (last, ingestMs + (nowMs - settledMs));
            }

            var row = RollupRow.Read(rows, 2, QuarterHour.Unknown);
            Add(FindAttribution(row.Attribution), row, ingestMs);
            last = rows.GetInteger(0);
            count++;
        }

        return (last, count == most ? nowMs : null);
    }

    void Add(AttributionNames names, in RollupRow row, long createdMs)
    {
        var model = FindModel(row.Model);
        var costNano = (long)row.Cost.Billionths;
        var agent = MetricLabels.Of(names.Agent);
        var labels = new MetricLabels(
            agent, MetricLabels.Of(model.Provider), MetricLabels.Of(model.Model), MetricLabels.Of(names.Channel), MetricLabels.Of(names.Trigger));
        var sums = _series.TryGetValue(labels, out var known) ? known : _series[labels] = new MetricSums();
        sums.Add(row.Counts, costNano, row.CostClass);
        sums.CreatedMs = Math.Min(sums.CreatedMs, createdMs);
        if ((names.JobName ?? names.Job) is { } job)
        {
            var key = (agent, MetricLabels.Of(job));
            var jobSums = _jobs.TryGetValue(key, out var knownJob) ? knownJob : _jobs[key] = new JobSums();
            jobSums.Add(row.Counts, costNano, row.CostClass);
            jobSums.CreatedMs = Math.Min(jobSums.CreatedMs, createdMs);
        }
    }

    AttributionNames FindAttribution(long id) =>
        _attributions.TryGetValue(id, out var names) ? names : _attributions[id] = _names.FindAttribution(id);

    ModelNames FindModel(long id) => _models.TryGetValue(id, out var names) ? names : _models[id] = _names.FindModel(id);
}
