using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Reports;

/// <summary>What the reports by name look like on terminals of four widths.</summary>
public sealed class PresetLooksTests
{
    [Theory]
    [InlineData("jobs")]
    [InlineData("trend")]
    [InlineData("month")]
    public void AReportByName(string name)
    {
        using var scene = new ReportScene();
        scene.Generate(6000, seed: 41, "2026-10-01T00:00:00Z", everyMs: 780_000);
        MakeSpike(scene);

        LookAt(scene, name, QueryOf(Preset.Find(name)!));
    }

    [Fact]
    public void SessionsWithRealIds()
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");

        LookAt(scene, "sessions", QueryOf(Preset.Find("sessions")!) with { Top = 5 });
    }

    static void LookAt(ReportScene scene, string name, ReportQuery query)
    {
        var report = scene.Report(query);
        foreach (var width in new[] { 60, 80, 100, 140 })
        {
            using var output = new StringWriter(CultureInfo.InvariantCulture);
            TableFormat.Write(output, report, new Screen(width, HasColor: false));

            ReportScene.ShouldBeGolden(output.ToString(), $"report-{name}-{width}.txt");
            output.ToString().ReplaceLineEndings("\n").Split('\n').Should().OnlyContain(line => TextWidth.WidthOf(line) <= width);
        }
    }

    /// <summary>As the command line asks, on the 18th of November 2026.</summary>
    static ReportQuery QueryOf(Preset preset) => new()
    {
        By = preset.By,
        Where = preset.Where,
        Top = preset.Top,
        Detail = preset.Detail,
        WithDays = !preset.By.Contains(Dimension.Day),
        WithSpikes = preset.By.Contains(Dimension.Day),
        NowMs = Ms("2026-11-18T14:20:00Z"),
        Range = preset.Since switch
        {
            "this-month" => new TimeRange(Ms("2026-11-01T00:00:00Z"), Ms("2026-12-01T00:00:00Z")),
            "30d" => new TimeRange(Ms("2026-10-20T00:00:00Z"), Ms("2026-11-19T00:00:00Z")),
            _ => default,
        },
    };

    /// <summary>A day that cost far more than others, by a job that has an id and no name.</summary>
    static void MakeSpike(ReportScene scene) => scene.Execute("""
        INSERT INTO usage_events (ingest_ts, event_ts, agent_id, session_id, trigger, job_id, channel, model_provider, model, total_tokens, output_tokens, cost_total, cost_source, event_key)
        VALUES ('', '2026-11-12T03:00:00.000Z', 'agent-1', '3f0c2b9e-5a77-4a0e-9d7c-1f2e3d4c5b6a', 'cron', '0f2a6c1e-1f1b-4f7e-9a53-6c0a4f8f1d01', 'discord',
          'openrouter', 'a-provider/with-a-model-of-a-long-name-preview', 9000000, 1000, 21.5, 'recorded', x'0102')
        """);

    static long Ms(string time)
    {
        UtcTime.TryParse(time, out var ms).Should().BeTrue();

        return ms;
    }
}
