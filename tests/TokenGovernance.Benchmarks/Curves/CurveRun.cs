using TokenGovernance.Benchmarks.Budgets;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Benchmarks.Limits;
using TokenGovernance.Benchmarks.Passes;
using TokenGovernance.Benchmarks.Processes;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Curves;

/// <summary>Measures how cost grows with events, sessions and the store. CPU and memory only: the machine may be busy.</summary>
/// <param name="folder">Where everything goes; each home and store is deleted when it has been measured.</param>
/// <param name="program">The built program.</param>
/// <param name="sizes">At which sizes.</param>
/// <param name="runs">How often each process is run; the least counts.</param>
sealed class CurveRun(string folder, string program, CurveSizes sizes, int runs)
{
    const int EventsOfSession = 100, TextBytes = 200, Passes = 11, Appends = 300, DaemonPasses = 14;
    const double NoiseMs = 3, ProcessNoiseMs = 40, NoiseMiB = 6;

    static readonly string[][] Reports = [["today"], ["--by", "agent,model"], ["--by", "day,agent,model"]];

    readonly List<Curve> _curves = [];

    public IReadOnlyList<Curve> Run()
    {
        foreach (var events in sizes.Events)
        {
            MeasureFirst("JSONL", events, corpus => new JsonlHome(corpus, HomePath).Write());
            MeasureFirst("SQLite", events, corpus => new SqliteHome(corpus, HomePath).Write());
        }

        foreach (var sessions in sizes.Sessions)
        {
            MeasurePasses("JSONL", "jsonl", sessions);
            MeasurePasses("SQLite", "sqlite", sessions);
        }

        foreach (var rows in sizes.Rows)
        {
            MeasureStore(rows);
        }

        return _curves;
    }

    string HomePath => Path.Combine(folder, "home");

    string StorePath => Path.Combine(folder, "usage.db");

    Curve this[string by, string name, string unit, double noise]
    {
        get
        {
            var curve = _curves.Find(curve => (curve.By, curve.Name) == (by, name));
            if (curve is null)
            {
                _curves.Add(curve = new Curve(by, name, unit, noise));
            }

            return curve;
        }
    }

    void MeasureFirst(string era, long events, Action<Corpus> write)
    {
        Begin($"first collection, {era}: {events:N0} responses");
        var corpus = new Corpus(CorpusSize.Reference with { Events = (int)events, Sessions = (int)(events / EventsOfSession), TextBytes = TextBytes });
        write(corpus);
        var cpu = Least(() =>
        {
            DeleteStore();
            var run = Child.Run(program, "collect", "--once", "--no-status", "--openclaw-home", HomePath, "--db", StorePath);
            StoreCheck.Verify(StorePath, corpus.Expected);

            return run.CpuSeconds;
        });
        this["events", $"first collection, {era}", "ms", ProcessNoiseMs].Add(events, cpu * 1000);
        End();
    }

    void MeasurePasses(string era, string kind, long sessions)
    {
        Begin($"passes, {era}: {sessions:N0} sessions");
        using (var home = ManySessions.Make(kind, HomePath, (int)sessions))
        {
            home.Write();
            using (var meter = new PassMeter(home, StorePath))
            {
                meter.CollectFirst();
                this["sessions", $"nothing new, {era}", "ms", NoiseMs].Add(sessions, meter.MeasureIdle(Passes));
                this["sessions", $"one new response, {era}", "ms", NoiseMs].Add(sessions, meter.MeasureResponse(Passes));
            }

            DeleteStore();
            using var daemon = new RunningDaemon(program, HomePath, StorePath, intervalSeconds: 1);
            daemon.WaitForPasses(DaemonPasses);
            this["sessions", $"resident memory, {era}", "MiB", NoiseMiB].Add(sessions, daemon.ResidentBytes / 1048576.0);
        }

        End();
    }

    void MeasureStore(long rows)
    {
        Begin($"store: {rows:N0} responses");
        var scene = new LimitsScene(folder, (int)rows, budgets: 1);
        scene.Make();
        foreach (var report in Reports)
        {
            var cpu = Least(() => Child.Run(program, ["report", "--json", "--db", scene.Store, .. report]).CpuSeconds);
            this["rows", $"report {string.Join(' ', report)}", "ms", ProcessNoiseMs].Add(rows, cpu * 1000);
        }

        using (var store = UsageStore.Open(scene.Store))
        {
            this["rows", "one new response", "ms", NoiseMs].Add(rows, Median([.. Enumerable.Range(0, Appends).Select(_ => Append(store, scene.EventNow()))]));
        }

        End();
    }

    static double Append(UsageStore store, UsageEvent usage)
    {
        var before = Environment.CpuUsage.TotalTime;
        if (store.Append(new Batch { Events = [usage] }).Added != 1)
        {
            throw new InvalidOperationException("a new response was not stored");
        }

        return (Environment.CpuUsage.TotalTime - before).TotalMilliseconds;
    }

    double Least(Func<double> run) => Enumerable.Range(0, runs).Min(_ => run());

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    void Begin(string what)
    {
        Console.Error.WriteLine(what);
        Directory.CreateDirectory(folder);
    }

    void End() => Directory.Delete(folder, recursive: true);

    void DeleteStore()
    {
        foreach (var ending in new[] { "", "-wal", "-shm", ".lock" })
        {
            File.Delete(StorePath + ending);
        }
    }
}
