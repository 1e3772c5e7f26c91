using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Sums whose events are gone: those of failed calls, and what is left of the others.</summary>
/// <param name="connection">The store.</param>
/// <param name="byGroup">By group; else by attribution.</param>
sealed class KeptSums(SqliteConnection connection, bool byGroup) : IDisposable
{
    readonly LazyRows _sums = new(connection, $"kept sums of a range{(byGroup ? ", by group" : "")}");
    readonly LazyRows _failures = new(connection, $"kept failures of a range{(byGroup ? ", by group" : "")}");
    readonly Lazy<bool> _any = new(() => connection.QueryInt(RollupQueries.All["any kept sums"]) != 0, isThreadSafe: false);

    /// <summary>Returns sums of quarter-hours, each of failed calls only or of others only, in no order.</summary>
    /// <param name="first">The first quarter-hour.</param>
    /// <param name="end">The first one after the last.</param>
    public IReadOnlyList<RollupRow> Read(int first, int end)
    {
        if (first >= end || !_any.Value)
        {
            return [];
        }

        var others = new Dictionary<(int Quarter, long Owner, long Model, CostClass Cost, long Part), RollupRow>();
        var failed = new List<RollupRow>();
        foreach (var row in ReadRows(_sums.Rows, first, end))
        {
            Add(others, row);
        }

        foreach (var row in ReadRows(_failures.Rows, first, end))
        {
            failed.Add(row);
            Add(others, row with { Counts = row.Counts.Negative(), Cost = new Money(-row.Cost.Billionths) });
        }

        return [.. failed, .. others.Values.Where(row => row.Counts.Events != 0)];
    }

    public void Dispose()
    {
        _sums.Dispose();
        _failures.Dispose();
    }

    static IEnumerable<RollupRow> ReadRows(SqliteRows rows, int first, int end)
    {
        rows.Begin(first, end);
        while (rows.Next())
        {
            yield return RollupRow.Read(rows, 1, (int)rows.GetInteger(0));
        }

        rows.Reset();
    }

    static void Add(Dictionary<(int Quarter, long Owner, long Model, CostClass Cost, long Part), RollupRow> sums, in RollupRow row)
    {
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(sums, (row.Quarter, row.Attribution, row.Model, row.CostClass, row.Part), out var isKnown);
        var counts = sum.Counts;
        counts.Add(row.Counts);
        sum = isKnown ? sum with { Counts = counts, Cost = sum.Cost + row.Cost } : row;
    }
}
