using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads single responses, for what the roll-up cannot say: when, in which run, how much each.</summary>
sealed class ResponseReader(SqliteConnection connection) : IDisposable
{
    readonly SqliteRows _responses = new(connection, $"""
        SELECT {RollupTable.UsageMs}, e.event_ms, quote(e.run_id), m.output_tokens, m.cost_nano, m.cost_class, m.errors
        FROM event_facts AS e JOIN usage_measures AS m ON m.id = e.id
        WHERE e.attribution_id = ?1
        """);

    readonly SqliteRows _starters = new(connection, """
        SELECT DISTINCT home, session_key, spawned_by FROM event_attributions WHERE session_key IS NOT NULL AND spawned_by IS NOT NULL
        UNION SELECT home, session_key, spawned_by FROM sessions WHERE session_key IS NOT NULL AND spawned_by IS NOT NULL
        """);

    /// <summary>Returns the responses of an attribution, in no order.</summary>
    public IEnumerable<ResponseRow> Read(long attribution)
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

    /// <summary>Returns the key of the session that started each sub-agent's session, by home and key.</summary>
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
