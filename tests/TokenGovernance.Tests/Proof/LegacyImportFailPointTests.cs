using System.Globalization;
using TokenGovernance.Faults;

namespace TokenGovernance.Tests.Proof;

/// <summary>The upgrade of a database of the original dies at a place that is named to it; the next one does all of it, once.</summary>
[Trait("Category", "Slow")]
public sealed class LegacyImportFailPointTests : IDisposable
{
    const int Responses = 2_000;
    const string OriginalTotals = "SELECT count(*), sum(id * total_tokens), count(DISTINCT id) FROM usage_events";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(FailPoint.BackupBeforeRename, 1)]
    [InlineData(FailPoint.MigrationBeforeCommit, 2)]
    [InlineData(FailPoint.MigrationAfterCommit, 2)]
    public void AnUpgradeThatDiesBeginsAgainAndLosesNothing(string place, int leastDeaths)
    {
        LegacyDatabaseBuilder.Make(_folder["original.db"], Rows());
        StoreRows.Execute(_folder["original.db"], "INSERT INTO collector_state VALUES ('offset:/x.jsonl', '1', '2026-11-21T21:01:06+00:00')");
        var whole = Copy(0);
        Cli.Run("init", "--db", whole).ExitCode.Should().Be(0);

        var deaths = FailPointTests.DieEachTime(place, time =>
        {
            var db = Copy(time);
            var died = FailPointTests.Died(FailPointTests.Run($"{place}:{time}", "init", "--db", db));
            if (died && time == 1 && place != FailPoint.MigrationAfterCommit)
            {
                ShouldBeAsItWas(db);
            }

            ShouldBeUpgraded(db, whole);

            return died;
        });

        deaths.Should().BeGreaterThanOrEqualTo(leastDeaths);
    }

    [Fact]
    public void KilledAgainAndAgainItEndsTheSame()
    {
        LegacyDatabaseBuilder.Make(_folder["original.db"], Rows());
        StoreRows.Execute(_folder["original.db"], "INSERT INTO collector_state VALUES ('offset:/x.jsonl', '1', '2026-11-21T21:01:06+00:00')");
        var (whole, db) = (Copy(0), Copy(1));
        Cli.Run("init", "--db", whole).ExitCode.Should().Be(0);

        foreach (var place in (string[])[FailPoint.MigrationBeforeCommit, FailPoint.BackupBeforeRename, FailPoint.MigrationBeforeCommit, FailPoint.MigrationAfterCommit])
        {
            FailPointTests.Died(FailPointTests.Run(place, "init", "--db", db)).Should().BeTrue();
        }

        ShouldBeUpgraded(db, whole);
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

    void ShouldBeAsItWas(string db) =>
        StoreRows.Query(db, OriginalTotals).Single().ToString().Should().Be(StoreRows.Query(_folder["original.db"], OriginalTotals).Single().ToString());

    /// <summary>Upgrades once more and compares with what a whole upgrade made, and the backup with what there was.</summary>
    void ShouldBeUpgraded(string db, string whole)
    {
        Cli.Run("init", "--db", db).ExitCode.Should().Be(0);
        Totals(db).Should().Equal(Totals(whole));
        StoreRows.Query(db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        ShouldBeAsItWas(Backup(db));
        Directory.GetFiles(Path.GetDirectoryName(db)!).Should().BeEquivalentTo([db, Backup(db)]);
    }

    static List<string> Totals(string db) =>
    [
        .. StoreRows.Query(db, """
            SELECT count(*), count(DISTINCT id), count(DISTINCT event_key), sum(total_tokens), sum(id * total_tokens) FROM usage_events
            UNION ALL SELECT count(*), count(DISTINCT id), 0, sum(total_tokens), sum(id * total_tokens) FROM adopted_surplus
            UNION ALL SELECT count(*), count(DISTINCT event_id), 0, 0, sum(instant_ms - event_id) FROM adopted_events
            UNION ALL SELECT count(*), count(DISTINCT session_id), 0, 0, 0 FROM sessions
            """).Select(row => row.ToString()),
    ];

    static string Backup(string db) => $"{db}.original-20261121T210106Z.bak";
}
