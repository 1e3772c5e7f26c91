using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Pruning;

/// <summary>Finds events below a floor by the roll-up, which knows all of them by day.</summary>
static class PrunableDays
{
    const string Below = """
        FROM usage_days AS d
        WHERE d.day > -2147483648 AND d.day < ?1 AND (SELECT a.pruned_of FROM event_attributions AS a WHERE a.id = d.attribution_id) IS NULL
        """;

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["events below the floor"] = $"SELECT coalesce(sum(d.events), 0), min(d.day), max(d.day), count(DISTINCT d.day) {Below}",
        ["days below the floor"] = $"SELECT d.attribution_id, d.day, sum(d.events) {Below} GROUP BY 1, 2 ORDER BY 1, 2",
    };

    /// <summary>How much there is.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="floorDay">The first day that stays, counted since 1970, UTC.</param>
    public static PrunableUsage Sum(SqliteConnection connection, long floorDay)
    {
        using var rows = new SqliteRows(connection, Queries["events below the floor"]);
        rows.Bind(1, floorDay);
        rows.Next();
        long? Day(int column) => rows.TypeOf(column) is CellType.Null ? null : rows.GetInteger(column);

        return new PrunableUsage(rows.GetInteger(0), Day(1), Day(2), rows.GetInteger(3));
    }

    /// <summary>Divides it into steps of about as many events as one transaction takes.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="floorDay">As above.</param>
    /// <param name="most">The most events of a step, unless one day of one session has more.</param>
    public static List<List<PruneSpan>> FindSteps(SqliteConnection connection, long floorDay, long most)
    {
        var steps = new List<List<PruneSpan>>();
        var held = most;
        foreach (var span in FindSpans(connection, floorDay, most))
        {
            if (held + span.Events > most)
            {
                steps.Add([]);
                held = 0;
            }

            steps[^1].Add(span);
            held += span.Events;
        }

        return steps;
    }

    static IEnumerable<PruneSpan> FindSpans(SqliteConnection connection, long floorDay, long most)
    {
        using var rows = new SqliteRows(connection, Queries["days below the floor"]);
        rows.Bind(1, floorDay);
        var (attribution, days, events) = (0L, new List<long>(), 0L);
        while (rows.Next())
        {
            var (next, more) = (rows.GetInteger(0), rows.GetInteger(2));
            if (days.Count > 0 && (next != attribution || events + more > most))
            {
                yield return new PruneSpan(attribution, days, events);
                (days, events) = ([], 0);
            }

            attribution = next;
            days.Add(rows.GetInteger(1));
            events += more;
        }

        if (days.Count > 0)
        {
            yield return new PruneSpan(attribution, days, events);
        }
    }
}
