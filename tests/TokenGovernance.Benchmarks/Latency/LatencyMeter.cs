using System.Diagnostics;
using Microsoft.Data.Sqlite;
using TokenGovernance.Benchmarks.Passes;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Latency;

/// <summary>Writes responses beside a running daemon, at moments that have nothing to do with its passes, and looks when they are in the store.</summary>
sealed class LatencyMeter(ManySessions home, string program, string store)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly Random _random = new(1);

    /// <returns>Milliseconds of each response, and the daemon's CPU for one, in ms.</returns>
    public (List<double> Times, double Cpu) Run(int responses)
    {
        using var daemon = new RunningDaemon(program, home.Folder, store, intervalSeconds: 1);
        daemon.WaitForPasses(4);
        using var connection = new SqliteConnection($"Data Source={store};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var count = connection.CreateCommand();
        count.CommandText = "SELECT count(*) FROM event_facts";

        // The first change after a start is found by a look at everything.
        Write(count);
        var before = daemon.CpuSeconds;
        var times = Enumerable.Range(0, responses).Select(_ => Write(count)).ToList();

        return (times, (daemon.CpuSeconds - before) / responses * 1000);
    }

    double Write(SqliteCommand count)
    {
        // A response comes at a random moment between two looks of the daemon.
        Thread.Sleep(_random.Next(100, 600));
        home.AddResponse(_random.Next(home.Sessions));
        var clock = Stopwatch.StartNew();
        while ((long)count.ExecuteScalar()! < home.Expected.Events)
        {
            if (clock.Elapsed > Patience)
            {
                throw new TimeoutException($"a response was not stored within {Patience.TotalSeconds} s");
            }

            // To the millisecond: nothing tells another process of a row.
            Thread.Sleep(1);
        }

        return clock.Elapsed.TotalMilliseconds;
    }
}
