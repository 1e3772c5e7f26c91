using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads single responses from the store.</summary>
sealed class ResponseReader(SqliteConnection connection) : IResponses
{
    readonly SqliteRows _responses = new(connection, $"""
        SELECT {RollupTable.UsageMs}, e.event_ms, quote(e.run_id), m.output_tokens, m.cost_nano, m.cost_class, m.errors
        FROM event_facts AS e JOIN usage_measures AS m ON m.id = e.id
        WHERE e.attribution_id = ?1
        """);

    readonly SqliteRows _kept = new(connection, """
        SELECT a.pruned_of, coalesce(a.pruned_of, a.id),
          (SELECT min(k.pruned_first_ms) FROM event_attributions AS k WHERE k.pruned_of = coalesce(a.pruned_of, a.id)),
          (SELECT max(k.pruned_last_ms) FROM event_attributions AS k WHERE k.pruned_of = coalesce(a.pruned_of, a.id))
        FROM event_attributions AS a WHERE a.id = ?1
        """);

    readonly SqliteRows _starters = new(connection, """
        SELECT DISTINCT home, session_key, spawned_by FROM event_attributions WHERE session_key IS NOT NULL AND spawned_by IS NOT NULL
        UNION SELECT home, session_key, spawned_by FROM sessions WHERE session_key IS NOT NULL AND spawned_by IS NOT NULL
        """);

    public IEnumerable<ResponseRow> Read(IReadOnlyCollection<long> attributions, TimeRange range) =>
        attributions.SelectMany(Read).Where(response => IsIn(range, response));

    public IReadOnlyDictionary<long, (long? FirstMs, long? LastMs)> ReadSpans(IReadOnlyCollection<long> attributions)
    {
        var spans = new Dictionary<long, (long? FirstMs, long? LastMs)>();
        foreach (var attribution in attributions)
        {
            var (_, owner, first, last) = FindKept(attribution);
            foreach (var response in Read(owner))
            {
                first = Least(first, response.StartMs ?? response.EndMs);
                last = -Least(-last, -(response.EndMs ?? response.StartMs));
            }

            spans[attribution] = (first, last);
        }

        return spans;
    }

    public IEnumerable<(long Attribution, string? Run)> ReadRuns(IReadOnlyCollection<long> attributions, TimeRange range) =>
        attributions.SelectMany(attribution => Read(attribution).Where(response => IsIn(range, response)).Select(response => (attribution, response.Run)));

    public bool AreGone(long attribution) => FindKept(attribution).IsKept;

    static bool IsIn(TimeRange range, in ResponseRow response) =>
        range is { FromMs: null, BeforeMs: null } || (response.StartMs is { } ms && range.Contains(ms));

    static long? Least(long? a, long? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);

    /// <summary>What is kept of the responses of an attribution that are gone.</summary>
    /// <returns>Whether they all are, the attribution that they had, when the first call of those that are gone began, and when the last of them was written.</returns>
    (bool IsKept, long Attribution, long? FirstMs, long? LastMs) FindKept(long attribution)
    {
        long? Number(int column) => _kept.TypeOf(column) is CellType.Null ? null : _kept.GetInteger(column);

        _kept.Begin(attribution);
        _kept.Next();
        var found = (Number(0) is not null, _kept.GetInteger(1), Number(2), Number(3));
        _kept.Reset();

        return found;
    }

    IEnumerable<ResponseRow> Read(long attribution)
    {
        long? Number(int column) => _responses.TypeOf(column) is CellType.Null ? null : _responses.GetInteger(column);

        _responses.Reset();
        _responses.Bind(1, attribution);
        while (_responses.Next())
        {
            var run = _responses.GetString(2);
            yield return new ResponseRow(
                Number(0), Number(1), run is "NULL" ? null : run, _responses.GetInteger(3), new Money(_responses.GetInteger(4)),
                (CostClass)_responses.GetInteger(5), _responses.GetInteger(6) != 0);
        }

        _responses.Reset();
    }

    public Dictionary<(string Home, string Key), string> ReadStarters()
    {
        var starters = new Dictionary<(string Home, string Key), string>();
        _starters.Reset();
        while (_starters.Next())
        {
            starters.TryAdd((_starters.GetString(0) ?? "", _starters.GetString(1)!), _starters.GetString(2)!);
        }

        _starters.Reset();

        return starters;
    }

    public void Dispose()
    {
        _responses.Dispose();
        _kept.Dispose();
        _starters.Dispose();
    }
}

/// <summary>One response.</summary>
/// <param name="StartMs">When its call began; NULL: no time is known.</param>
/// <param name="EndMs">When it was written.</param>
/// <param name="Run">A text that is the same for the responses of a run; NULL: nothing names it.</param>
/// <param name="Output">Output tokens.</param>
/// <param name="Cost">What was recorded, whatever that is worth.</param>
/// <param name="CostClass">What it is worth.</param>
readonly record struct ResponseRow(long? StartMs, long? EndMs, string? Run, long Output, Money Cost, CostClass CostClass, bool IsError);
