using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Large;

/// <summary>Measures a first collection beside one into a store that notes no changes, by turns, in this process.</summary>
sealed class FeedCosts(string home, string folder, int runs)
{
    /// <summary>The triggers stay, as they keep the roll-up; what they note is dropped as soon as it is there.</summary>
    const string NoNotes = """
        DROP TRIGGER event_attributions_changed;
        DROP TRIGGER event_facts_gone;
        CREATE TRIGGER no_notes BEFORE INSERT ON event_changes BEGIN SELECT RAISE(IGNORE); END;
        """;

    public void Write(TextWriter output)
    {
        (string Name, string Sql, List<double> Cpu)[] kinds = [("with the change feed", "SELECT 1", []), ("without", NoNotes, [])];
        for (var run = 0; run <= runs; run++)
        {
            // By turns, in both orders.
            foreach (var (name, sql, cpu) in run % 2 == 0 ? kinds : [.. kinds.Reverse()])
            {
                var seconds = Collect(Path.Combine(folder, $"{name}-{run}.db"), sql);
                if (run > 0)
                {
                    cpu.Add(seconds);
                }
            }
        }

        output.WriteLine("| first collection | CPU s, min | median | ÷ without, min | median |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        var without = kinds[1].Cpu.Order().ToList();
        foreach (var (name, _, cpu) in kinds)
        {
            cpu.Sort();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {name} | {cpu[0]:0.00} | {cpu[cpu.Count / 2]:0.00} | {cpu[0] / without[0]:0.000} | {cpu[cpu.Count / 2] / without[cpu.Count / 2]:0.000} |"));
        }
    }

    double Collect(string db, string sql)
    {
        using var store = UsageStore.Open(db);
        store.Connection.Execute(sql);
        using var notices = FolderNotices.Open();
        var collector = new Homes([home]).With(notices).OpenCollector(store, rescan: false, TimeProvider.System);
        var before = Environment.CpuUsage.TotalTime;
        var pass = collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);
        var seconds = (Environment.CpuUsage.TotalTime - before).TotalSeconds;
        if (pass.Failures.Count > 0)
        {
            throw new InvalidOperationException(pass.Failures[0].ToString());
        }

        return seconds;
    }
}
