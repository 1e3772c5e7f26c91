using System.Globalization;

namespace TokenGovernance.Tests.Storage;

/// <summary>Random histories: the original saw some of it, the home holds some of it, and files appear in any order.</summary>
/// <remarks>
///     The model is a list of responses. Each that the original or the home shows, in whatever copy, must be in the store once,
///     and in the session that owns it wherever anything shows it there.
/// </remarks>
[Trait("Category", "Slow")]
public sealed class LegacyImportModelTests
{
    const int Histories = 100;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void EveryResponseIsThereOnceAndWithItsOwner(int run)
    {
        var first = TestSeed.Value + (run * 1000);
        for (var seed = first; seed < first + (Histories / 2); seed++)
        {
            Try(seed);
        }
    }

    static void Try(int seed)
    {
        var random = new Random(seed);
        var files = MakeHistory(random);
        using var scene = new Scene();

        // The original read the beginning of some live files, in any order, in a home that may have been elsewhere.
        var elsewhere = random.Next(2) == 0 ? "/gone/.openclaw" : scene.Home.Path;
        var read = files.Where(_ => random.Next(4) > 0).OrderBy(_ => random.Next()).SelectMany(file => file.Entries
            .Take(random.Next(3) == 0 ? random.Next(file.Entries.Count + 1) : file.Entries.Count)
            .Select((response, index) => (File: file, Response: response, Line: index + 2))).ToList();
        LegacyDatabaseBuilder.Make(scene.Db, read.Select(item => RowOf(item.File, item.Response, item.Line, elsewhere)));

        // Since then files were archived or lost, and they are found in several passes.
        var held = files.Where(_ => random.Next(4) > 0).OrderBy(_ => random.Next()).ToList();
        using (var passes = scene.StartPasses())
        {
            foreach (var file in held)
            {
                var name = random.Next(3) switch { 0 => $"{file.Name}.reset.2026-11-21T23-00-00.000Z", 1 => $"{file.Name}.deleted.2026-11-21T23-00-00.000Z", _ => file.Name };
                scene.Home.Log(name, [Some.Header(file.Session, file.Started, file.Parent), .. file.Entries.Select(Line)]);
                if (random.Next(2) == 0)
                {
                    passes.Run();
                }
            }

            passes.Run();
        }

        scene.Collect(rescan: random.Next(2) == 0);

        Check(seed, scene, read.Select(item => (item.File, item.Response)), held);
    }

    static void Check(int seed, Scene scene, IEnumerable<(HistoryFile File, Response Response)> read, List<HistoryFile> held)
    {
        var shown = read.Concat(held.SelectMany(file => file.Entries.Select(response => (File: file, Response: response))))
            .ToLookup(item => item.Response, item => item.File.Session);
        var stored = scene.Events.Select(row => $"{row.Text("event_ts")} {row.Number("total_tokens") ?? 0} {row.Text("session_id")}")
            .Order(StringComparer.Ordinal);
        var expected = shown.Select(sessions =>
        {
            var response = sessions.Key;
            var session = sessions.Contains(response.Session) ? response.Session : FirstFork(sessions);

            return $"{Some.Time(response.Time)} {response.Total} {session}";
        }).Order(StringComparer.Ordinal);
        stored.Should().Equal(expected, "of seed {0}", seed.ToString(CultureInfo.InvariantCulture));
        StoreRows.Query(scene.Db, "PRAGMA foreign_key_check").Should().BeEmpty();

        // What a source showed has its real key; the others still wait.
        var known = held.SelectMany(file => file.Entries).ToHashSet();
        StoreRows.Query(scene.Db, "SELECT count(*) AS n FROM adopted_events WHERE is_keyed = 0").Single().Number("n").Should()
            .Be(shown.Count(sessions => !known.Contains(sessions.Key)), "of seed {0}", seed.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Of forks that only have a copy the earliest, as always; their ids are in the order they were made.</summary>
    static string FirstFork(IEnumerable<string> sessions) => sessions.Distinct().Order(StringComparer.Ordinal).First();

    static List<HistoryFile> MakeHistory(Random random)
    {
        var clock = 10 * 60;
        string Tick() => string.Create(CultureInfo.InvariantCulture, $"{++clock / 60:00}:{clock % 60:00}");
        var files = new List<HistoryFile>();
        var total = 100;
        Response Next(HistoryFile file) => new(file.Session, Tick(), random.Next(4) == 0 ? 0 : ++total);

        foreach (var id in Enumerable.Range(0, random.Next(1, 4)))
        {
            var file = new HistoryFile($"p{id}.jsonl", $"p{id}", Tick(), null, []);
            file.Entries.AddRange(Enumerable.Range(0, random.Next(1, 4)).Select(_ => Next(file)));
            files.Add(file);
        }

        foreach (var id in Enumerable.Range(0, random.Next(0, 3)))
        {
            var parent = files[random.Next(files.Count)];
            var started = Tick();
            var file = new HistoryFile(
                $"2026-11-21T{started.Replace(':', '-')}-00-000Z_q{id}.jsonl", $"q{id}", started, parent.Name, [.. parent.Entries]);
            file.Entries.AddRange(Enumerable.Range(0, random.Next(1, 3)).Select(_ => Next(file)));
            files.Add(file);
        }

        if (random.Next(2) == 0)
        {
            // A gateway stops: what runs in several sessions fails in the same millisecond.
            var time = Tick();
            files.ForEach(file => file.Entries.Add(new Response(file.Session, time, 0)));
        }

        return files;
    }

    static LegacyRow RowOf(HistoryFile file, Response response, int line, string home)
    {
        var row = new LegacyRow($"{home}/agents/main/sessions/{file.Name}", line, Some.Time(response.Time));

        return (response.Total == 0 ? row.Unused : row with { Input = (long)response.Total, Output = 0L, CacheRead = 0L, Total = (long)response.Total })
            with
        { Agent = file.Parent is null ? "main" : null };
    }

    static string Line(Response response) => Some.Answer(
        $"{response.Session}-{response.Time}", response.Time, $$$"""{"input":{{{response.Total}}},"output":0,"cacheRead":0,"totalTokens":{{{response.Total}}}}""");

    sealed record HistoryFile(string Name, string Session, string Started, string? Parent, List<Response> Entries);

    /// <param name="Session">Its owner.</param>
    sealed record Response(string Session, string Time, int Total);
}
