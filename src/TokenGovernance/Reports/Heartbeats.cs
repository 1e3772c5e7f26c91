using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Heartbeats, and those among them that did nothing: one response that can hold little more than `HEARTBEAT_OK`.</summary>
/// <param name="Runs">All of them.</param>
/// <param name="Cost">Their known cost.</param>
/// <param name="EmptyRuns">Those that did nothing.</param>
/// <param name="EmptyCost">What those cost.</param>
/// <param name="AllCost">The known cost of all usage of the time.</param>
sealed record Heartbeats(long Runs, Money Cost, long EmptyRuns, Money EmptyCost, Money AllCost)
{
    /// <summary>Output tokens that an answer of no content fits in.</summary>
    public const int EmptyOutput = 32;

    /// <summary>Reads the heartbeats of the time and of the agents that a query is about; NULL: responses of some are gone.</summary>
    public static Heartbeats? Read(ReportQuery query, IRollup rollup, IResponses responses)
    {
        // A report of jobs has no heartbeats: of its filters only those by agent and home hold here.
        var agents = query.Where.Where(filter => filter.Dimension is Dimension.Agent or Dimension.Home).ToList();
        var (attributions, all) = (new HashSet<long>(), default(Money));
        var known = new Dictionary<long, AttributionNames>();
        foreach (var row in rollup.Read(query.Range, _ => true))
        {
            if (!known.TryGetValue(row.Attribution, out var names))
            {
                known[row.Attribution] = names = rollup.FindAttribution(row.Attribution);
            }

            if (agents.All(filter => filter.Accepts(filter.Dimension is Dimension.Agent ? names.Agent : names.Home)))
            {
                all += KnownOf(row.Cost, row.CostClass);
                if (names.Trigger is "heartbeat")
                {
                    attributions.Add(row.Attribution);
                }
            }
        }

        if (attributions.Any(responses.AreGone))
        {
            return null;
        }

        var runs = responses.Read(attributions, query.Range)
            .Index().GroupBy(response => response.Item.Run ?? $"{response.Index}", response => response.Item, StringComparer.Ordinal)
            .Select(run => (Cost: run.Aggregate(default(Money), (sum, response) => sum + KnownOf(response.Cost, response.CostClass)), IsEmpty: IsEmpty([.. run])))
            .ToList();
        static Money Sum(IEnumerable<(Money Cost, bool IsEmpty)> runs) => runs.Aggregate(default(Money), (sum, run) => sum + run.Cost);

        return new Heartbeats(runs.Count, Sum(runs), runs.LongCount(run => run.IsEmpty), Sum(runs.Where(run => run.IsEmpty)), all);
    }

    static bool IsEmpty(IReadOnlyList<ResponseRow> run) => run is [{ Output: > 0 and <= EmptyOutput, IsError: false }];

    static Money KnownOf(Money cost, CostClass costClass) => CostRule.IsKnown(costClass) ? cost : default;
}
