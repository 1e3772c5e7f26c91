using System.Text.Json;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`export-csv` by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class ExportTests : IDisposable
{
    readonly Scene _scene = new();

    string Out => _scene.Folder["out folder"];

    string Events => Path.Combine(Out, "usage_events.csv");

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EveryStoredEventIsARow()
    {
        _scene.CollectFrom(new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]));

        var result = Export();

        result.ExitCode.Should().Be(0);
        result.Error.Should().BeEmpty();
        result.Output.Should().Contain($"{Events}: 43 rows").And.Contain("provider_usage_snapshots.csv: 0 rows");
        var stored = StoreRows.Query(_scene.Db, "SELECT * FROM usage_events ORDER BY id");
        var rows = Csv.ReadRows(Events);
        rows.Select(row => $"{row["id"]} {row["entry_id"]} {row["model"]} {row["total_tokens"]} {row["session_key"]}").Should().Equal(
            stored.Select(row => $"{row.Text("id")} {row.Text("entry_id")} {row.Text("model")} {row.Text("total_tokens")} {row.Text("session_key")}"));
        rows.Sum(row => decimal.Parse(row["cost_total"], System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture))
            .Should().BeApproximately(0.57131175m, 1e-12m);
    }

    [Theory]
    [InlineData("de_AT.UTF-8")]
    [InlineData("ar_EG.UTF-8")]
    [InlineData("C")]
    public void NumbersAndTimesAreTheSameInEveryLanguage(string language)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: """{"input":1234567,"cost":{"total":1234.5}}"""));
        var environment = new Dictionary<string, string?> { ["LANG"] = language, ["LC_ALL"] = language };

        var collected = Cli.Run(environment, "collect", "--once", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path);
        Cli.Run(environment, "export-csv", "--db", _scene.Db, "--out-dir", Out).ExitCode.Should().Be(0);

        collected.Output.Should().Contain("$1,234.50").And.Contain("1,234,567");
        var row = Csv.ReadRows(Events).Single();
        (row["input_tokens"], row["cost_total"], row["event_ts"]).Should().Be(("1234567", "1234.5", Some.Time("10:05")));
    }

    [Theory]
    [InlineData(3, "--since", "2026-11-21", "--until", "2026-11-21")]
    [InlineData(3, "--since", "2026-11", "--until", "2026-11")]
    [InlineData(3, "--period", "2026-11-21")]
    [InlineData(3, "--period", "2026-W47")]
    [InlineData(0, "--since", "2026-11-22")]
    [InlineData(0, "--until", "2026-11-20")]
    [InlineData(2, "--since", "2026-11-21T12:00:00Z")]
    [InlineData(1, "--until", "2026-11-21T12:00")]
    [InlineData(1, "--since", "2026-11-21T13:00:00+01:00", "--until", "2026-11-21T23:00:00Z")]
    [InlineData(2, "--period", "2026-11-21", "--tz", "America/New_York")]
    [InlineData(1, "--period", "2026-11-22", "--tz", "Asia/Tokyo")]
    public void BoundsAreThoseOfReport(int expected, params string[] bounds)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", "00:00"), Some.Answer("a2", "12:00"), Some.Answer("a3", "23:59:59.999"));
        _scene.Collect();
        string[] options = bounds.Contains("--tz") ? bounds : [.. bounds, "--tz", "UTC"];

        Export(options).ExitCode.Should().Be(0);
        var report = Cli.Run(["report", "--db", _scene.Db, "--json", .. options]);

        Csv.ReadRows(Events).Should().HaveCount(expected);
        using var json = JsonDocument.Parse(report.Output);
        json.RootElement.GetProperty("totals").GetProperty("responses").GetInt64().Should().Be(expected);
    }

    [Fact]
    public void AsJsonTheFilesAndWhatTheyCoverArePrinted()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("=a1"));
        _scene.Collect();

        var result = Export("--json", "--raw", "--period", "2026-11", "--tz", "Europe/Vienna");

        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        root.GetProperty("since").GetString().Should().Be("2026-10-31T23:00:00.000Z");
        root.GetProperty("until").GetString().Should().Be("2026-11-30T23:00:00.000Z");
        root.GetProperty("time_zone").GetString().Should().Be("Europe/Vienna");
        root.GetProperty("files").EnumerateArray().Select(file => (file.GetProperty("path").GetString(), file.GetProperty("rows").GetInt64()))
            .Should().Equal((Events, 1), (Path.Combine(Out, "provider_usage_snapshots.csv"), 0));
        Csv.ReadRows(Events).Single()["entry_id"].Should().Be("=a1");
    }

    [Fact]
    public void AnEmptyStoreSaysWhatToRun()
    {
        _scene.Collect();

        Export().Error.Should().Contain("is empty").And.Contain("token-governance collect --once");
    }

    [Fact]
    public void ExcelGetsAMark()
    {
        _scene.Collect();

        Export("--excel").ExitCode.Should().Be(0);

        File.ReadAllBytes(Events)[..3].Should().Equal("\uFEFF"u8.ToArray());
    }

    [Fact]
    public void AMissingStoreIsAnErrorAndMakesNothing()
    {
        var result = Export();

        result.ExitCode.Should().Be(1);
        result.Output.Should().BeEmpty();
        result.Error.Should().StartWith("error: ").And.Contain(_scene.Db);
        File.Exists(_scene.Db).Should().BeFalse();
        Directory.Exists(Out).Should().BeFalse();
    }

    [Fact]
    public void AStoreThatIsNoneLeavesTheEarlierExportAlone()
    {
        Directory.CreateDirectory(Out);
        File.WriteAllText(Events, "earlier");
        File.WriteAllText(_scene.Db, string.Join('\n', Enumerable.Repeat("shopping list", 500)));

        Export().ExitCode.Should().Be(1);

        File.ReadAllText(Events).Should().Be("earlier");
        Directory.GetFiles(Out).Should().Equal(Events);
    }

    [Fact]
    public void AStoreThatBreaksHalfWayLeavesTheEarlierExportAlone()
    {
        _scene.Home.Log("s1.jsonl", [.. Enumerable.Range(0, 3000).Select(i => Some.Answer($"a{i}"))]);
        _scene.Collect();
        Export().ExitCode.Should().Be(0);
        var earlier = File.ReadAllText(Events);
        using (var file = File.Open(_scene.Db, FileMode.Open))
        {
            // The first pages stay whole: what breaks is found only on the way.
            file.Position = file.Length / 2;
            file.Write(new byte[(int)(file.Length - file.Position) - 4096]);
        }

        var result = Export();

        result.ExitCode.Should().Be(1);
        result.Error.Should().StartWith("error: ").And.NotContain("   at ");
        File.ReadAllText(Events).Should().Be(earlier);
        Directory.GetFiles(Out).Should().HaveCount(2);
    }

    CliResult Export(params string[] options) => Cli.Run(["export-csv", "--db", _scene.Db, "--out-dir", Out, .. options]);
}
