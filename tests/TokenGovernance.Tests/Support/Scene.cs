using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Logging;

namespace TokenGovernance.Tests;

/// <summary>A home, a store that is not there yet, and collecting from the one into the other.</summary>
sealed class Scene : IDisposable
{
    public Scene(string home = "home") => Home = new TestHome(Folder[home]);

    public TempFolder Folder { get; } = new();

    public TestHome Home { get; }

    public string Db => Folder["usage.db"];

    /// <summary>Where Claude Code keeps its sessions, if those are to be read.</summary>
    public string? ClaudeProjects { get; set; }

    public IReadOnlyList<Row> Events => StoreRows.Events(Db);

    /// <summary>The only event there is.</summary>
    public Row Event => Events.Should().ContainSingle().Subject;

    /// <summary>Collects once, as a new process would.</summary>
    public PassResult Collect(bool rescan = false) => CollectFrom(Home.Path, rescan);

    public PassResult CollectFrom(string home, bool rescan = false) => CollectFrom([home], rescan);

    public PassResult CollectFrom(IEnumerable<string> homes, bool rescan = false)
    {
        var log = new CollectLog(new LogWriter(TextWriter.Null, new LogStyle(false, false, LogLevel.Error), TimeProvider.System));
        var plan = new CollectPlan(Db, new Homes(homes) { ClaudeProjects = ClaudeProjects }, Status: null, rescan, TimeSpan.Zero);
        var tasks = new PassTasks([new LastPassTask(TimeProvider.System)], log, TimeProvider.System);

        return OneShot.RunAsync(plan, tasks, done: null, upgrading: null, progress: null, CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>Starts what a daemon does, without its pauses.</summary>
    public Passes StartPasses(TimeProvider? time = null) => new(Db, Home.Path, time ?? TimeProvider.System);

    public void Dispose() => Folder.Dispose();
}
