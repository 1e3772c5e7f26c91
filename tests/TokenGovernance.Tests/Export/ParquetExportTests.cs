using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Export;
using TokenGovernance.Export.Parquet;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Export;

/// <summary>Parquet files are read back by DuckDB, and compared with what `export-csv --raw` writes.</summary>
public sealed class ParquetExportTests : IDisposable
{
    readonly TempFolder _folder = new();
    readonly UsageStore _store;

    public ParquetExportTests() => _store = UsageStore.Open(_folder["usage.db"]);

    string Lake => _folder["lake"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("snappy")]
    [InlineData("none")]
    public void EveryCellIsThatOfTheCsv(string compression)
    {
        AppendMany(3000);

        Export(compression: Enum.Parse<ParquetCompression>(compression, ignoreCase: true));

        ShouldEqualTheCsv();
    }

    [Fact]
    public void RowsOfSeveralGroupsAreThoseOfTheCsv()
    {
        AppendMany(ParquetWriter.RowGroupSize + 5);

        Export(PartitionUnit.None);

        ShouldEqualTheCsv();
        Duck.Query($"SELECT DISTINCT row_group_id, row_group_num_rows AS n FROM parquet_metadata('{Files("usage_events")}') ORDER BY 1").Select(row => row["n"])
            .Should().Equal("65536", "5");
    }

    [Fact]
    public void NumbersTextsAndTimesOfAnyKindComeBackAsTheyWere()
    {
        string?[] texts = [null, "", "grün–モデル-😀", "a\0b", "say \"hi\"", new string('x', 70_000), "two\r\nlines"];
        long?[] numbers = [null, 0, 1, TokenCounts.Max, 7, 1L << 40];
        double?[] costs = [null, 0, 0.1, 6.51e-05, 1e-9, 1234567.125, 0.0042231000000000005];
        var events = Enumerable.Range(0, 700).Select(n => Some.Event($"e{n}", $"s{n % 3}") with
        {
            Key = EventKey.FromEntry($"e{n}", Some.Ms("10:05") + (n % 50 * 86_400_000L)),
            EventMs = n % 9 == 0 ? null : Some.Ms("10:05") + (n % 50 * 86_400_000L) - (n * 7919L),
            StartedMs = n % 4 == 0 ? null : Some.Ms("10:04") + (n % 50 * 86_400_000L),
            Model = texts[n % texts.Length],
            ResponseId = texts[(n + 3) % texts.Length],
            Tokens = new TokenCounts(numbers[n % numbers.Length], numbers[(n + 1) % numbers.Length], null, 0, numbers[(n + 2) % numbers.Length], null),
            Cost = new Cost(costs[n % costs.Length], costs[(n + 1) % costs.Length], null, 0, costs[(n + 2) % costs.Length], CostClass.Recorded),
        });
        _store.Append(new Batch { Events = [.. events] });
        _store.Append([new QuotaSnapshot { TakenMs = Some.Ms("10:00"), Home = Some.Home, Provider = "stubai", UsedPercent = 12.5, ResetAtMs = 17 }], TimeSpan.Zero);

        Export();

        ShouldEqualTheCsv();
    }

    [Fact]
    public void TypesAreWhatEveryReaderKnows()
    {
        AppendMany(10);

        Export();

        var schema = Duck.Query($"SELECT DISTINCT name, type, logical_type, repetition_type FROM parquet_schema('{Files("usage_events")}') WHERE name <> 'schema'")
            .ToDictionary(column => column["name"]);
        schema.Values.Should().OnlyContain(column => column["repetition_type"] == "OPTIONAL");
        schema["event_ts"]["logical_type"].Should().Contain("TimestampType(isAdjustedToUTC=1").And.Contain("MicroSeconds()");
        schema["model"]["logical_type"].Should().Be("StringType()");
        (schema["event_key"]["type"], schema["event_key"]["logical_type"]).Should().Be(("BYTE_ARRAY", ""));
        (schema["total_tokens"]["type"], schema["cost_total"]["type"]).Should().Be(("INT64", "DOUBLE"));
        Duck.Query($"SELECT typeof(event_ts) AS t, typeof(event_key) AS k, octet_length(event_key) AS n FROM '{Files("usage_events")}' LIMIT 1").Single()
            .Values.Should().Equal("TIMESTAMP WITH TIME ZONE", "BLOB", "16");
    }

    [Fact]
    public void ARowGroupSaysItsBoundsAndHowManyAreUnknown()
    {
        _store.Append(new Batch { Events = [Some.Event("a1", time: "10:05", model: null), Some.Event("a2", time: "10:07"), Some.Event("a3", time: "10:06", model: "b")] });

        Export();

        var columns = Duck.Query($"SELECT path_in_schema AS name, stats_min_value AS least, stats_max_value AS most, stats_null_count AS nulls FROM parquet_metadata('{Files("usage_events")}')")
            .ToDictionary(column => column["name"]);
        (columns["model"]["least"], columns["model"]["most"], columns["model"]["nulls"]).Should().Be(("b", "stub-a", "1"));
        (columns["event_ts"]["least"], columns["event_ts"]["most"]).Should().Be(("2026-11-21 10:05:00+00", "2026-11-21 10:07:00+00"));
        columns["cost_total"]["least"].Should().BeEmpty("zeros and what is no number have no order");
        Duck.Query($"SELECT entry_id AS id FROM '{Files("usage_events")}'").Select(row => row["id"]).Should().Equal("a1", "a3", "a2");
    }

