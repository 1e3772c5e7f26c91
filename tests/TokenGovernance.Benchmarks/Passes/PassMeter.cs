using Microsoft.Data.Sqlite;
using TokenGovernance.Collection;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>Measures single passes of a collector in this process.</summary>
sealed class PassMeter : IDisposable
{
    readonly ManySessions _home;
    readonly UsageStore _store;
    readonly IFolderNotices _notices = FolderNotices.Open();
    readonly Collector _collector;

    public PassMeter(ManySessions home, string db)
    {
        _home = home;
        _store = UsageStore.Open(db);
        _collector = new Homes([home.Folder]) { ClaudeProjects = home.ClaudeProjects }.With(_notices).OpenCollector(_store, rescan: false, new LaterClock());
    }

    /// <summary>CPU of the first pass, which collects all there is, in ms.</summary>
    public double CollectFirst() => Measure();

    /// <summary>CPU of a pass that finds nothing new, in ms: the median of some.</summary>
    public double MeasureIdle(int passes)
    {
        Measure();

        return Median([.. Enumerable.Range(0, passes).Select(_ => Measure())]);
    }

    /// <summary>CPU of a pass that finds one new response, in ms: the median of some.</summary>
    public double MeasureResponse(int passes)
    {
        var random = new Random(1);
        var times = new List<double>();
        for (var i = 0; i < passes; i++)
        {
            _home.AddResponse(random.Next(_home.Sessions));
            times.Add(Measure());
        }

        Verify();

        return Median(times);
    }

    public void Dispose()
    {
        _store.Dispose();
        _notices.Dispose();
    }

    static double Median(List<double> times)
    {
        times.Sort();

        return times[times.Count / 2];
    }

    double Measure()
    {
        var before = Environment.CpuUsage.TotalTime;
        _notices.Collect();
        var pass = _collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);
        if (pass.Failures.Count > 0)
        {
            throw new InvalidOperationException(pass.Failures[0].ToString());
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    /// <summary>Holds the store to the home.</summary>
    void Verify()
    {
        using var connection = new SqliteConnection($"Data Source={_store.Path};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), sum(total_tokens) FROM usage_events";
        using var row = command.ExecuteReader();
        row.Read();
        if ((row.GetInt64(0), row.GetInt64(1)) != _home.Expected)
        {
            throw new InvalidOperationException($"the store has {row.GetInt64(0)} events and {row.GetInt64(1)} tokens instead of {_home.Expected}");
        }
    }

    /// <summary>An hour ahead: whatever was written a moment ago has settled.</summary>
    sealed class LaterClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddHours(1);
    }
}
