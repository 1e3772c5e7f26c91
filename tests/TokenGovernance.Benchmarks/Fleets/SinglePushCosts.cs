using System.Globalization;
using TokenGovernance.Benchmarks.Processes;
using TokenGovernance.Configuration;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>Measures pushing one new response, without storing it: as a daemon does, connecting, one batch, leaving; and as a whole process, beside one with nothing to push.</summary>
/// <remarks>All of the store was pushed before, so the database has as many rows.</remarks>
sealed class SinglePushCosts(string program, string store, string url, PostgresAddress address, string folder)
{
    /// <summary>What is compiled is compiled by then.</summary>
    const int WarmUp = 200, Processes = 25;

    readonly NewEvents _events = new("single");

    public async Task WriteAsync(int pushes, TextWriter output, CancellationToken stop)
    {
        File.Copy(store, Copy);
        using var local = UsageStore.Open(Copy);
        await using var target = new FleetTarget(address, passwordFile: null);
        var plan = new FleetPlan(Environment.MachineName, AllColumns: false, "benchmark");
        Task<PushResult> PushAsync() => target.DoAsync(connection => new FleetPush(plan, read => local.Read(read)).RunAsync(connection, stop), stop);

        await PushAsync();
        var cpu = new List<double>();
        var allocated = 0L;
        for (var i = 0; i < WarmUp + pushes; i++)
        {
            local.Append(_events.Next());
            var (before, bytes) = (Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes());
            var result = await PushAsync();
            if (result.Added != 1)
            {
                throw new InvalidOperationException($"{result.Added} responses were added, not 1.");
            }

            if (i >= WarmUp)
            {
                cpu.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
                allocated += GC.GetTotalAllocatedBytes() - bytes;
            }
        }

        cpu.Sort();
        output.WriteLine("| pushing one response, connecting included | CPU ms, min | mean | median | 90 of 100 | KB allocated |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- |");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"| managed, warm | {cpu[0]:0.00} | {cpu.Average():0.00} | {cpu[cpu.Count / 2]:0.00} | {cpu[cpu.Count * 9 / 10]:0.00} | {allocated / 1024 / pushes} |"));
        output.WriteLine(Describe("one response, whole process", Processes, () => local.Append(_events.Next())));
        output.WriteLine(Describe("nothing, whole process", Processes, () => { }));
        output.WriteLine();
    }

    string Copy => Path.Combine(folder, "single.db");

    string Describe(string name, int runs, Action prepare)
    {
        var cpu = new List<double>();
        for (var run = 0; run < runs; run++)
        {
            prepare();
            cpu.Add(Child.Run(program, "fleet", "push", "--db", Copy, "--url", url).CpuSeconds * 1000);
        }

        cpu.Sort();

        return string.Create(CultureInfo.InvariantCulture, $"| {name} | {cpu[0]:0.00} | {cpu.Average():0.00} | {cpu[cpu.Count / 2]:0.00} | {cpu[cpu.Count * 9 / 10]:0.00} | |");
    }
}
