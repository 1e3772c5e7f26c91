using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>What quarter-hours cost, from the roll-up.</summary>
sealed class QuarterCosts(SqliteConnection connection) : IQuarterCosts
{
    const string Sql = """
        SELECT quarter, attribution_id, model_id, cost_class, cost_nano, output_tokens
        FROM usage_quarters WHERE quarter >= ?1 AND quarter < ?2 ORDER BY quarter
        """;

    readonly SqliteRows _rows = new(connection, Sql);

    public IEnumerable<QuarterCost> Read(int first, int end)
    {
        _rows.Reset();
        _rows.Bind(1, first);
        _rows.Bind(2, end);
        while (_rows.Next())
        {
            yield return new QuarterCost(
                (int)_rows.GetInteger(0), _rows.GetInteger(1), _rows.GetInteger(2), (CostClass)_rows.GetInteger(3), _rows.GetInteger(4), _rows.GetInteger(5));
        }

        _rows.Reset();
    }

    public void Dispose() => _rows.Dispose();
}

/// <summary>Events of a quarter-hour that are alike.</summary>
/// <param name="CostNano">Billionths of a dollar, as recorded, whatever that is worth.</param>
readonly record struct QuarterCost(int Quarter, long Attribution, long Model, CostClass CostClass, long CostNano, long OutputTokens);
