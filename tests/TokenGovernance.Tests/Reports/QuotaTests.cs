using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Reports;

/// <summary>How quotas stand, and where they go.</summary>
public sealed class QuotaTests
{
    [Fact]
    public void APaceIsThatOfTheLastHours()
    {
        using var scene = Scene(
            ("08:00", "openai-codex", "5h", 10, "18:00"), ("12:00", "openai-codex", "5h", 30, "18:00"), ("14:00", "openai", "5h", 70, "18:00"));

        var window = Read(scene, "14:30").Windows.Should().ContainSingle().Subject;

        // At 09:00, five hours before, it stood at 15 %, a quarter of the way from 10 to 30.
        window.PercentPerHour.Should().Be(11);
        Time(window.EmptyAtMs).Should().Be("16:43");
        window.Last.Series.Provider.Should().Be("openai", "both names are one provider");
    }

    [Fact]
    public void AReadingLongAgoIsNotTakenForALevelThatHeld()
    {
        using var scene = Scene(("13:00", "a", "Week", 10, "23:00"), ("13:00", "b", "Week", 10, "23:00"), ("13:00", "a", "Week", 60, "23:00"));
        scene.Execute("""
            UPDATE provider_usage_snapshots SET snapshot_ts = '2026-11-20T13:00:00.000Z' WHERE id = 1;
            UPDATE provider_usage_snapshots SET reset_at_ms = reset_at_ms + 86400000
            """);

        Read(scene, "13:00").Windows[0].PercentPerHour.Should().BeApproximately(50.0 / 24, 1e-9);
        Show(scene, "13:00").Should().Contain(" 2.1 %");
    }

    [Fact]
    public void AnEndInThePastIsSaidWithCare()
    {
        using var scene = Scene(("08:00", "a", "5h", 10, "18:00"), ("09:00", "a", "5h", 70, "18:00"));

        Show(scene, "09:10").Should().Contain("  2026-11-21 09:30  ");
        Show(scene, "09:30").Should().Contain("by now, unless it was reset");
        Show(scene, "17:59").Should().Contain("by now, unless it was reset").And.Contain("70 %");
    }

    [Theory]
    [InlineData("0.0042", "0.05", "0.0042", "0.05")]
    [InlineData("-0.004", "-0.0", "-0.004", "0")]
    [InlineData("0.00000042", "1234567.891", "0.00000042", "1,234,567.89")]
    [InlineData("7.25", "20", "7.25", "20")]
    public void SmallAmountsKeepTwoDigits(string amount, string limit, string shownAmount, string shownLimit)
    {
        using var scene = Scene();
        scene.Execute($"""
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, amount, amount_limit, unit)
            VALUES ('2026-11-21T12:00:00.000Z', 'openrouter', 'budget', {amount}, {limit}, 'USD')
            """);
        using var json = Text();
        QuotaJson.Write(json, new JsonHead(TimeZoneInfo.Utc, default, Range: null), Read(scene, "12:05"));

        Show(scene, "12:05").Should().MatchRegex($@"budget +{shownAmount} +{shownLimit} +USD");
        using var document = JsonDocument.Parse(json.ToString());
        document.RootElement.GetProperty("amounts")[0].GetProperty("amount").GetDouble().Should().Be(double.Parse(amount, CultureInfo.InvariantCulture));
    }

    [Fact]
    public void AWindowThatBeganAnewIsAnotherOne()
    {
        using var scene = Scene(("10:00", "a", "5h", 90, "12:00"), ("12:10", "a", "5h", 2, "17:00"), ("13:10", "a", "5h", 7, "17:00"));

        var window = Read(scene, "13:20").Windows[0];

        window.PercentPerHour.Should().Be(5);
        window.EmptyAtMs.Should().BeNull("it resets before");
    }

    [Fact]
    public void OneReadingIsNoPaceAndAnOldOneNoLevel()
    {
        using var scene = Scene(("10:00", "a", "5h", 90, "12:00"));

        Read(scene, "11:00").Windows[0].PercentPerHour.Should().BeNull();
        Read(scene, "11:00").Windows[0].IsOver.Should().BeFalse();
        Read(scene, "12:30").Windows[0].IsOver.Should().BeTrue();
        Show(scene, "12:30").Should().Contain("not read since").And.NotContain("90 %");
    }

    [Fact]
    public void AFailureIsShownUntilAReadingSucceeds()
    {
        using var scene = Scene(("10:00", "a", "5h", 10, "18:00"));
        Insert(scene, "11:00", "NULL", "'error'", "'no answer \x07 within 30 s'");

        Show(scene, "11:05").Should().Contain("OpenClaw: reading failed 2026-11-21 11:00: no answer ? within 30 s");
        scene.Execute("UPDATE provider_usage_snapshots SET snapshot_ts = '2026-11-21T09:00:00.000Z' WHERE kind = 'error'");
        Show(scene, "11:05").Should().NotContain("failed");
    }

