using System.Globalization;
using TokenGovernance.Configuration;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Fleets;

/// <summary>Measures batches of growing size as parameters of statements and by COPY, by turns, in this process: CPU of the client, and of a server on this machine.</summary>
sealed class BatchCosts(string store, PostgresAddress address, string folder)
{
    const int WarmUp = 5, Runs = 20;

    static readonly int[] Sizes = [1, 100, 250, 500, 1000, 2000];

    public async Task WriteAsync(TextWriter output, CancellationToken stop)
    {
        var copy = Path.Combine(folder, "batches.db");
        File.Copy(store, copy);
        using var local = UsageStore.Open(copy);
        await using var target = new FleetTarget(address, passwordFile: null);
        await PushAsync(target, local, fewRows: 0, stop);
        var events = new NewEvents("batch");
        output.WriteLine("| rows | `unnest`: client + server, CPU ms, mean | COPY |");
        output.WriteLine("| --- | --- | --- |");
        foreach (var size in Sizes)
        {
            (double Client, double Server) unnest = default, copied = default;
            for (var run = 0; run < WarmUp + Runs; run++)
            {
                local.Append(events.Next(size));
                var first = await PushAsync(target, local, fewRows: int.MaxValue, stop);
                local.Append(events.Next(size));
                var second = await PushAsync(target, local, fewRows: 0, stop);
                if (run >= WarmUp)
                {
                    (unnest, copied) = ((unnest.Client + first.Client, unnest.Server + first.Server), (copied.Client + second.Client, copied.Server + second.Server));
                }
            }

            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {size:N0} | {unnest.Client / Runs:0.0} + {unnest.Server / Runs:0.0} | {copied.Client / Runs:0.0} + {copied.Server / Runs:0.0} |"));
        }

        output.WriteLine();
    }

    static async Task<(double Client, double Server)> PushAsync(FleetTarget target, UsageStore local, int fewRows, CancellationToken stop)
    {
        var before = Environment.CpuUsage.TotalTime;
        var server = await target.DoAsync(
            async connection =>
            {
                await new FleetPush(new FleetPlan(Environment.MachineName, AllColumns: false, "benchmark"), read => local.Read(read)) { FewRows = fewRows }.RunAsync(connection, stop);

                return CpuOf(connection.ProcessID);
            },
            stop);

        return ((Environment.CpuUsage.TotalTime - before).TotalMilliseconds, server);
    }

    /// <summary>CPU of a process so far in ms; 0 where Linux does not say.</summary>
    static double CpuOf(int process)
    {
        try
        {
            return long.Parse(File.ReadAllText($"/proc/{process}/schedstat").Split(' ')[0], CultureInfo.InvariantCulture) / 1e6;
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
