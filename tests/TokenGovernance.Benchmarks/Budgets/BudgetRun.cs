using System.Globalization;
using System.Text;
using TokenGovernance.Benchmarks.Corpora;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Measures everything that has a budget, in one run and on one set of corpora.</summary>
/// <remarks>What is compared is run by turns, so that a noisy neighbour meets all of it alike. Every store is checked.</remarks>
/// <param name="folder">Where everything goes.</param>
/// <param name="forms">Builds of the program; of the second and later ones only what depends on starting and compiling.</param>
sealed class BudgetRun(string folder, IReadOnlyList<(string Form, string Program)> forms, CorpusSize size, int runs, int years)
{
    const int IdlePasses = 500;
    const int WarmUpPasses = 1_000;
    const int NewLines = 20;
    const string Floor = "floor: SQLite and libzstd, nothing else";

    readonly Table _table = new();
    readonly List<(string What, string Budget, string Value)> _facts = [];

    string Program => forms[0].Program;

    public void Run(TextWriter output)
    {
        Tell($"writing corpora: {size}");
        var logs = WriteJsonl("logs", size);
        var logsTenth = WriteJsonl("logs-tenth", size.ToTenth());
        var databases = WriteSqlite("databases", size);
        var databasesTenth = WriteSqlite("databases-tenth", size.ToTenth());
        var floor = FloorProgram.Build(folder);

        for (var run = 1; run <= runs; run++)
        {
            Tell($"run {run} of {runs}");
            CollectFirst("JSONL", 2.5, logs, logsTenth);
            CollectFirst("SQLite", 3, databases, databasesTenth);
            if (floor is not null)
            {
                _table[Floor].Add(FloorProgram.Read(floor, databases.Path));
            }

            foreach (var (form, program) in forms)
            {
                _table[$"nothing new, --once{form}", 0.25].Add(CollectOnce(program, logs, keptStore: true, "\"events_added\":0"));
            }

            _table[$"export-csv of {logs.Expected.Events:N0} rows", 1.5].Add(Export(logs));
            _table[$"export-parquet of {logs.Expected.Events:N0} rows", 2].Add(ExportParquet(logs));
        }

        Fact("export-parquet ÷ export-csv, CPU", "at most 2", _table[$"export-parquet of {logs.Expected.Events:N0} rows"].Cpu / _table[$"export-csv of {logs.Expected.Events:N0} rows"].Cpu, "0.00");
        Fact("CSV ÷ Parquet, bytes", "at least 8", SizeOf("csv") / (double)SizeOf("lake"), "0.00");

        if (floor is not null)
        {
            Fact("first collection, SQLite ÷ floor, CPU", "at most 2", Full("SQLite").Cpu / _table[Floor].Cpu, "0.00");
            Fact("first collection, SQLite ÷ floor, time", "", Full("SQLite").Wall / _table[Floor].Wall, "0.00");
        }

        Fact("store, bytes an event", "600", new FileInfo(logs.Store).Length / (double)logs.Expected.Events, "0");
        Fact("first collection, JSONL: full ÷ tenth corpus, CPU", "about 10", Full("JSONL").Cpu / Tenth("JSONL").Cpu, "0.0");
        Fact("first collection, SQLite: full ÷ tenth corpus, CPU", "about 10", Full("SQLite").Cpu / Tenth("SQLite").Cpu, "0.0");
        var idle = MeasureIdle(logs, logs.Store, "JSONL", "5");
        Fact("idle pass, JSONL: full ÷ tenth of the sessions", "at most 10", idle / MeasureIdle(logsTenth, logsTenth.Store, "JSONL, a tenth", ""), "0.0");
        MeasureIdle(databases, databases.Store, "SQLite", "5");
        MeasureNewLines(logs, logs.Store, "");

        Tell($"making {years} years of history");
        var aged = logs.Store + ".aged";
        var events = AgedStore.Create(logs.Store, aged, years);
        MeasureIdle(logs, aged, $"JSONL, {events:N0} events stored", "5");
        MeasureNewLines(logs, aged, $", {events:N0} events stored");

        _table.Write(output);
        output.WriteLine();
        output.WriteLine("| what | budget | measured |");
        output.WriteLine("| --- | --- | --- |");
        _facts.ForEach(fact => output.WriteLine($"| {fact.What} | {fact.Budget} | {fact.Value} |"));
    }

    static void Tell(string text) => Console.Error.WriteLine(text);

    void Fact(string what, string budget, double value, string format) =>
        _facts.Add((what, budget, value.ToString(format, CultureInfo.InvariantCulture)));

    Table.Row Full(string era) => _table[$"first collection, {era}"];

    Table.Row Tenth(string era) => _table[$"first collection, {era}, a tenth"];

    Home WriteJsonl(string name, CorpusSize of)
    {
        var corpus = new Corpus(of);
        var home = new Home(Path.Combine(folder, name), corpus.Expected);
        Tell($"  {name}: {new JsonlHome(corpus, home.Path).Write() / 1e6:N0} MB");

        return home;
    }

    Home WriteSqlite(string name, CorpusSize of)
    {
        var corpus = new Corpus(of);
        var home = new Home(Path.Combine(folder, name), corpus.Expected);
        Tell($"  {name}: {new SqliteHome(corpus, home.Path).Write() / 1e6:N0} MB");

        return home;
    }