    [Theory]
    [InlineData("month", "UTC", "usage_month=2026-10", "usage_month=2026-11")]
    [InlineData("month", "Asia/Tokyo", "usage_month=2026-11")]
    [InlineData("day", "UTC", "usage_day=2026-10-31", "usage_day=2026-11-01")]
    [InlineData("day", "America/New_York", "usage_day=2026-10-31")]
    [InlineData("none", "UTC", "")]
    public void AFileHoldsAMonthOrADayOfAZone(string unit, string zone, params string[] folders)
    {
        Append("a1", "2026-10-31T23:30:00Z");
        Append("a2", "2026-11-01T01:00:00Z");

        Export(Enum.Parse<PartitionUnit>(unit, ignoreCase: true), TimeZoneInfo.FindSystemTimeZoneById(zone));

        Directory.EnumerateFiles(_folder["lake/usage_events"], "*.parquet", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(_folder["lake/usage_events"], Path.GetDirectoryName(file)!)).Select(folder => folder == "." ? "" : folder)
            .Order(StringComparer.Ordinal).Should().Equal(folders);
        ShouldEqualTheCsv();
    }

    [Fact]
    public void AnEventWithoutATimeHasAPartOfItsOwn()
    {
        _store.Append(new Batch { Events = [Some.Event("a1"), Some.Event("a2") with { EventMs = null, StartedMs = null }] });

        Export();

        Duck.Query($"SELECT count(*) AS n FROM read_parquet('{Files("usage_events")}', hive_partitioning = true) WHERE usage_month IS NULL").Single()["n"].Should().Be("1");
        ShouldEqualTheCsv();
    }

    [Fact]
    public void ABoundIsThatOfTheCsv()
    {
        Append("a1", "2026-10-31T23:30:00Z");
        Append("a2", "2026-11-01T01:00:00Z");
        Append("a3", "2026-11-02T01:00:00Z");
        var range = new TimeRange(Ms("2026-11-01T01:00:00Z"), Ms("2026-11-02T01:00:00Z"));

        Export(range: range).Written.Sum(file => file.Rows).Should().Be(1);

        ShouldEqualTheCsv(range);
    }

    [Fact]
    public void PeopleAreLeftOutUnlessTheyAreAskedFor()
    {
        _store.Append(new Batch
        {
            Sessions = [new SessionInfo(Some.Session()) { SessionKey = "agent:main:telegram:direct:700123456", ParentSessionKey = "agent:main:slack:channel:C0123" }],
            Events = [Some.Event("a1")],
        });

        Export(withPeerIds: false);

        var row = Duck.Query($"SELECT * FROM '{Files("usage_events")}'").Single();
        (row["session_key"], row["parent_session_key"], row["source_file"]).Should().Be(("agent:main:telegram:direct:…", "agent:main:slack:channel:…", ""));
        (row["session_id"], row["channel"]).Should().Be(("s1", "telegram"));
        var bytes = File.ReadAllText(Directory.EnumerateFiles(_folder["lake/usage_events"], "*.parquet", SearchOption.AllDirectories).Single(), System.Text.Encoding.Latin1);
        bytes.Should().NotContain("700123456").And.NotContain("C0123");
    }

