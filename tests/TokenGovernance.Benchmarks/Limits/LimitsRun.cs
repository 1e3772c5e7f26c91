using System.Globalization;
using TokenGovernance.Benchmarks.Processes;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Passes;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;

namespace TokenGovernance.Benchmarks.Limits;

/// <summary>Measures whole processes by turns, then the daemon's looks in this process. CPU only: the machine may be busy.</summary>
sealed class LimitsRun(LimitsScene scene, string program, int runs)
{
    const int Looks = 300;

    readonly Dictionary<string, List<double>> _cpu = [];

    public void Run(TextWriter output)
    {
        for (var run = 0; run < runs; run++)
        {
            Measure("report month", "report", "month", "--db", scene.Store, "--config", scene.Config);
            Measure("budget", "budget", "--db", scene.Store, "--config", scene.Config);
            Measure("budget check, budgets only", "budget", "check", "--db", scene.Store, "--config", scene.PlainConfig);
            Measure("budget check", "budget", "check", "--db", scene.Store, "--config", scene.Config);
            Measure("budget check, 10 budgets", "budget", "check", "--db", scene.Store, "--config", scene.SmallConfig);
        }

        output.WriteLine("| what | CPU ms, min | median | ÷ report month, min | median |");
        output.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (what, cpu) in _cpu)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {what} | {1000 * cpu.Min():0} | {1000 * Median(cpu):0} | {cpu.Min() / _cpu["report month"].Min():0.00} | {Median(cpu) / Median(_cpu["report month"]):0.00} |"));
        }

        output.WriteLine();
        output.WriteLine("| read once, code warm | CPU ms, median |");
        output.WriteLine("| --- | --- |");
        MeasureRead(output, "report month", () => Report.Read(new LocalStore(scene.Store), Month()));
        MeasureRead(output, "quarter-hours of eight weeks", () => StoreReader.Read(scene.Store, CountSpent));
        MeasureRead(output, "budgets", () => Watch(scene.PlainConfig).Read(withRunaways: false));
        MeasureRead(output, "budgets and runaways", () => Watch(scene.Config).Read());
        output.WriteLine();
        output.WriteLine("| the daemon's look | CPU ms, min | median | max |");
        output.WriteLine("| --- | --- | --- | --- |");
        MeasureLooks(output, "10 budgets, runaways", scene.SmallConfig);
        MeasureLooks(output, "all budgets, runaways", scene.Config);
    }

    void Measure(string what, params string[] arguments)
    {
        Console.Error.WriteLine(what);
        if (!_cpu.TryGetValue(what, out var cpu))
        {
            _cpu[what] = cpu = [];
        }

        cpu.Add(Child.Run("sh", ["-c", "\"$@\" || test $? -eq 4", "sh", program, .. arguments]).CpuSeconds);
    }

    BudgetWatch Watch(string config) => new(ConfigurationFile.Read(config), TimeZoneInfo.Utc, new LocalStore(scene.Store), TimeProvider.System);

    static ReportQuery Month()
    {
        var now = DateTimeOffset.UtcNow;

        return new ReportQuery
        {
            By = [Dimension.Agent, Dimension.Provider, Dimension.Model],
            Zone = TimeZoneInfo.Utc,
            NowMs = now.ToUnixTimeMilliseconds(),
            Range = new TimeRange(new DateTimeOffset(now.Year, now.Month, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds(), null),
        };
    }

    static int CountSpent(StoreReader store)
    {
        var now = QuarterHour.Of(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        using var usage = new UsageRows(store, NameDetail.Groups);

        return usage.ReadSpent(now - (56 * QuarterHour.PerDay), now).Count();
    }

    static void MeasureRead(TextWriter output, string what, Action read)
    {
        var times = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            var before = Environment.CpuUsage.TotalTime;
            read();
            times.Add((Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {Median(times[20..]):0.0} |"));
    }

    /// <summary>Each after one new response; what fired before is stored already.</summary>
    void MeasureLooks(TextWriter output, string what, string config)
    {
        using var round = new AlertRound(ConfigurationFile.Read(config), openClawBin: null, scene.Store, TimeProvider.System);
        using var store = UsageStore.Open(scene.Store);
        store.Connection.Execute("DELETE FROM budget_alerts");
        var (looks, records, without) = (new List<double>(), new List<double>(), new List<double>());
        for (var look = 0; look < Looks; look++)
        {
            store.Append(new Batch { Events = [scene.EventNow()] });
            Look(round, store, looks, records);
            Look(round, store, without, []);
        }

        foreach (var (name, times) in new[]
        {
            ($"{what}, first", looks[..1]), ($"{what}, with news: reading", looks[(Looks / 2)..]), ($"{what}, with news: storing", records[(Looks / 2)..]),
            ($"{what}, without", without[(Looks / 2)..]),
        })
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {times.Min():0.00} | {Median(times):0.00} | {times.Max():0.00} |"));
        }
    }

    /// <summary>All that the daemon does in a look, in ms of CPU of this process.</summary>
    static void Look(AlertRound round, UsageStore store, List<double> looks, List<double> records)
    {
        var before = Environment.CpuUsage.TotalTime;
        var view = round.Look(store);
        var between = Environment.CpuUsage.TotalTime;
        if (view is not null)
        {
            round.Record(store, view, [], busy: null);
        }

        looks.Add((between - before).TotalMilliseconds);
        records.Add((Environment.CpuUsage.TotalTime - between).TotalMilliseconds);
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
