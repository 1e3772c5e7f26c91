using TokenGovernance.Faults;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>The upgrade of a store of 0.1.0, ended at each place as by a power cut: it is the old store or the new one, and says the same.</summary>
[Trait("Category", "Slow")]
public sealed class UpgradeFailPointTests : IDisposable
{
    const int Events = 120_000;

    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void AnUpgradeThatIsEndedBeginsAgainAndLosesNothing()
    {
        Make(Db);
        var before = Sums();

        // Schema 1: the first step leads to 2, the second, which copies the events, to 3.
        (string Place, int Version)[] ends =
        [
            (FailPoint.MigrationBeforeCommit, 1), (FailPoint.MigrationAfterCommit, 2), (FailPoint.MigrationCopying, 2), ($"{FailPoint.MigrationCopying}:2", 2),
            (FailPoint.MigrationBeforeCommit, 2), (FailPoint.MigrationAfterCommit, 3),
        ];
        foreach (var (place, version) in ends)
        {
            Run(place).Should().NotBe(0, place);
            Sums().Should().Equal(before, place);
            Version().Should().Be(version, place);
        }

        Run(place: null).Should().Be(0);
        Sums().Should().Equal(before);
        Version().Should().Be(Schema.Latest);
        RollupRows.ShouldBeTheEvents(Db);
        StoreRows.Query(Db, "PRAGMA page_size").Single().Number("page_size").Should().Be(StoreSpace.PageSize, "it is compacted, too");
        StoreRows.Query(Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        Directory.GetFiles(_folder.Path).Should().BeEquivalentTo([Db]);
    }

    static void Make(string db)
    {
        OlderStore.MakeSchema1(db);
        StoreRows.Execute(db, $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
            INSERT INTO sessions (id, home, agent_id, session_id, first_seen_ts, last_seen_ts)
            SELECT 1000 + i, '/home/me/.openclaw', 'agent-' || (i % 3), 's-' || i, '2026-11-21T10:00:00.000Z', '2026-11-21T10:00:00.000Z' FROM n;
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {Events})
            INSERT INTO usage_events (event_ts, ingest_ts, agent_id, session_id, home, source_file, source_line_no, event_key, entry_id,
              total_tokens, cost_total, cost_source, session_ref)
            SELECT strftime('%Y-%m-%dT%H:%M:%fZ', 1700000000 + i, 'unixepoch'), '2026-11-21T10:00:00.000Z', 'agent-' || (i % 3), 's-' || (i % 500),
              '/home/me/.openclaw', '/home/me/.openclaw/x-' || (i % 500) || '.jsonl', i, randomblob(16), printf('%08x', i), i, i * 1e-6,
              'recorded', 1001 + (i % 500) FROM n;
            """);
    }

    int Run(string? place) => Cli.Run(place is null ? [] : new() { [FailPoint.Variable] = place }, "init", "--db", Db).ExitCode;

    List<string> Sums() =>
    [
        .. StoreRows.Query(Db, """
            SELECT count(*), sum(id * total_tokens), min(event_ts), max(event_ts), count(DISTINCT event_key), count(DISTINCT entry_id),
              count(DISTINCT session_id), count(DISTINCT source_file), sum(source_line_no), round(sum(cost_total), 6), sum(hex(event_key) > '8')
            FROM usage_events
            """).Select(row => row.ToString()),
    ];

    long Version() => StoreRows.Query(Db, "PRAGMA user_version").Single().Number("user_version")!.Value;
}