    [Fact]
    public void FilesAreTheirOwnersOnlyAndNothingElseIsTouched()
    {
        Append("a1", "2026-11-01T01:00:00Z");
        Directory.CreateDirectory(_folder["lake/usage_events/usage_month=2026-01"]);
        File.WriteAllText(_folder["lake/usage_events/usage_month=2026-01/part-other-0.parquet"], "mine");
        File.WriteAllText(_folder["lake/notes.txt"], "mine");

        Export();
        Export();

        File.ReadAllText(_folder["lake/usage_events/usage_month=2026-01/part-other-0.parquet"]).Should().Be("mine");
        File.ReadAllText(_folder["lake/notes.txt"]).Should().Be("mine");
        var files = Directory.EnumerateFiles(_folder["lake/usage_events/usage_month=2026-11"]).ToList();
        files.Should().ContainSingle();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(files[0]).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void AnExportThatIsDividedOtherwiseTakesTheEarlierFilesAway()
    {
        Append("a1", "2026-11-01T01:00:00Z");
        Export(PartitionUnit.Day);

        var result = Export();

        result.Removed.Should().Be(1);
        Directory.EnumerateDirectories(_folder["lake/usage_events"]).Select(Path.GetFileName).Should().Equal("usage_month=2026-11");
        ShouldEqualTheCsv();
    }

    [Fact]
    public void WhatAKilledExportLeftIsRemoved()
    {
        Append("a1", "2026-11-01T01:00:00Z");
        var path = Path.Combine(Lake, Export().Written.Single().Path);
        var left = path.Replace("2026-11", "2026-10", StringComparison.Ordinal) + ".0123456789abcdef0123456789abcdef.tmp";
        Directory.CreateDirectory(Path.GetDirectoryName(left)!);
        File.WriteAllText(left, "half of it");

        Export();

        File.Exists(left).Should().BeFalse();
        File.Exists(path).Should().BeTrue();
    }

    [Fact]
    public void TwoExportsAtOnceAreRefused()
    {
        Append("a1", "2026-11-01T01:00:00Z");
        Export();
        using var other = FolderLock.Take(Lake);

        var export = () => Export();

        export.Should().Throw<UserFacingException>().WithMessage("Another export writes into*lake*");
    }

    [Fact]
    public void TheFolderOfAnotherStoreIsRefused()
    {
        Append("a1", "2026-11-01T01:00:00Z");
        Export();
        using var other = UsageStore.Open(_folder["other.db"]);
        other.Append(new Batch { Events = [Some.Event("b1")] });

        var export = () => Export(store: other.Path);

        export.Should().Throw<UserFacingException>().WithMessage("*holds the export of another store*");
        ShouldEqualTheCsv();
    }

    [Fact]
    public void TheManifestSaysWhatIsThere()
    {
        Append("a1", "2026-10-31T23:30:00Z");
        Append("a2", "2026-11-01T01:00:00Z");

        Export();

        ParquetManifest.TryRead(Lake, out var manifest).Should().BeTrue();
        manifest!.Schema.Should().Be(Schema.Latest);
        manifest.Files.Select(file => (file.Table, file.Partition, file.Rows, file.TotalTokens, file.CostTotal)).Should()
            .Equal(("usage_events", "2026-10", 1, 123m, 0.33m), ("usage_events", "2026-11", 1, 123m, 0.33m));
        manifest.Files.Should().OnlyContain(file => new FileInfo(Path.Combine(Lake, file.Path)).Length == file.Bytes);
    }

    [Fact]
    public void MemoryDoesNotGrowWithTheRows()
    {
        AppendMany(70_000);
        Export(PartitionUnit.None);
        var small = Allocated(() => Export(PartitionUnit.None));
        AppendMany(70_000, from: 70_000);

        var large = Allocated(() => Export(PartitionUnit.None));

        (large - small).Should().BeLessThan(10_000_000, "70,000 rows more are 25 MB of CSV; only where they are is held, and one row group");
    }

    internal static long Ms(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    static long Allocated(Action work)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        work();

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    string Files(string table) => $"{Lake}/{table}/**/*.parquet";

    void Append(string id, string time) => _store.Append(new Batch
    {
        Events = [Some.Event(id) with { Key = EventKey.FromEntry(id, Ms(time)), EventMs = Ms(time), StartedMs = Ms(time) }],
    });

    /// <summary>Events of three months, not in the order of time.</summary>
    void AppendMany(int count, int from = 0) => _store.Append(new Batch
    {
        Events =
        [
            .. Enumerable.Range(from, count).Select(n => (Id: $"{n:x8}", Ms: Ms("2026-09-01T00:00:00Z") + (n * 7_919_000_003L % (90L * 86_400_000)), Session: $"s{n % 7}"))
                .Select(e => Some.Event(e.Id, e.Session) with { Key = EventKey.FromEntry(e.Id, e.Ms), EventMs = e.Ms, StartedMs = e.Ms - 1500 }),
        ],
    });

    ParquetResult Export(
        PartitionUnit unit = PartitionUnit.Month, TimeZoneInfo? zone = null, TimeRange range = default, bool withPeerIds = true,
        ParquetCompression compression = ParquetCompression.Zstd, string? store = null) =>
        new ParquetExport(Lake, new ParquetOptions(range, unit, zone ?? TimeZoneInfo.Utc, withPeerIds, compression, "test version 1"), TimeProvider.System)
            .Write(new LocalStore(store ?? _store.Path), isIncremental: false);

    void ShouldEqualTheCsv(TimeRange range = default)
    {
        new CsvExport { IsRaw = true }.Write(new LocalStore(_store.Path), _folder["csv"], range);
        foreach (var table in CsvExport.Tables)
        {
            var csv = Csv.ReadRows(_folder[$"csv/{table}.csv"]);
            if (csv.Count == 0)
            {
                Directory.Exists(Path.Combine(Lake, table)).Should().BeFalse();

                continue;
            }

            var parquet = Duck.Query($"SELECT * FROM read_parquet('{Files(table)}', hive_partitioning = false) ORDER BY id");
            parquet.Should().HaveCount(csv.Count);
            for (var row = 0; row < csv.Count; row++)
            {
                Comparable(parquet[row]).Should().Equal(Comparable(csv[row]));
            }
        }
    }

    /// <summary>`column=cell`; numbers with decimals in one form.</summary>
    static List<string> Comparable(Dictionary<string, string> row) =>
        [.. row.Select(cell => $"{cell.Key}={(cell.Key.StartsWith("cost_", StringComparison.Ordinal) && double.TryParse(cell.Value, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture) : cell.Value)}")];
}
