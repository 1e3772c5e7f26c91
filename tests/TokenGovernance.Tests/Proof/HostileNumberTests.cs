using System.Globalization;
using System.Text;
using System.Text.Json;

namespace TokenGovernance.Tests.Proof;

/// <summary>JSON that is right by the letter and made to hurt: every event is stored, and nothing that others wrote is lost.</summary>
public sealed class HostileNumberTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("1e308", 1e9, "recorded")]
    [InlineData("1000000000.5", 1e9, "recorded")]
    [InlineData("999999999.5", 999999999.5, "recorded")]
    [InlineData("-0", -0.0, "recorded")]
    [InlineData("-0.0", -0.0, "recorded")]
    [InlineData("1e-320", 1e-320, "recorded")]
    [InlineData("4.9e-324", 4.9e-324, "recorded")]
    [InlineData("1e309", null, null)]
    [InlineData("-1", null, null)]
    [InlineData("-1e-320", null, null)]
    [InlineData("\"1\"", null, null)]
    [InlineData("[1]", null, null)]
    [InlineData("null", null, null)]
    public void ACostIsKeptAsItWasWrittenUpToABillionOrIsUnknown(string json, double? cost, string? source)
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", usage: $$$"""{"input":0,"cost":{"total":{{{json}}}}}""", about: "\"stopReason\":\"error\""), Some.Answer("a2", "10:06"));

        _scene.Collect().Stored.Added.Should().Be(2);

        var row = _scene.Events[0];
        (row["cost_total"], row.Text("cost_source")).Should().Be((cost, source));
        Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene.Folder["out"]).ExitCode.Should().Be(0);
        var cell = CsvText.Read(File.ReadAllText(_scene.Folder["out/usage_events.csv"]))[0]["cost_total"];
        (cell.Length == 0 ? null : (double?)double.Parse(cell, CultureInfo.InvariantCulture)).Should().Be(cost);
    }

    [Fact]
    public void AbsurdAmountsAndCountsStopNoReport()
    {
        const string Absurd = """{"input":1e308,"output":1e308,"cacheRead":1e308,"totalTokens":1e308,"cost":{"input":-1e300,"output":1e300,"total":1e300}}""";
        _scene.Home.Log("s1.jsonl", [Some.Header("s1"), .. Enumerable.Range(0, 2000).Select(i => Some.Answer($"a{i}", usage: Absurd))]);
        _scene.Home.Log("s2.jsonl", Some.Answer("b", "10:07"));

        Cli.Run("collect", "--once", "--no-status", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db).Should().Match<CliResult>(
            run => run.ExitCode == 0 && run.Output.Contains("$2,000,000,000,000.33", StringComparison.Ordinal));

        _scene.Events[0].Show("cost_input", "cost_output", "cost_total").Should().Equal("cost_input=0", "cost_output=1000000000", "cost_total=1000000000");
        ShouldReport(2_000_000_000_000.33m);
    }

    [Fact]
    public void AbsurdAmountsThatAnEarlierVersionStoredStopNoReport()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"), Some.Answer("a2", "10:06"));
        _scene.Collect();
        StoreRows.Execute(_scene.Db, "UPDATE event_facts SET cost_total = 1e300 WHERE entry_id = 'a1'");

        ShouldReport(1_000_000_000.33m);

        StoreRows.Execute(_scene.Db, "UPDATE event_facts SET cost_total = -1e300, total_tokens = 9223372036854775807 WHERE entry_id = 'a1'");

        ShouldReport(0.33m);
    }

    [Theory]
    [InlineData("1e308", 9007199254740991)]
    [InlineData("-0", 0L)]
    [InlineData("1e-320", 0L)]
    [InlineData("99999999999999999999999999", 9007199254740991)]
    [InlineData("-99999999999999999999999999", 0L)]
    [InlineData("1e999999999", null)]
    public void ACountStaysInItsBounds(string json, long? count)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", usage: $$"""{"input":{{json}},"output":1}"""));

        _scene.Collect().Stored.Added.Should().Be(1);

        _scene.Event.Number("input_tokens").Should().Be(count);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{\"a\":", "1}")]
    public void NestingAHundredThousandDeepLosesNoEvent(string open, string close)
    {
        var deep = new StringBuilder().Insert(0, open, 100_000).Append(close[..^1]).Insert(0, "", 0);
        for (var i = 0; i < 100_000; i++)
        {
            deep.Append(close[^1]);
        }

        _scene.Home.Log("s1.jsonl", Some.Message("a1", "10:05", $$"""
            "role":"assistant","content":{{deep}},{{Some.About}},"usage":{{Some.Usage}}
            """), Some.Answer("a2", "10:06"));

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.BadLines).Should().Be((2, 0));
    }

    [Fact]
    public void NestingDeeperThanAnyReaderGoesIsOneBadLine()
    {
        _scene.Home.Log("s1.jsonl", $$"""{"usage":{{new string('[', 1_100_000)}}{{new string(']', 1_100_000)}} }""", Some.Answer("a2", "10:06"));

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.BadLines).Should().Be((1, 1));
    }

    [Fact]
    public void AHugeArrayIsSkippedUnread()
    {
        var numbers = string.Join(',', Enumerable.Repeat("1", 2_000_000));
        _scene.Home.Log("s1.jsonl", Some.Message("a1", "10:05", $$"""
            "role":"assistant","content":[{{numbers}}],{{Some.About}},"usage":{"input":[{{numbers}}],"output":7}
            """));

        _scene.Collect().Stored.Added.Should().Be(1);

        (_scene.Event.Number("input_tokens"), _scene.Event.Number("output_tokens")).Should().Be((null, 7));
    }

    [Fact]
    public void OfEqualNamesTheLastCountsAsItDoesForOpenClaw()
    {
        _scene.Home.Log("s1.jsonl", """
            {"type":"message","id":"x","id":"a1","timestamp":"2026-11-21T10:01:00.000Z","timestamp":"2026-11-21T10:05:00.000Z","message":{"role":"user","role":"assistant","model":"x","model":"stub-a","usage":{"input":1},"usage":{"output":2,"output":3}}}
            """);

        _scene.Collect();

        var row = _scene.Event;
        string.Join(' ', row.Show("entry_id", "event_ts", "model", "input_tokens", "output_tokens")).Should().Be(
            "entry_id=a1 event_ts=2026-11-21T10:05:00.000Z model=stub-a input_tokens=NULL output_tokens=3");
    }

    void ShouldReport(decimal dollars)
    {
        foreach (var format in new[] { "table", "csv", "markdown" })
        {
            Cli.Run("report", "costs", "--db", _scene.Db, "--format", format).ExitCode.Should().Be(0);
        }

        var report = Cli.Run("report", "--db", _scene.Db, "--format", "json");
        report.ExitCode.Should().Be(0);
        JsonDocument.Parse(report.Output).RootElement.GetProperty("totals").GetProperty("cost_usd").GetProperty("recorded").GetDecimal().Should().Be(dollars);
        Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene.Folder["out"]).ExitCode.Should().Be(0);
    }

    [Theory]
    [InlineData(@"a\ud83e")]
    [InlineData(@"\udd9e")]
    [InlineData(@"\ud83e\ud83e\udd9e")]
    public void HalfACharacterIsNoReasonToLoseAnEvent(string half)
    {
        _scene.Home.Log("s1.jsonl", Some.Answer(half, about: $"\"model\":\"{half}\",\"stopReason\":\"{half}\""), Some.Answer("a2", "10:06"));
        _scene.Home.Index($$"""{"agent:{{half}}:main":{"sessionId":"s1","channel":"{{half}}","chatType":"direct"} }""");

        _scene.Collect().Stored.Added.Should().Be(2);

        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
        _scene.Events.Should().OnlyContain(row => row.Text("chat_type") == "direct");
    }
}
