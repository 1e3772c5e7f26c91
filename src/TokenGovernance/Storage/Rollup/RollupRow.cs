using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Totals of events that are alike.</summary>
/// <param name="Quarter">When; of a whole day its first quarter. See <see cref="QuarterHour" />.</param>
/// <param name="Attribution">See <see cref="RollupReader.FindAttribution" />; at the coarse level <see cref="RollupReader.FindGroup" />.</param>
/// <param name="Model">See <see cref="RollupReader.FindModel" />.</param>
/// <param name="Counts">The events.</param>
/// <param name="Cost">What was recorded for them, whatever that is worth.</param>
/// <param name="CostClass">What it is worth.</param>
readonly record struct RollupRow(int Quarter, long Attribution, long Model, UsageCounts Counts, Money Cost, CostClass CostClass)
{
    /// <summary>Tells apart sums that are alike in all else, as one cannot hold all their events.</summary>
    public long Part { get; init; }

    /// <summary>The columns that <see cref="Read" /> reads, of a table of the roll-up or of `usage_measures`, as `m`.</summary>
    public const string Columns = """
        m.attribution_id, m.model_id, m.cost_class, m.events, m.errors, m.input_tokens, m.output_tokens, m.cache_read_tokens,
        m.cache_write_tokens, m.reasoning_tokens, m.reasoning_events, m.total_tokens, m.cost_nano,
        m.cache_write_1h_tokens, m.part
        """;

    /// <summary>Reads the current row.</summary>
    /// <param name="rows">Rows that hold <see cref="Columns" />.</param>
    /// <param name="first">The place of the first of them.</param>
    /// <param name="quarter">When.</param>
    public static RollupRow Read(SqliteRows rows, int first, int quarter)
    {
        long Sum(int index) => rows.GetInteger(first + 3 + index);

        var counts = new UsageCounts
        {
            Events = Sum(0),
            Errors = Sum(1),
            Input = Sum(2),
            Output = Sum(3),
            CacheRead = Sum(4),
            CacheWrite = Sum(5),
            Reasoning = Sum(6),
            ReasoningSaid = Sum(7),
            Total = Sum(8),
            CacheWrite1h = Sum(10),
        };

        return new RollupRow(
            quarter, rows.GetInteger(first), rows.GetInteger(first + 1), counts, new Money(Sum(9)), (CostClass)rows.GetInteger(first + 2))
        {
            Part = Sum(11),
        };
    }
}
