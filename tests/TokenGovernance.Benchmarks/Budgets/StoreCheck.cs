using Microsoft.Data.Sqlite;
using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Holds a store to the totals of a corpus: a fast reader that is wrong is worth nothing.</summary>
static class StoreCheck
{
    /// <exception cref="InvalidOperationException">The store says something else.</exception>
    public static void Verify(string store, Totals expected)
    {
        using var connection = new SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(total_tokens),
              sum(CAST(round(cost_total * 1e9) AS INTEGER))
            FROM usage_events
            """;
        using var reader = command.ExecuteReader();
        reader.Read();
        var found = new Totals
        {
            Events = reader.GetInt64(0),
            Input = reader.GetInt64(1),
            Output = reader.GetInt64(2),
            CacheRead = reader.GetInt64(3),
            CacheWrite = reader.GetInt64(4),
            Total = reader.GetInt64(5),
            CostNano = reader.GetInt64(6),
        };
        if (found != expected)
        {
            throw new InvalidOperationException($"wrong totals in {store}:{Environment.NewLine}{found}{Environment.NewLine}instead of{Environment.NewLine}{expected}");
        }
    }
}
