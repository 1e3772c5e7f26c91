using TokenGovernance.Domain;
using TokenGovernance.Export;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Export;

public sealed class CsvExportTests : IDisposable
{
    /// <summary>The columns of the original, which reports rely on.</summary>
    static readonly string[] FirstColumns =
    [
        "id", "event_ts", "ingest_ts", "agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "model_provider",
        "model", "api", "stop_reason", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens", "cost_input",
        "cost_output", "cost_cache_read", "cost_cache_write", "cost_total", "source_file", "source_line_no",
    ];

    readonly TempFolder _folder = new();
    readonly UsageStore _store;

    public CsvExportTests() => _store = UsageStore.Open(_folder["usage.db"]);

    string Events => _folder["out/usage_events.csv"];

    string Snapshots => _folder["out/provider_usage_snapshots.csv"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void AnEmptyStoreGivesBothFilesWithTheirHeaders()
    {
        Export().Select(file => (file.Path, file.Rows)).Should().Equal((Events, 0), (Snapshots, 0));

        Csv.ReadFile(Events).Should().ContainSingle().Which.Should().StartWith(FirstColumns).And.Contain("event_key");
        Csv.ReadFile(Snapshots).Should().ContainSingle().Which.Should()
            .StartWith(["id", "snapshot_ts", "provider", "display_name", "plan", "window_label", "used_percent", "reset_at_ms"]);
        Directory.GetFiles(_folder["out"]).Should().HaveCount(2);
    }

    [Theory]
    [InlineData("usage_events")]
    [InlineData("provider_usage_snapshots")]
    public void ColumnsAreInTheOrderOfTheSchema(string table)
    {
        Export();

        Csv.ReadFile(_folder[$"out/{table}.csv"])[0].Should()
            .Equal(StoreRows.Query(_folder["usage.db"], $"PRAGMA table_info({table})").Select(row => row.Text("name")));
    }

    [Fact]
    public async Task TwoExportsIntoOneFolderLeaveWholeFilesAndNothingElse()
    {
        Append([.. Enumerable.Range(0, 500).Select(n => Some.Event($"a{n}"))]);
        Export();
        var whole = await File.ReadAllTextAsync(Events);

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var export = 0; export < 10; export++)
            {
                new CsvExport().Write(new LocalStore(_folder["usage.db"]), _folder["out"], default);
                File.ReadAllText(Events).Should().Be(whole);
            }
        })));

        Directory.GetFiles(_folder["out"]).Should().BeEquivalentTo(Events, Snapshots);
    }

    [Theory]
    [InlineData("usage_events.csv.4711.tmp", false)]
    [InlineData("usage_events.csv.0123456789abcdef0123456789abcdef.tmp", false)]
    [InlineData("usage_events.csv.mine.tmp", true)]
    [InlineData("other.csv.4711.tmp", true)]
    public void WhatAKilledExportLeftIsRemovedByTheNextAndNothingElse(string name, bool stays)
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder[$"out/{name}"], "half of it");

        Export();

        File.Exists(_folder[$"out/{name}"]).Should().Be(stays);
    }

    [Fact]
    public void WhatAnotherExportIsWritingStays()
    {
        Directory.CreateDirectory(_folder["out"]);
        using var other = TemporaryFile.For(Events);

        Export();
        other.Keep();

        new FileInfo(Events).Length.Should().Be(0, "the other one came last");
    }

    [Fact]
    public void ALinkInTheTargetsPlaceIsReplacedAndWhatItLeadsToStays()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["victim"], "precious");
        File.CreateSymbolicLink(Events, _folder["victim"]);

        Export();

        File.ReadAllText(_folder["victim"]).Should().Be("precious");
        new FileInfo(Events).LinkTarget.Should().BeNull();
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(Events).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    [Fact]
    public void EveryCellIsWhatTheStoreHolds()
    {
        Append(Some.Event("a1"), Some.Event("a2", "s2", "10:06", model: null));

        Export();

        var rows = Csv.ReadRows(Events);
        rows[0]["model"].Should().Be("stub-a");
        rows[0]["input_tokens"].Should().Be("100");
        rows[0]["cost_total"].Should().Be("0.33");
        rows[0]["event_ts"].Should().Be(Some.Time("10:05"));
        rows[0]["event_key"].Should().MatchRegex("^[0-9a-f]{32}$");
        rows[1]["model"].Should().BeEmpty();
        rows[1]["reasoning_tokens"].Should().BeEmpty("unknown is nothing, not zero");
        rows.Select(row => row["session_id"]).Should().Equal("s1", "s2");
    }

    [Theory]
    [InlineData("comma, comma")]
    [InlineData("say \"hi\"")]
    [InlineData("\"")]
    [InlineData("two\nlines")]
    [InlineData("two\r\nlines")]
    [InlineData("tail\r")]
    [InlineData(" spaces ")]
    [InlineData("grün–モデル-😀")]
    [InlineData("semi;colon\ttab")]
    [InlineData("back\\slash")]
    [InlineData("'quoted'")]
    public void ACellComesBackAsItWas(string model)
    {
        Append(Some.Event("a1", model: model), Some.Event("a2", time: "10:06"));

        Export();

        Csv.ReadRows(Events).Select(row => row["model"]).Should().Equal(model, "stub-a");
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1+1")]
    [InlineData("\r=1+1")]
    [InlineData("=HYPERLINK(\"http://x\",\"y\")")]
    public void ACellThatASpreadsheetWouldRunIsEscaped(string model)
    {
        Append(Some.Event("a1", model: model));

        Export();

        Csv.ReadRows(Events).Single()["model"].Should().Be("'" + model);
    }

    [Theory]
    [InlineData("=1+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t\"x\",y")]
    public void ARawCellIsWhatTheStoreHolds(string model)
    {
        Append(Some.Event("a1", model: model));

        new CsvExport { IsRaw = true }.Write(new LocalStore(_store.Path), _folder["out"], default);

        Csv.ReadRows(Events).Single()["model"].Should().Be(model);
    }

    [Fact]
    public void NumbersAreNumbersInAnyMagnitude()
    {
        var cost = new Cost(6.51e-05, 1e-9, 1234567.125, 0, 0.0042231000000000005, CostClass.Recorded);
        Append(Event(cost, new TokenCounts(TokenCounts.Max, 0, null, null, TokenCounts.Max, null)));

        Export();

        var row = Csv.ReadRows(Events).Single();
        double Number(string column) => double.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture);
        new[] { "cost_input", "cost_output", "cost_cache_read", "cost_cache_write", "cost_total" }.Select(Number).Should()
            .Equal(6.51e-05, 1e-9, 1234567.125, 0, 0.0042231000000000005);
        row["input_tokens"].Should().Be("9007199254740991");
        row["cache_read_tokens"].Should().BeEmpty();
    }

    [Fact]
    public void ABoundIsMeasuredByTheStartOfTheCall()
    {
        Append(Some.Event("a1", time: "10:05"), Some.Event("a2", time: "10:06"), Some.Event("a3", time: "10:07"));

        Export(new TimeRange(Some.Ms("10:06"), null))[0].Rows.Should().Be(2);
        Export(new TimeRange(null, Some.Ms("10:06")))[0].Rows.Should().Be(1);
        Export(new TimeRange(Some.Ms("10:06"), Some.Ms("10:07")))[0].Rows.Should().Be(1);
        Csv.ReadRows(Events).Single()["entry_id"].Should().Be("a2");
    }

    [Fact]
    public void AMarkForExcelIsWrittenOnlyWhenWanted()
    {
        Export();
        File.ReadAllBytes(Events)[..3].Should().Equal("id,"u8.ToArray());

        new CsvExport { WithByteOrderMark = true }.Write(new LocalStore(_store.Path), _folder["out"], default);

        File.ReadAllBytes(Events)[..5].Should().Equal("\uFEFFid"u8.ToArray());
        File.ReadAllBytes(Snapshots)[..5].Should().Equal("\uFEFFid"u8.ToArray());
    }

    [Fact]
    public void OnlyTheOwnerMayReadAnExport()
    {
        Export();

        Directory.GetFiles(_folder["out"]).Should().OnlyContain(file =>
            OperatingSystem.IsWindows() || File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Fact]
    public void AnExportReplacesTheOneBeforeItAndLeavesNoTrace()
    {
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(Events, new string('x', 100_000));

        Export();

        Csv.ReadFile(Events).Should().ContainSingle();
        Directory.GetFileSystemEntries(_folder["out"]).Should().HaveCount(2);
    }

    [Fact]
    public void WhatCannotBeWrittenIsAnErrorAndTheEarlierFilesStand()
    {
        Append(Some.Event());
        Directory.CreateDirectory(Snapshots);
        File.WriteAllText(_folder["file"], "x");

        var onFolder = () => Export();
        var onFile = () => new CsvExport().Write(new LocalStore(_store.Path), _folder["file"], default);

        onFolder.Should().Throw<UserFacingException>().WithMessage("*export*failed*");
        onFile.Should().Throw<UserFacingException>().WithMessage("*export*failed*");
        Directory.Exists(Snapshots).Should().BeTrue();
        Directory.GetFiles(_folder["out"], "*.tmp").Should().BeEmpty();
        File.ReadAllText(_folder["file"]).Should().Be("x");
    }

    [Fact]
    public void RowsAreStreamed()
    {
        Append([.. Enumerable.Range(0, 20_000).Select(i => Some.Event($"a{i}"))]);
        var before = GC.GetAllocatedBytesForCurrentThread();

        Export();

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        new FileInfo(Events).Length.Should().BeGreaterThan(4_000_000);
        allocated.Should().BeLessThan(2_000_000);
    }

    IReadOnlyList<(string Path, long Rows)> Export(TimeRange range = default) =>
        new CsvExport().Write(new LocalStore(_store.Path), _folder["out"], range);

    void Append(params UsageEvent[] events) => _store.Append(new Batch { Events = events });

    static UsageEvent Event(Cost cost, TokenCounts tokens) => new()
    {
        Key = EventKey.FromEntry("a1", 1),
        Session = Some.Session(),
        Cost = cost,
        Tokens = tokens,
        SourceFile = "x",
    };
}