    [Fact]
    public void TableHistoryAndJson()
    {
        using var scene = Scene(
            ("10:00", "openai", "5h", 20, "15:00"), ("12:00", "openai", "5h", 80.5, "15:00"), ("12:00", "anthropic", "Week", 12, "23:00"));
        scene.Execute("""
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, amount, amount_limit, unit, period)
            VALUES ('2026-11-21T12:00:00.000Z', 'openrouter', 'budget', 7.25, 20, 'USD', 'month')
            """);
        using var json = Text();
        QuotaJson.Write(json, new JsonHead(TimeZoneInfo.Utc, default, Range: null), Read(scene, "12:05"));
        using var history = Text();
        new QuotaFormat(history, default, TimeZoneInfo.Utc, Ms("12:05")).WriteHistory(StoreReader.Read(scene.Db, store => store.ReadQuotas()));

        ReportScene.ShouldBeGolden(Show(scene, "12:05"), "quota.txt");
        foreach (var width in new[] { 60, 80, 100, 140, 160 })
        {
            var shown = Show(scene, "12:05", new Screen(width, false));

            ReportScene.ShouldBeGolden(shown, $"quota-{width}.txt");
            shown.Should().NotContain("…");
            shown.Split('\n').Should().OnlyContain(line => line.Length <= width);
        }

        ReportScene.ShouldBeGolden(history.ToString(), "quota-history.txt");
        ReportScene.ShouldBeGolden(json.ToString(), "quota.json");
        using var document = JsonDocument.Parse(json.ToString());
    }

    [Theory]
    [InlineData("5h", 18_000)]
    [InlineData("7d", 604_800)]
    [InlineData("Week", 604_800)]
    [InlineData("30m", 1_800)]
    [InlineData("Day", null)]
    [InlineData("Opus", null)]
    [InlineData("0h", null)]
    public void JsonSaysWhenAWindowBegan(string window, int? seconds)
    {
        using var scene = Scene(("12:00", "openai", window, 20, "15:00"));
        using var output = Text();
        QuotaJson.Write(output, new JsonHead(TimeZoneInfo.Utc, default, Range: null), Read(scene, "12:05"));

        var json = JsonDocument.Parse(output.ToString()).RootElement.GetProperty("windows")[0];
        (json.GetProperty("window_seconds").ToString(), json.GetProperty("window_start").GetString()).Should()
            .Be((seconds?.ToString(CultureInfo.InvariantCulture) ?? "", seconds is { } length ? UtcTime.Format(Ms("15:00") - (length * 1000L)) : null));
    }

    [Fact]
    public void NoReadingIsSaidInWords()
    {
        using var scene = Scene();

        Show(scene, "12:00").Should().StartWith("No quotas yet");
    }

    static ReportScene Scene(params (string Taken, string Provider, string Window, double Used, string Reset)[] readings)
    {
        var scene = new ReportScene();
        scene.Create();
        foreach (var (taken, provider, window, used, reset) in readings)
        {
            scene.Execute(string.Create(CultureInfo.InvariantCulture, $"""
                INSERT INTO provider_usage_snapshots (snapshot_ts, provider, plan, window_label, used_percent, reset_at_ms, kind, home)
                VALUES ('{UtcTime.Format(Ms(taken))}', '{provider}', 'plus', '{window}', {used}, {Ms(reset)}, 'window', '/home/me')
                """));
        }

        return scene;
    }

    static void Insert(ReportScene scene, string taken, string provider, string kind, string error) => scene.Execute($"""
        INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, error, home)
        VALUES ('{UtcTime.Format(Ms(taken))}', {provider}, {kind}, {error}, '/home/me')
        """);

    static Quotas Read(ReportScene scene, string now) => Quotas.Of(StoreReader.Read(scene.Db, store => store.ReadQuotas()), Ms(now));

    static string Show(ReportScene scene, string now, Screen screen = default)
    {
        using var output = Text();
        new QuotaFormat(output, screen, TimeZoneInfo.Utc, Ms(now)).Write(Read(scene, now));

        return output.ToString();
    }

    static long Ms(string time) =>
        DateTimeOffset.Parse($"2026-11-21T{time}:00Z", CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    static string? Time(long? ms) => ms is { } known ? UtcTime.Format(known)[11..16] : null;

    static StringWriter Text() => new(CultureInfo.InvariantCulture);
}
