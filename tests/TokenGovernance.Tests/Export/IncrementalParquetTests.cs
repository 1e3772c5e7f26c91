using TokenGovernance.Domain;
using TokenGovernance.Export;
using TokenGovernance.Export.Parquet;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Export;

/// <summary>`--incremental` writes the months that are other than they were, and leaves the others alone.</summary>
public sealed class IncrementalParquetTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly UsageStore _store;

    public IncrementalParquetTests()
    {
        _store = UsageStore.Open(_folder["usage.db"]);
        Append("a1", "s1", "2026-08-05T10:00:00Z");
        Append("a2", "s2", "2026-09-05T10:00:00Z");
        Append("a3", "s2", "2026-10-05T10:00:00Z");
        Append("a4", "s3", "2026-11-05T10:00:00Z");
        Export(isIncremental: true).IsIncremental.Should().BeFalse("there was none before");
    }

    string Lake => _folder["lake"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void NothingNewWritesNothing() => ExportShouldWrite();

    [Fact]
    public void ANewEventWritesItsMonth()
    {
        Append("a5", "s3", "2026-08-06T10:00:00Z");

        ExportShouldWrite("2026-08");
        ExportShouldWrite();
    }

    [Fact]
    public void ANewMonthIsAdded()
    {
        Append("a5", "s3", "2026-12-06T10:00:00Z");

        ExportShouldWrite("2026-12");
    }

    [Fact]
    public void WhatIsLearnedOfASessionWritesTheMonthsOfItsEvents()
    {
        _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("s2")) { Channel = "telegram" }] });

        ExportShouldWrite("2026-09", "2026-10");

        Duck.Query($"SELECT entry_id AS id FROM '{Lake}/usage_events/**/*.parquet' WHERE channel = 'telegram' ORDER BY 1").Select(row => row["id"]).Should().Equal("a2", "a3");
    }

    [Fact]
    public void AnEventThatWentWritesItsMonth()
    {
        Append("a5", "s1", "2026-08-06T10:00:00Z");
        ExportShouldWrite("2026-08");

        StoreRows.Execute(_store.Path, "DELETE FROM usage_events WHERE entry_id = 'a5'");

        ExportShouldWrite("2026-08");
    }

    [Fact]
    public void AMonthWithoutEventsLeavesNoFile()
    {
        StoreRows.Execute(_store.Path, "DELETE FROM usage_events WHERE entry_id = 'a1'");

        var result = Export(isIncremental: true);

        (result.Written.Count, result.Unchanged, result.Removed).Should().Be((0, 3, 1));
        Directory.Exists(Path.Combine(Lake, "usage_events/usage_month=2026-08")).Should().BeFalse();
        ShouldBeTheStore();
    }

    [Fact]
    public void ANewReadingOfAQuotaWritesItsMonth()
    {
        _store.Append([new QuotaSnapshot { TakenMs = Some.Ms("10:00"), Home = Some.Home, Provider = "stubai" }], TimeSpan.Zero);

        var result = Export(isIncremental: true);

        result.Written.Select(file => (file.Table, file.Partition)).Should().Equal(("provider_usage_snapshots", "2026-11"));
        ExportShouldWrite();
    }

    [Theory]
    [InlineData("")]
    [InlineData("other bytes")]
    public void AFileThatIsNotAsItWasIsWrittenAgain(string content)
    {
        var path = Directory.EnumerateFiles(Path.Combine(Lake, "usage_events/usage_month=2026-09")).Single();
        File.Delete(path);
        if (content.Length > 0)
        {
            File.WriteAllText(path, content);
        }

        ExportShouldWrite("2026-09");
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"format\":99}")]
    public void WithoutAManifestThatCanBeReadAllIsWritten(string manifest)
    {
        File.WriteAllText(Path.Combine(Lake, ParquetManifest.Name), manifest);

        Export(isIncremental: true).Written.Should().HaveCount(4);

        ShouldBeTheStore();
        ExportShouldWrite();
    }

    [Fact]
    public void WithOtherOptionsAllIsWrittenAndThatIsSaid()
    {
        var result = Export(isIncremental: true, unit: PartitionUnit.Day);

        result.IsIncremental.Should().BeFalse();
        result.Note.Should().Contain("other options");
        ShouldBeTheStore();
    }

    [Fact]
    public void AfterABackupWasPutBackAllIsWrittenAndThatIsSaid()
    {
        _store.EmptyLog();
        File.Copy(_store.Path, _folder["backup.db"]);
        Append("a5", "s1", "2026-11-06T10:00:00Z");
        ExportShouldWrite("2026-11");
        using (var restored = UsageStore.Open(_folder["backup.db"]))
        {
            restored.Append(new Batch { Events = [Event("b1", "s1", "2026-08-07T10:00:00Z"), Event("b2", "s1", "2026-08-08T10:00:00Z")] });
        }

        var result = Export(isIncremental: true, store: _folder["backup.db"]);

        result.Note.Should().Contain("older copy");
        Duck.Query($"SELECT entry_id AS id FROM '{Lake}/usage_events/**/*.parquet' ORDER BY 1").Select(row => row["id"]).Should().Equal("a1", "a2", "a3", "a4", "b1", "b2");
    }

    [Fact]
    public void RandomChangesAreAllTold()
    {
        var random = new Random(TestSeed.Value);
        for (var round = 0; round < 25; round++)
        {
            for (var change = random.Next(1, 6); change > 0; change--)
            {
                Change(random, round * 10 + change);
            }

            Export(isIncremental: true).IsIncremental.Should().BeTrue();
            ShouldBeTheStore($"seed {TestSeed.Value}, round {round}");
        }
    }

    void Change(Random random, int number)
    {
        var session = $"s{random.Next(4)}";
        switch (random.Next(4))
        {
            case 0:
                _store.Append(new Batch { Sessions = [new SessionInfo(Some.Session(session)) { Channel = $"c{number}", ChatType = random.Next(2) == 0 ? "direct" : null }] });
                break;
            case 1:
                StoreRows.Execute(_store.Path, $"DELETE FROM usage_events WHERE id = (SELECT id FROM usage_events LIMIT 1 OFFSET {random.Next(5)})");
                break;
            case 2:
                _store.Append(new Batch { Runs = [new RunStart(Some.Session(session), null, ParquetExportTests.Ms("2026-08-01T00:00:00Z"), "cron")] });
                break;
            default:
                var ms = ParquetExportTests.Ms("2026-08-31T23:50:00Z") + random.NextInt64(100L * 86_400_000);

                // Some calls begin in one month and end in the next.
                _store.Append(new Batch { Events = [Some.Event($"r{number}", session) with { Key = EventKey.FromEntry($"r{number}", ms), EventMs = ms, StartedMs = ms - random.NextInt64(3_600_000) }] });
                break;
        }
    }

    static UsageEvent Event(string id, string session, string time) => Some.Event(id, session) with
    {
        Key = EventKey.FromEntry(id, ParquetExportTests.Ms(time)),
        EventMs = ParquetExportTests.Ms(time),
        StartedMs = ParquetExportTests.Ms(time),
    };

    void Append(string id, string session, string time) => _store.Append(new Batch { Events = [Event(id, session, time)] });

    ParquetResult Export(bool isIncremental, PartitionUnit unit = PartitionUnit.Month, string? store = null) =>
        new ParquetExport(Lake, new ParquetOptions(default, unit, TimeZoneInfo.Utc, true, ParquetCompression.Zstd, "test version 1"), TimeProvider.System)
            .Write(new LocalStore(store ?? _store.Path), isIncremental);

    /// <summary>Files that are not named stay as they are, to the byte and the time.</summary>
    void ExportShouldWrite(params string[] months)
    {
        var before = Stamps();

        var result = Export(isIncremental: true);

        result.IsIncremental.Should().BeTrue();
        result.Written.Select(file => file.Partition).Should().Equal(months);
        foreach (var (path, stamp) in Stamps().Where(file => !months.Any(month => file.Key.Contains(month, StringComparison.Ordinal))))
        {
            before[path].Should().Be(stamp);
        }

        ShouldBeTheStore();
    }

    Dictionary<string, DateTime> Stamps() => Directory.EnumerateFiles(Lake, "*.parquet", SearchOption.AllDirectories).ToDictionary(path => path, File.GetLastWriteTimeUtc);

    void ShouldBeTheStore(string because = "") => Duck.Query($"SELECT * FROM read_parquet('{Lake}/usage_events/**/*.parquet', hive_partitioning = false) ORDER BY id")
        .Select(row => $"{row["id"]} {row["entry_id"]} {row["event_ts"]} {row["channel"]} {row["chat_type"]} {row["trigger"]} {row["total_tokens"]}").Should().Equal(
            StoreRows.Query(_store.Path, "SELECT * FROM usage_events ORDER BY id")
                .Select(row => $"{row.Text("id")} {row.Text("entry_id")} {row.Text("event_ts")} {row.Text("channel")} {row.Text("chat_type")} {row.Text("trigger")} {row.Text("total_tokens")}"), because);
}
