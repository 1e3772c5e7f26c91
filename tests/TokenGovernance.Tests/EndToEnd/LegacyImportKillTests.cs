using System.Diagnostics;
using System.Globalization;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The upgrade of a large database of the original, killed at random moments: all of it is there afterwards, once.</summary>
public sealed class LegacyImportKillTests : IDisposable
{
    const int Responses = 100_000;
    const int WantedHits = 4;
    const int MostKills = 80;

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AnUpgradeThatIsKilledBeginsAgainAndLosesNothing()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        LegacyDatabaseBuilder.Make(_folder["original.db"], Rows());
        StoreRows.Execute(_folder["original.db"], "INSERT INTO collector_state VALUES ('offset:/x.jsonl', '1', '2026-11-21T21:01:06+00:00')");
        var whole = Stopwatch.StartNew();
        File.Copy(_folder["original.db"], _folder["whole.db"]);
        Cli.Run("init", "--db", _folder["whole.db"]).ExitCode.Should().Be(0);
        whole.Stop();
        var (hits, kills, copies) = (0, 0, 0);

        // Killed again and again without a whole upgrade between; where one came through, a new copy is begun with.
        var db = Copy(copies++);
        while (hits < WantedHits && kills < MostKills)
        {
            using (var upgrade = Cli.Start([], "init", "--db", db))
            {
                await Task.Delay(random.Next((int)whole.ElapsedMilliseconds));
                upgrade.Kill();
                await upgrade.WaitForExitAsync();
                kills++;
            }

            // The backup is made inside of the transaction: it is there, and nothing else has happened.
            var isUpgraded = Version(db) > 0;
            hits += !isUpgraded && File.Exists(Backup(db)) ? 1 : 0;
            if (isUpgraded)
            {
                Check(db, seed);
                db = Copy(copies++);
            }
        }

        Check(db, seed);
        hits.Should().BeGreaterThanOrEqualTo(WantedHits, "that many of {0} kills must have hit the upgrade itself, seed {1}", kills, seed);
    }

    static IEnumerable<LegacyRow> Rows()
    {
        var start = Some.Ms("00:00");
        for (var i = 0; i < Responses; i++)
        {
            var time = DateTimeOffset.FromUnixTimeMilliseconds(start + (i / 2 * 10)).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

            // Every second response of a tenth of the sessions is a copy of the one before, in a fork.
            var isCopy = i % 2 == 1 && i % 20 == 1;
            var session = $"s{i / 100}";
            yield return new LegacyRow($"/h/.openclaw/agents/main/sessions/{(isCopy ? $"2026-11-22T00-00-00-000Z_f{session}" : session)}.jsonl", (i % 100) + 2, time)
            {
                Total = 1000L + (isCopy ? i - 1 : i),
            };
        }
    }

    string Copy(int number)
    {
        var folder = _folder[$"copy-{number}"];
        Directory.CreateDirectory(folder);
        File.Copy(_folder["original.db"], Path.Combine(folder, "usage.db"));

        return Path.Combine(folder, "usage.db");
    }

    /// <summary>Opens once more and compares with what a whole upgrade made, and the backup with what there was.</summary>
    void Check(string db, int seed)
    {
        Cli.Run("init", "--db", db).ExitCode.Should().Be(0, "seed {0}", seed);
        Sums(db).Should().Equal(Sums(_folder["whole.db"]), "seed {0}", seed);
        StoreRows.Query(db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok", "seed {0}", seed);
        const string original = "SELECT count(*), sum(id * total_tokens), count(DISTINCT id) FROM usage_events";
        StoreRows.Query(Backup(db), original).Single().ToString().Should()
            .Be(StoreRows.Query(_folder["original.db"], original).Single().ToString(), "seed {0}", seed);
        Directory.GetFiles(Path.GetDirectoryName(db)!).Should().BeEquivalentTo([db, Backup(db)], "seed {0}", seed);
    }

    static List<string> Sums(string db) =>
    [
        .. StoreRows.Query(db, """
            SELECT count(*), count(DISTINCT id), count(DISTINCT event_key), sum(total_tokens), sum(id * total_tokens) FROM usage_events
            UNION ALL SELECT count(*), count(DISTINCT id), 0, sum(total_tokens), sum(id * total_tokens) FROM adopted_surplus
            UNION ALL SELECT count(*), count(DISTINCT event_id), 0, 0, sum(instant_ms - event_id) FROM adopted_events
            UNION ALL SELECT count(*), count(DISTINCT session_id), 0, 0, 0 FROM sessions
            """).Select(row => row.ToString()),
    ];

    static long Version(string db) => StoreRows.Query(db, "PRAGMA user_version").Single().Number("user_version")!.Value;

    static string Backup(string db) => $"{db}.original-20261121T210106Z.bak";
}
