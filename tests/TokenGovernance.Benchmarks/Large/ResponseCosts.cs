using System.Globalization;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Large;

/// <summary>Measures one response into a large store beside one into an empty store, by turns, in this process: the transaction that a pass makes of it.</summary>
sealed class ResponseCosts(string large, string folder, int runs)
{
    const int Responses = 200;

    long _entries;

    public void Write(TextWriter output)
    {
        var copy = Path.Combine(folder, "large.db");
        File.Copy(large, copy);
        using var into = UsageStore.Open(copy);
        using var empty = UsageStore.Open(Path.Combine(folder, "empty.db"));
        (string Name, UsageStore Store, List<double> Cpu)[] stores = [("an empty store", empty, []), ("the large store", into, [])];
        for (var run = 0; run <= runs; run++)
        {
            foreach (var (_, store, cpu) in stores)
            {
                var before = Environment.CpuUsage.TotalTime;
                for (var i = 0; i < Responses; i++)
                {
                    store.Append(Next());
                }

                // The first run compiles.
                if (run > 0)
                {
                    cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds / Responses);
                }
            }
        }

        output.WriteLine("| one response into | CPU ms, min | median |");
        output.WriteLine("| --- | --- | --- |");
        foreach (var (name, _, cpu) in stores)
        {
            cpu.Sort();
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {cpu[0]:0.000} | {cpu[cpu.Count / 2]:0.000} |"));
        }

        output.WriteLine();
    }

    /// <summary>Of a session among five that are in use, as they are written now, with the checkpoint of its file.</summary>
    Batch Next()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{++_entries:x8}");
        var session = string.Create(CultureInfo.InvariantCulture, $"session-{_entries % 5}");

        return new Batch
        {
            Events = [NewResponse.Make(id, session, (int)_entries)],
            Checkpoints = [new Checkpoint($"log:{session}.jsonl", id)],
        };
    }
}
