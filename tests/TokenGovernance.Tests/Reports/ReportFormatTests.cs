using System.Globalization;
using System.Text.Json;
using TokenGovernance.Reports;
using TokenGovernance.Reports.Pages;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Reports;

/// <summary>What reports look like, and what must never be in them.</summary>
public sealed class ReportFormatTests
{
    static readonly ReportQuery ByModel = new() { By = [Dimension.Agent, Dimension.Provider, Dimension.Model], WithDays = true };

    [Theory]
    [InlineData("$0.05", "NAME  COST  0  $0.05")]
    [InlineData("$0.0489", "NAME  COST   $0.0489")]
    public void TheScaleOfBarsIsReadable(string most, string head)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        var sheet = new Sheet
        {
            Title = "",
            Headline = "",
            Columns = [new("NAME", 0, CellKind.Name), new("COST", 0)],
            Rows = [new SheetRow(["main", "$1"], Bar: 1)],
            BarScale = most,
            Notes = [],
        };

        TableFormat.Write(output, sheet, new Screen(20, HasColor: false));

        output.ToString().Should().Contain($"\n{head}\nmain    $1  ████████\n");
    }

    [Theory]
    [InlineData("report-pipe.txt", null, false)]
    [InlineData("report-200.txt", 200, true)]
    [InlineData("report-140.txt", 140, false)]
    [InlineData("report-120.txt", 120, false)]
    [InlineData("report-100.txt", 100, false)]
    [InlineData("report-80.txt", 80, true)]
    [InlineData("report-60.txt", 60, false)]
    [InlineData("report-40-no-color.txt", 40, false)]
    public void ATable(string golden, int? width, bool hasColor)
    {
        using var scene = Sample();
        var table = Table(scene.Report(ByModel), new Screen(width, hasColor));

        ReportScene.ShouldBeGolden(table, golden);
        WithoutColor(table).Split('\n').Should().OnlyContain(line => width == null || TextWidth.WidthOf(line.TrimEnd('\r')) <= width);
        table.Contains('\e', StringComparison.Ordinal).Should().Be(hasColor);
    }

    [Fact]
    public void ATrendWithBars()
    {
        using var scene = Sample();
        var report = scene.Report(new ReportQuery { By = [Dimension.Day], Zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna") });

        ReportScene.ShouldBeGolden(Table(report, new Screen(120, false)), "report-trend-120.txt");
    }

    [Fact]
    public void Json()
    {
        using var scene = Sample();
        using var output = Text();
        JsonFormat.Write(output, scene.Report(new ReportQuery { By = [Dimension.Session, Dimension.Job], Top = 4, Where = [NameFilter.Parse("agent!=ops")!] }));

        ReportScene.ShouldBeGolden(output.ToString(), "report.json");
        using var json = JsonDocument.Parse(output.ToString());
    }

    [Fact]
    public void MarkdownAndCsv()
    {
        using var scene = Sample();
        using var markdown = Text();
        using var csv = Text();
        MarkdownFormat.Write(markdown, scene.Report(ByModel));
        CsvFormat.Write(csv, scene.Report(ByModel));

        ReportScene.ShouldBeGolden(markdown.ToString(), "report.md");
        ReportScene.ShouldBeGolden(csv.ToString(), "report.csv");
    }

    /// <summary>Only numbers end at the right: the times of sessions begin at the left, as names do.</summary>
    [Fact]
    public void TimesAreAlignedAsNamesOnEveryPage()
    {
        using var scene = Sample();
        var report = scene.Report(new ReportQuery { By = [Dimension.Session], Detail = RowDetail.Session });
        using var markdown = Text();
        using var page = Text();
        MarkdownFormat.Write(markdown, report);
        HtmlPage.Write(page, ReportSheet.Of(report));

        markdown.ToString().Should().Contain("| SESSION | MODEL | START | LAST |").And.Contain("\n| --- | --- | --- | --- | ---: |");
        page.ToString().Should().Contain("<th class=\"name\" scope=\"col\">START</th><th class=\"name\" scope=\"col\">LAST</th><th scope=\"col\">");
    }

    [Fact]
    public void ACostThatNobodyKnowsIsNeverAZero()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, model_provider, model, total_tokens, cost_total, cost_source, stop_reason, event_key) VALUES
              ('', 'plan', 'gpt', 100, 0, 'none-recorded', 'stop', x'01'),
              ('', 'plan', 'gpt', 0, 0, 'recorded', 'error', x'02'),
              ('', 'old', 'x', 50, NULL, NULL, 'stop', x'03'),
              ('', 'api', 'sonnet', 10, 0.5, 'recorded', 'stop', x'04'),
              ('', 'api', 'sonnet', 10, 0, 'none-recorded', 'stop', x'05'),
              ('', 'router', 'm', 10, 0.25, 'provider-billed', 'stop', x'06')
            """);

        var report = scene.Report(new ReportQuery { By = [Dimension.Provider] });

        report.Rows.ToDictionary(row => row.Values[0].Id!, row => (row.Totals.Recorded?.Dollars, row.Totals.Billed?.Dollars, row.Totals.Unpriced.Events)).Should().Equal(
            new Dictionary<string, (decimal?, decimal?, long)>
            {
                ["api"] = (0.5m, null, 1),
                ["router"] = (null, 0.25m, 0),
                ["plan"] = (null, null, 1),
                ["old"] = (null, null, 1),
            });
        report.Totals.CostPerMillionTokens.Should().Be(0.75m * 1_000_000 / 20, "unpriced tokens cheapen nothing");
        report.Unpriced.Where(model => model.IsNeverPriced).Select(model => model.Name).Should().BeEquivalentTo("plan/gpt", "old/x");
        var table = Table(report, default);
        table.Should().NotContain("$0.00");
        table.Should().Contain("3 of 6 responses have no known price and are not included in the cost: api/sonnet 1, old/x 1, plan/gpt 1.");
        table.Should().Contain("Only zero costs were recorded for plan/gpt: a subscription covers");
    }

    [Fact]
    public void NamesCannotReachTheTerminalAsCommands()
    {
        using var scene = new ReportScene();
        scene.Create();
        scene.Execute("""
            INSERT INTO usage_events (ingest_ts, agent_id, model_provider, model, event_key)
            VALUES ('', char(27) || '[2J' || char(7, 10, 155) || 'a|b' || char(8238) || '<b>`*' || char(0), '=1+1', '[x](http://y)', x'01')
            """);
        var report = scene.Report(ByModel);
        using var markdown = Text();
        using var json = Text();
        using var csv = Text();

        MarkdownFormat.Write(markdown, report);
        JsonFormat.Write(json, report);
        CsvFormat.Write(csv, report);

        foreach (var text in new[] { Table(report, default), Table(report, new Screen(60, false)), markdown.ToString(), json.ToString() })
        {
            text.Where(c => (char.IsControl(c) && c is not '\n' and not '\r') || c == '\u202E').Should().BeEmpty();
        }

        markdown.ToString().Should().Contain(@"| ?\[2J???a\|b?&lt;b&gt;\`\*").And.Contain(@"\[x\](http");
        csv.ToString().Should().Contain("'=1+1");
    }

    [Fact]
    public void NothingIsSaidInWords()
    {
        using var scene = new ReportScene();
        scene.Create();

        Table(scene.Report(ByModel), default).Should().Be($"All usage (UTC){Environment.NewLine}No usage.{Environment.NewLine}");
    }

    static ReportScene Sample()
    {
        var scene = new ReportScene();
        scene.Collect("docs", "sample-home");

        return scene;
    }

    static string Table(Report report, Screen screen)
    {
        using var output = Text();
        TableFormat.Write(output, report, screen);

        return output.ToString();
    }

    static StringWriter Text() => new(CultureInfo.InvariantCulture);

    static string WithoutColor(string text) => System.Text.RegularExpressions.Regex.Replace(text, "\e\\[[0-9]+m", "");
}
