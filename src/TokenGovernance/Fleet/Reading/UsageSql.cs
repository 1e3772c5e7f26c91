using Npgsql;
using NpgsqlTypes;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet.Reading;

/// <summary>How each response of the fleet counts, in SQL: as the store's view `usage_measures` says it.</summary>
static class UsageSql
{
    /// <summary>Calls that began more than a day before or after their response was written. An index holds them: there are hardly any.</summary>
    public const string IsOdd = "(e.started_ts - e.event_ts > interval '1 day' OR e.started_ts - e.event_ts < interval '-1 day')";

    /// <summary>When the call of a response `e` began, else when it was written.</summary>
    public const string UsageTs = "coalesce(e.started_ts, CASE WHEN e.is_undated THEN NULL ELSE e.event_ts END)";

    /// <summary>The tokens that are added up.</summary>
    const string Tokens = "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, total_tokens, cache_write_1h_tokens";

    /// <summary>Billionths of a dollar, to the nearest; see <see cref="Money.FromDollars(double)" />. A product of doubles is the same there and here.</summary>
    const string CostNano = """
        CASE WHEN e.cost_total > 0 AND e.cost_total <> 'NaN' THEN
          CASE WHEN least(e.cost_total, 1e9) * 1e9 - floor(least(e.cost_total, 1e9) * 1e9) >= 0.5 THEN ceil(least(e.cost_total, 1e9) * 1e9)
            ELSE floor(least(e.cost_total, 1e9) * 1e9) END::bigint
          ELSE 0 END
        """;

    static readonly string CostClass = $"""
        CASE e.cost_source
          WHEN 'recorded' THEN CASE WHEN coalesce(e.total_tokens, 0) = 0 AND coalesce(e.cost_total, 0) = 0 THEN {(int)Domain.CostClass.Idle} ELSE {(int)Domain.CostClass.Recorded} END
          WHEN 'none-recorded' THEN {(int)Domain.CostClass.NoneRecorded} WHEN 'provider-billed' THEN {(int)Domain.CostClass.ProviderBilled}
          WHEN 'not-measured' THEN {(int)Domain.CostClass.NotMeasured} WHEN 'plan-paid' THEN {(int)Domain.CostClass.PlanPaid} ELSE {(int)Domain.CostClass.Unknown} END
        """;

    /// <summary>A job's name where nothing else names the job: of others the newest name is looked up.</summary>
    const string LooseJobName = "CASE WHEN e.job_id IS NULL THEN e.job_name END";

    /// <summary>What tells groups apart, as <see cref="FleetNames" /> reads it.</summary>
    public const string GroupNames = "m.node_id, m.agent_id, m.channel, m.chat_type, m.\"trigger\", m.job_id, m.loose_job_name, m.home";

    /// <summary>What tells attributions apart.</summary>
    public const string AttributionNames = $"{GroupNames}, m.session_id, m.session_key, m.spawned_by";

    public const string ModelNames = "m.model_provider, m.model, m.api, m.response_model, m.runtime, m.scope";

    /// <summary>The sums of a group of responses `m`; beyond 64 bits they end there.</summary>
    public static readonly string Sums =
        "count(*), count(*) FILTER (WHERE m.is_error), count(m.reasoning_tokens), sum(m.cost_nano), "
        + string.Join(", ", Tokens.Split(", ").Select(column => $"least(coalesce(sum(m.{column}), 0), {long.MaxValue})::bigint"));

    /// <summary>The responses of a span of time, as `m`.</summary>
    /// <param name="range">By the start of the call; its bounds are parameters, see <see cref="BoundsOf" />.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <param name="also">What else they must be; or nothing.</param>
    public static string From(TimeRange range, int first, string also = "")
    {
        var where = also.Length > 0 ? $"WHERE {also}" : "";

        return $"""
            FROM (
              SELECT e.*, {UsageTs} AS usage_ts, {CostNano} AS cost_nano, {CostClass} AS cost_class, {LooseJobName} AS loose_job_name,
                coalesce(e.stop_reason = 'error', false) AS is_error
              FROM {Events(range, first)} {where}) AS m
            """;
    }

    /// <summary>The responses of a span of time, as `e`: those that may be in it by the index on `event_ts`, and its months alone; the odd ones by an index of theirs.</summary>
    /// <param name="range">By the start of the call; its bounds are parameters, see <see cref="BoundsOf" />.</param>
    /// <param name="first">The number of the first of them.</param>
    public static string Events(TimeRange range, int first)
    {
        var (near, exact) = (new List<string>(), new List<string>());
        if (range.FromMs is not null)
        {
            near.Add($"e.event_ts >= ${first} - interval '24 hours'");
            exact.Add($"{UsageTs} >= ${first++}");
        }

        if (range.BeforeMs is not null)
        {
            near.Add($"e.event_ts < ${first} + interval '24 hours'");
            exact.Add($"{UsageTs} < ${first}");
        }

        return near.Count == 0 ? "usage_events AS e" : $"""
            (SELECT e.* FROM usage_events AS e WHERE {string.Join(" AND ", near)} AND {IsOdd} IS NOT TRUE AND {string.Join(" AND ", exact)}
              UNION ALL SELECT e.* FROM usage_events AS e WHERE {IsOdd} AND {string.Join(" AND ", exact)}) AS e
            """;
    }

    /// <summary>The readings of quotas of a span of time, as `e`.</summary>
    public static string Readings(TimeRange range, int first)
    {
        var where = WhereRead(range, first);

        return where.Length == 0 ? "provider_usage_snapshots AS e" : $"(SELECT e.* FROM provider_usage_snapshots AS e {where}) AS e";
    }

    /// <summary>Which readings of quotas `e` are of a span of time.</summary>
    static string WhereRead(TimeRange range, int first)
    {
        var conditions = new List<string>();
        if (range.FromMs is not null)
        {
            conditions.Add($"e.snapshot_ts >= ${first++}");
        }

        if (range.BeforeMs is not null)
        {
            conditions.Add($"e.snapshot_ts < ${first}");
        }

        return conditions.Count == 0 ? "" : $"WHERE {string.Join(" AND ", conditions)}";
    }

    /// <summary>The parameters of <see cref="From" />.</summary>
    public static IEnumerable<NpgsqlParameter> BoundsOf(TimeRange range)
    {
        foreach (var ms in new[] { range.FromMs, range.BeforeMs }.OfType<long>())
        {
            yield return new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = TimeOf(ms) };
        }
    }

    /// <summary>A time; the first or last that there is where it lies beyond.</summary>
    public static DateTime TimeOf(long ms) => UtcTime.IsValid(ms) ? DateTime.UnixEpoch.AddMilliseconds(ms) : ms < 0 ? FirstTime : LastTime;

    static readonly DateTime FirstTime = DateTime.SpecifyKind(DateTime.MinValue.AddDays(2), DateTimeKind.Utc);

    static readonly DateTime LastTime = DateTime.SpecifyKind(DateTime.MaxValue.AddDays(-2), DateTimeKind.Utc);
}
