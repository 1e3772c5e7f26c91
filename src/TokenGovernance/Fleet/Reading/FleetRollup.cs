using Npgsql;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Adds up the fleet's events in the database: only sums come over the wire.</summary>
/// <param name="connection">The fleet's database.</param>
/// <param name="names">Numbers the names of rows.</param>
sealed class FleetRollup(NpgsqlConnection connection, FleetNames names) : IRollup
{
    /// <summary>A report asks some things several times.</summary>
    const int MostKept = 6;

    readonly FleetSpans _spans = new(connection);
    readonly Queue<(Question Question, List<int> Starts, List<RollupRow> Rows)> _kept = new();

    public IEnumerable<RollupRow> Read(TimeRange range, Func<int, bool> isWhole) =>
        Read(RollupLevel.Attributions, range, day => isWhole(day) ? DayCut.Whole : DayCut.EachQuarter);

    public IEnumerable<RollupRow> Read(RollupLevel level, TimeRange range, Func<int, DayCut> cutOf, bool isFailedApart = false)
    {
        var starts = _spans.Find(range, cutOf);
        var question = new Question(level, range, isFailedApart);
        foreach (var kept in _kept)
        {
            if (kept.Question == question && kept.Starts.SequenceEqual(starts))
            {
                return kept.Rows;
            }
        }

        var first = range.FromMs is { } from ? QuarterHour.Of(from) : int.MinValue;
        var rows = Ask(
            question, "width_bucket(m.usage_ts, $1)", [FleetSpans.Parameter(starts)], span => Math.Max(starts[Math.Max(0, (int)span - 1)], first));
        _kept.Enqueue((question, starts, rows));
        if (_kept.Count > MostKept)
        {
            _kept.Dequeue();
        }

        return rows;
    }

    public IEnumerable<RollupRow> ReadFrom(RollupLevel level, int quarter) => ReadQuarters(level, new TimeRange(QuarterHour.StartMs(quarter), null));

    /// <summary>Returns the sums of the quarter-hours of a range, in the order of time.</summary>
    public IEnumerable<RollupRow> ReadQuarters(RollupLevel level, TimeRange range) => Ask(
        new Question(level, range, IsFailedApart: false), "floor(extract(epoch FROM m.usage_ts) / 900)::bigint", [], span => (int)span);

    public AttributionNames FindNames(RollupLevel level, long id, bool withSession) => names.Find(level, id, withSession);

    public AttributionNames FindAttribution(long id) => names.Find(RollupLevel.Attributions, id, withJob: true);

    public AttributionNames FindAgent(long id) => names.Find(RollupLevel.Attributions, id, withJob: false);

    public IEnumerable<(long Attribution, long Group, string Agent, string Session)> ReadSessions(TimeRange range) =>
        Read(RollupLevel.Attributions, range, _ => DayCut.Whole).Select(row => row.Attribution).Distinct().Select(id =>
        {
            var attribution = names.Find(RollupLevel.Attributions, id, withJob: false);

            return (id, names.GroupOf(id), attribution.Agent ?? "", attribution.Session ?? "");
        });

    public ModelNames FindModel(long id) => names.FindModel(id);

    public long? FindNewestMs() =>
        connection.ReadAll("SELECT event_ts FROM usage_events WHERE NOT is_undated ORDER BY event_ts DESC LIMIT 1", [], row => row.Ms(0)).FirstOrDefault();

    public void Dispose() => _kept.Clear();

    /// <summary>Asks for sums by spans of time.</summary>
    /// <param name="question">Of what.</param>
    /// <param name="span">The number of a response's span, in SQL.</param>
    /// <param name="parameters">What that needs.</param>
    /// <param name="quarterOf">The quarter-hour that a span begins with.</param>
    List<RollupRow> Ask(Question question, string span, IReadOnlyList<NpgsqlParameter> parameters, Func<long, int> quarterOf)
    {
        var namesSql = question.Level is RollupLevel.Groups ? UsageSql.GroupNames : UsageSql.AttributionNames;
        var keys = $"{namesSql}, {UsageSql.ModelNames}, m.cost_class{(question.IsFailedApart ? ", m.is_error" : "")}";
        var model = 1 + FleetNames.CountOf(question.Level);
        var cost = model + FleetNames.ModelCount;
        var sums = cost + (question.IsFailedApart ? 2 : 1);
        names.Prepare();

        return connection.ReadAll(
            $"""
            SELECT ({span})::bigint AS span, {keys}, {UsageSql.Sums}
            {UsageSql.From(question.Range, parameters.Count + 1)}
            GROUP BY span, {keys} ORDER BY span NULLS FIRST
            """,
            [.. parameters, .. UsageSql.BoundsOf(question.Range)],
            row => new RollupRow(
                row.IsDBNull(0) ? QuarterHour.Unknown : quarterOf(row.GetInt64(0)),
                names.Read(question.Level, row, 1),
                names.ReadModel(row, model),
                CountsOf(row, sums),
                new Money((Int128)row.GetDecimal(sums + 3)),
                (CostClass)row.GetInt32(cost)));
    }

    static UsageCounts CountsOf(NpgsqlDataReader row, int first) => new()
    {
        Events = row.GetInt64(first),
        Errors = row.GetInt64(first + 1),
        ReasoningSaid = row.GetInt64(first + 2),
        Input = row.GetInt64(first + 4),
        Output = row.GetInt64(first + 5),
        CacheRead = row.GetInt64(first + 6),
        CacheWrite = row.GetInt64(first + 7),
        Reasoning = row.GetInt64(first + 8),
        Total = row.GetInt64(first + 9),
        CacheWrite1h = row.GetInt64(first + 10),
    };

    readonly record struct Question(RollupLevel Level, TimeRange Range, bool IsFailedApart);
}
