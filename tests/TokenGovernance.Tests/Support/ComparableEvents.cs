namespace TokenGovernance.Tests;

/// <summary>What a store says of its events, without what only says how they came into it: to be compared with another store.</summary>
static class ComparableEvents
{
    // Where several files of one session hold an event, it names the one that was read first.
    static readonly string[] Ours = ["id", "ingest_ts", "session_ref", "source_file", "source_line_no"];

    /// <summary>One line an event, all other columns.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<Row> events) =>
        [.. events.Select(row => string.Join(", ", row.Show(row.Columns.Except(Ours).Where(column => column != "event_key"))
            .Append(Convert.ToHexString((byte[])row["event_key"]!)))).Order(StringComparer.Ordinal)];

    /// <summary>The same of what a first collection into an empty store finds.</summary>
    public static IReadOnlyList<string> OfFirstCollection(string home)
    {
        using var scene = new Scene();
        scene.CollectFrom(home);

        return Of(scene.Events);
    }
}