    void CollectFirst(string era, double budget, Home home, Home tenth)
    {
        var (cat, grep) = (_table[$"cat, {era}"], _table[$"grep -F '\"usage\"', {era}"]);
        cat.Add(Shell($"find '{home.Path}' -type f -exec cat {{}} + | cat >/dev/null"));
        grep.Add(Shell($"find '{home.Path}' -type f -exec grep -aF '\"usage\"' {{}} + | cat >/dev/null"));
        foreach (var (form, program) in forms)
        {
            _table[$"first collection, {era}{form}", budget, (cat, grep)].Add(CollectOnce(program, home, keptStore: false));
        }

        Tenth(era).Add(CollectOnce(Program, tenth, keptStore: false));
    }

    static Measurement Shell(string command) => Child.Run("sh", "-c", command);

    static Measurement CollectOnce(string program, Home home, bool keptStore, string says = "")
    {
        if (!keptStore)
        {
            File.Delete(home.Store);
        }

        var run = Child.Run(program, "collect", "--once", "--json", "--no-status", "--openclaw-home", home.Path, "--db", home.Store);
        StoreCheck.Verify(home.Store, home.Expected);

        return run.Output.Contains(says, StringComparison.Ordinal) ? run : throw new InvalidOperationException($"unexpected: {run.Output}");
    }

    Measurement Export(Home home)
    {
        var target = Path.Combine(folder, "csv");
        var run = Child.Run(Program, "export-csv", "--db", home.Store, "--out-dir", target);
        var rows = File.ReadLines(Path.Combine(target, "usage_events.csv")).LongCount() - 1;

        return rows == home.Expected.Events ? run : throw new InvalidOperationException($"{rows} rows were exported");
    }

    /// <summary>Into an empty folder: each run has made its store anew, and a folder takes files of one store only.</summary>
    Measurement ExportParquet(Home home)
    {
        var lake = Path.Combine(folder, "lake");
        if (Directory.Exists(lake))
        {
            Directory.Delete(lake, recursive: true);
        }

        return Child.Run(Program, "export-parquet", "--columns", "all", "--db", home.Store, "--out-dir", lake);
    }

    long SizeOf(string export) => Directory.EnumerateFiles(Path.Combine(folder, export), "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length);

    /// <summary>CPU of a pass with nothing new, in ms, and how much memory the passes add.</summary>
    double MeasureIdle(Home home, string store, string what, string budget)
    {
        Tell($"idle passes: {what}");
        using var daemon = new RunningDaemon(Program, home.Path, store, intervalSeconds: 0.01);
        daemon.WaitForPasses(WarmUpPasses);
        var (cpu, memory) = (daemon.CpuSeconds, daemon.ResidentBytes);
        daemon.WaitForPasses(IdlePasses);
        var perPass = (daemon.CpuSeconds - cpu) / IdlePasses * 1000;
        Fact($"idle pass, {what}: CPU ms", budget, perPass, "0.00");
        Fact($"{IdlePasses} idle passes, {what}: growth of resident KiB", budget.Length > 0 ? "0" : "", (daemon.ResidentBytes - memory) / 1024.0, "0");

        return perPass;
    }

    /// <summary>How long the pass takes that stores one new line.</summary>
    void MeasureNewLines(Home home, string store, string what)
    {
        Tell($"new lines{what}");
        var transcript = Directory.EnumerateFiles(Path.Combine(home.Path, "agents", "main", "sessions"), "*.jsonl").Order(StringComparer.Ordinal)
            .First(path => !Path.GetFileName(path)[36..].StartsWith(".checkpoint", StringComparison.Ordinal) && !path.EndsWith(".trajectory.jsonl", StringComparison.Ordinal));
        using var daemon = new RunningDaemon(Program, home.Path, store, intervalSeconds: 0.1);
        daemon.WaitForPasses(WarmUpPasses / 20);
        var times = new List<long>();
        while (times.Count < NewLines)
        {
            File.AppendAllBytes(transcript, Encoding.UTF8.GetBytes(Line()));
            RunningDaemon.Pass pass;
            do
            {
                pass = daemon.WaitForPass();
            }
            while (pass.EventsAdded == 0);

            times.Add(pass.Milliseconds);
        }

        times.Sort();
        Fact($"pass that stores one new line{what}: ms, min", "10", times[0], "0");
        Fact($"pass that stores one new line{what}: ms, median", "", times[times.Count / 2], "0");
    }

    static string Line()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

        return $$$"""
            {"type":"message","id":"{{{Guid.NewGuid()}}}","parentId":null,"timestamp":"{{{Clock.Iso(now)}}}","message":{"role":"assistant","content":[{"type":"text","text":"ok"}],"api":"anthropic-messages","provider":"anthropic","model":"claude-opus-4-6","usage":{"input":10,"output":5,"cacheRead":0,"cacheWrite":0,"totalTokens":15},"stopReason":"stop","timestamp":{{{now}}}}}

            """.ReplaceLineEndings("\n");
    }

    /// <summary>A corpus on disk and the store it is collected into.</summary>
    sealed record Home(string Path, Totals Expected)
    {
        public string Store => Path + ".db";
    }
}
