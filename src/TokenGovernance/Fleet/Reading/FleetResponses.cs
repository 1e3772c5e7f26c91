using Npgsql;
using NpgsqlTypes;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Fleet.Reading;

/// <summary>What sums cannot say of the fleet's responses: only of the sessions that are asked for.</summary>
/// <param name="connection">The fleet's database.</param>
/// <param name="names">Knows the attributions by their numbers.</param>
sealed class FleetResponses(NpgsqlConnection connection, FleetNames names) : IResponses
{
    const RollupLevel Level = RollupLevel.Attributions;

    static readonly int Own = FleetNames.CountOf(Level);

    public IEnumerable<ResponseRow> Read(IReadOnlyCollection<long> attributions, TimeRange range) => Ask(
        attributions, range, $"SELECT {UsageSql.AttributionNames}, m.usage_ts, CASE WHEN m.is_undated THEN NULL ELSE m.event_ts END, m.run_id, coalesce(m.output_tokens, 0), m.cost_nano, m.cost_class, m.is_error", "",
        row => new ResponseRow(
            row.Ms(Own), row.Ms(Own + 1), row.Text(Own + 2), row.GetInt64(Own + 3), new Money(row.GetInt64(Own + 4)), (CostClass)row.GetInt32(Own + 5), row.GetBoolean(Own + 6)))
        .Select(response => response.Value);

    public IReadOnlyDictionary<long, (long? FirstMs, long? LastMs)> ReadSpans(IReadOnlyCollection<long> attributions) => Ask(
        attributions,
        default,
        $"SELECT {UsageSql.AttributionNames}, min(m.usage_ts), max(CASE WHEN m.is_undated THEN m.usage_ts ELSE m.event_ts END)",
        $"GROUP BY {UsageSql.AttributionNames}",
        row => (row.Ms(Own), row.Ms(Own + 1)))
        .ToDictionary(span => span.Attribution, span => span.Value);

    public IEnumerable<(long Attribution, string? Run)> ReadRuns(IReadOnlyCollection<long> attributions, TimeRange range) =>
        Ask(attributions, range, $"SELECT DISTINCT {UsageSql.AttributionNames}, m.run_id", "", row => row.Text(Own));

    /// <summary>Only nodes that push keys of sessions tell who started whom.</summary>
    public Dictionary<(string Home, string Key), string> ReadStarters()
    {
        var starters = new Dictionary<(string Home, string Key), string>();
        foreach (var (home, key, starter) in connection.ReadAll(
            "SELECT DISTINCT home, session_key, spawned_by FROM usage_events WHERE session_key IS NOT NULL AND spawned_by IS NOT NULL ORDER BY 1, 2, 3",
            [],
            row => (Home: row.Text(0) ?? "", Key: row.GetString(1), Starter: row.GetString(2))))
        {
            starters.TryAdd((home, key), starter);
        }

        return starters;
    }

    public void Dispose()
    {
    }

    /// <summary>Asks about the sessions of attributions, and leaves out what is of others.</summary>
    IEnumerable<(long Attribution, T Value)> Ask<T>(IReadOnlyCollection<long> attributions, TimeRange range, string select, string rest, Func<NpgsqlDataReader, T> read)
    {
        if (attributions.Count == 0)
        {
            return [];
        }

        var sessions = attributions.Select(id => names.Find(Level, id, withJob: false).Session).Distinct().ToList();
        var isOfThem = sessions.Contains(null) ? "(e.session_id = ANY ($1) OR e.session_id IS NULL)" : "e.session_id = ANY ($1)";
        var asked = attributions.ToHashSet();
        names.Prepare();

        return connection.ReadAll(
            $"{select} {UsageSql.From(range, 2, isOfThem)} {rest}",
            [
                new NpgsqlParameter<string[]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text, TypedValue = [.. sessions.OfType<string>()] },
                .. UsageSql.BoundsOf(range),
            ],
            row => (Attribution: names.Read(Level, row, 0), Value: read(row))).Where(one => asked.Contains(one.Attribution));
    }
}
