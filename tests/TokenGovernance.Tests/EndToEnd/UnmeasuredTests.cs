using System.Text.Json;
using TokenGovernance.Tests.Proof;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Answers whose usage OpenClaw did not measure are counted apart, everywhere.</summary>
public sealed class UnmeasuredTests : IDisposable
{
    const string Note = "3 responses whose usage OpenClaw did not measure, mostly xai/grok-4.5";

    readonly Scene _scene = new();

    public UnmeasuredTests()
    {
        const string Grok = """
            "provider":"xai","model":"grok-4.5","stopReason":"toolUse"
            """;
        const string Zeros = """{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"totalTokens":0,"cost":{"total":0}}""";
        _scene.Home.Log(
            "s1.jsonl",
            Some.Answer("a1", usage: Zeros),
            Some.Answer("a2", "10:06", Zeros, Grok),
            Some.Answer("a3", "10:07", "{}", Grok),
            Some.Answer("a4", "10:08", """{"input":7}""", Grok),
            Some.Answer("a5", "10:09"));
    }

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void CollectSaysHowMany()
    {
        Collect().Output.Should().Contain("$0.33 and 1 unpriced, 3 not measured").And.Contain($"{Note}.");
        File.Delete(_scene.Db);

        Json(Collect("--json")).GetProperty("events_unmeasured").GetInt32().Should().Be(3);
    }

    [Fact]
    public void ReportsSayHowManyAndOfWhat()
    {
        Collect();

        Report("table").Should().Contain("UNMEASURED").And.Contain($"{Note}. Their tokens and cost are unknown and not included.")
            .And.Contain("1 of 5 responses have no known price");
        Report("markdown").Should().Contain(Note);
        var report = Json(Cli.Run("report", "--db", _scene.Db, "--json"));
        var totals = report.GetProperty("totals");
        (totals.GetProperty("responses").GetInt32(), totals.GetProperty("unmeasured_responses").GetInt32(), totals.GetProperty("unpriced").GetProperty("responses").GetInt32())
            .Should().Be((5, 3, 1));
        report.GetProperty("unmeasured_models").EnumerateArray().Select(model => $"{model.GetProperty("model")} {model.GetProperty("responses")}")
            .Should().Equal("grok-4.5 2", "stub-a 1");
        CsvText.Read(Report("csv")).Sum(row => int.Parse(row["unmeasured_responses"])).Should().Be(3);
    }

    [Fact]
    public void ExportAndDoctorSayThemApart()
    {
        Collect();

        Cli.Run("export-csv", "--db", _scene.Db, "--out-dir", _scene.Folder["out"]).ExitCode.Should().Be(0);
        CsvText.Read(File.ReadAllText(_scene.Folder["out/usage_events.csv"])).Where(row => row["cost_source"] is "not-measured").Should().HaveCount(3)
            .And.OnlyContain(row => row["input_tokens"] + row["output_tokens"] + row["total_tokens"] + row["cost_total"] == "");
        Cli.Run("doctor", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path).Output.Should().Contain($"not measured: {Note}");
        RollupRows.ShouldBeTheEvents(_scene.Db);
    }

    CliResult Collect(params string[] more) =>
        Cli.Run(["collect", "--once", "--no-status", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db, .. more]);

    string Report(string format) => Cli.Run("report", "--by", "model", "--db", _scene.Db, "--format", format).Output;

    static JsonElement Json(CliResult run) => JsonDocument.Parse(run.Output).RootElement;
}
