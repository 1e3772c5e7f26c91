using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Proof;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>
///     `report`, `quota`, `export-csv`, `export-parquet` and `doctor` leave every byte of a store, and of what lies beside it, as it was, in whatever
///     state it is; and they read all that is in it.
/// </summary>
public sealed class ReadOnlyVerbTests : IDisposable
{
    static readonly Dictionary<string, Func<string, IDisposable?>> Stores = new()
    {
        ["closed"] = db => Make(db, events: 2),
        ["open in another process"] = db => Open(db, events: 2),
        ["open and not written yet"] = db => Make(db, events: 2) ?? UsageStore.Open(db),
        ["killed while open"] = db => Kill(db),
        ["killed, its index lost"] = db => Kill(db, without: "-shm"),
        ["with an empty log"] = db => Then(Make(db, events: 2), () => File.WriteAllBytes($"{db}-wal", [])),
        ["without a log at all"] = db => Then(Make(db, events: 2), () => StoreRows.Execute(db, "PRAGMA journal_mode = DELETE")),
        ["named oddly"] = db => Make(db, events: 2),
    };

    static readonly Dictionary<string, (Action<string> Make, string Message)> Refused = new()
    {
        ["schema 1"] = (OlderStore.MakeSchema1, $"is a store of an older version (schema 1, this program reads {Schema.Latest})"),
        ["schema 1, open"] = (db => Then(null, () => { OlderStore.MakeSchema1(db); StoreRows.Execute(db, "PRAGMA journal_mode = WAL"); }), "is a store of an older version"),
        ["the original"] = (OlderStore.MakeOriginal, "is a database of the Python original"),
        ["the original, with a log"] = (db => Then(null, () => { OlderStore.MakeOriginal(db); StoreRows.Execute(db, "PRAGMA journal_mode = WAL"); }), "is a database of the Python original"),
        ["an empty database"] = (db => StoreRows.Execute(db, "CREATE TABLE t (x); DROP TABLE t"), "is a database without a store in it"),
        ["an empty file"] = (db => File.WriteAllBytes(db, []), "is an empty file"),
        ["no file"] = (_ => { }, "There is no store at"),
    };

    readonly TempFolder _folder = new();

    public static TheoryData<string> Readable => [.. Stores.Keys];

    public static TheoryData<string> Unreadable => [.. Refused.Keys];

    string Folder => Directory.CreateDirectory(_folder["store"]).FullName;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Readable))]
    public void AStoreStaysAsItWasAndAllOfItIsRead(string state)
    {
        var db = Path.Combine(Folder, state is "named oddly" ? "a %41 b?c#d.db" : "usage.db");
        using var holder = Stores[state](db);
        var before = DirectorySnapshot.Of(Folder);

        var results = RunAll(db);

        DirectorySnapshot.Of(Folder).Should().Equal(before);
        results.Select(result => result.Error).Should().OnlyContain(error => error.Length == 0);
        results.Select(result => result.ExitCode).Should().OnlyContain(code => code == 0);
        JsonDocument.Parse(results[0].Output).RootElement.GetProperty("totals").GetProperty("responses").GetInt64().Should().Be(2);
        CsvText.Read(File.ReadAllText(_folder["out/usage_events.csv"])).Should().HaveCount(2);
        results[3].Output.Should().Contain("2 events").And.Contain("intact");
    }

    [Theory]
    [MemberData(nameof(Unreadable))]
    public void WhatIsNoStoreOfThisVersionStaysAsItWasAndTheMessageSaysWhatToRun(string state)
    {
        var db = Path.Combine(Folder, "usage.db");
        Refused[state].Make(db);
        var before = DirectorySnapshot.Of(Folder);

        var results = RunAll(db);

        DirectorySnapshot.Of(Folder).Should().Equal(before);
        results.Select(result => result.ExitCode).Should().OnlyContain(code => code == 1);
        foreach (var text in results.Select(result => result.Error.Length > 0 ? result.Error : result.Output))
        {
            text.Should().Contain(Refused[state].Message).And.Contain($"token-governance {(state == "no file" ? "collect --once" : "init")} --db {db}");
        }

        Directory.Exists(_folder["out"]).Should().BeFalse("nothing was exported");
    }

    [Fact]
    public void AfterInitTheyAnswer()
    {
        var db = Path.Combine(Folder, "usage.db");
        OlderStore.MakeSchema1(db);

        Cli.Run("init", "--db", db).ExitCode.Should().Be(0);

        JsonDocument.Parse(Cli.Run("report", "--db", db, "--format", "json").Output).RootElement
            .GetProperty("totals").GetProperty("cost_usd").GetProperty("recorded").GetDecimal().Should().Be(0.66m);
    }

    CliResult[] RunAll(string db) =>
    [
        Cli.Run("report", "--db", db, "--format", "json"),
        Cli.Run("quota", "--db", db),
        Cli.Run("export-csv", "--db", db, "--out-dir", _folder["out"]),
        Cli.Run("doctor", "--db", db, "--openclaw-home", HomeWithAgent(), "--openclaw-bin", _folder["no-openclaw"]),
        Cli.Run("export-parquet", "--db", db, "--out-dir", _folder["lake"]),
        Cli.Run("retention", "--db", db),
        Cli.Run("retention", "plan", "--keep", "13mo", "--db", db),
    ];

    string HomeWithAgent()
    {
        var home = new TestHome(_folder["home"]);
        home.Log("s1.jsonl", Some.Header("s1"));

        return home.Path;
    }

    static IDisposable? Make(string db, int events)
    {
        Open(db, events).Dispose();

        return null;
    }

    static UsageStore Open(string db, int events)
    {
        var store = UsageStore.Open(db);
        store.Append(new Batch { Events = [.. Enumerable.Range(0, events).Select(i => Some.Event($"a{i}", time: $"10:0{i}"))] });

        return store;
    }

    /// <summary>Leaves the files that a process leaves which is killed while it has the store open.</summary>
    static IDisposable? Kill(string db, string without = "")
    {
        var elsewhere = Directory.CreateDirectory($"{db}.elsewhere").FullName;
        using (var store = Open(Path.Combine(elsewhere, "usage.db"), events: 2))
        {
            foreach (var suffix in new[] { "", "-wal", "-shm" }.Where(suffix => suffix.Length == 0 || suffix != without))
            {
                File.Copy(store.Path + suffix, db + suffix);
            }
        }

        Directory.Delete(elsewhere, recursive: true);

        return null;
    }

    static IDisposable? Then(IDisposable? made, Action action)
    {
        action();

        return made;
    }
}
