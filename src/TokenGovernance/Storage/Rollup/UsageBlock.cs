using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>The events of a range of ids, added up by quarter-hour and everything that reports group by.</summary>
sealed class UsageBlock(IReadOnlyList<string?> names, IReadOnlyList<UsageKey> keys, IReadOnlyList<UsageRow> rows)
{
    /// <summary>The texts that keys refer to; the first is NULL.</summary>
    public IReadOnlyList<string?> Names => names;

    public IReadOnlyList<UsageKey> Keys => keys;

    public IReadOnlyList<UsageRow> Rows => rows;
}

/// <summary>What events of one row have in common: indexes into the names of their block.</summary>
readonly record struct UsageKey(
    int Agent, int Session, int SessionKey, int Channel, int ChatType, int Provider, int Model, int Trigger, int Job, int JobName, CostClass Cost);

/// <summary>Events of one key in one quarter of an hour.</summary>
/// <param name="Quarter">See <see cref="QuarterHour" />.</param>
/// <param name="Key">Index into the keys of the block.</param>
/// <param name="Counts">The events.</param>
/// <param name="Cost">What was recorded for them, whatever that is worth.</param>
readonly record struct UsageRow(int Quarter, int Key, UsageCounts Counts, Money Cost);
