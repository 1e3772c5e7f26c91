using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TokenGovernance.Domain;
using TokenGovernance.Tests.Retention;

namespace TokenGovernance.Tests.Reports;

/// <summary>The Grafana dashboard for the store of one machine: each query is run as Grafana and its SQLite source would run it, and says what `report` says.</summary>
[Trait("Category", "Slow")]
public sealed partial class StoreDashboardTests : IClassFixture<StoreDashboardTests.Store>
{
    static readonly GrafanaBoard Board = new("sqlite", "rawQueryText");

    readonly Store _store;

    public StoreDashboardTests(Store store) => _store = store;

    [Fact]
    public void EachPanelFindsWhatItsKindNeeds()
    {
        var panels = Board.Panels;

        panels.Should().HaveCountGreaterThan(12);
        foreach (var panel in panels)
        {
            var title = (string)panel!["title"]!;
            var target = panel["targets"]![0]!;
            var rows = Ask(title, Store.All);

            rows.Should().NotBeEmpty(title);
            ((string)target["queryText"]!).Should().Be((string)target["rawQueryText"]!, title);
            target["timeColumns"]!.AsArray().Select(column => (string)column!).Should().BeSubsetOf(rows[0].Keys, title);
            if ((string)target["queryType"]! == "time series")
            {
                rows[0].Keys.Should().Equal(["time", "metric", "value"], title);
                ((string)target["timeColumns"]!.AsArray().Single()!).Should().Be("time");
                rows.Should().OnlyContain(row => row["time"] is long && row["metric"] is string, title);
                rows.Select(row => (long)row["time"]!).Should().BeInAscendingOrder(title);
            }
        }
    }

    /// <summary>The source for SQLite takes the type of a column from its first value that there is, and cuts the others to it.</summary>
    [Fact]
    public void EachColumnHasOneType()
    {
        foreach (var title in Board.Panels.Select(panel => (string)panel!["title"]!))
        {
            var rows = Ask(title, Store.All);
            foreach (var column in rows[0].Keys)
            {
                rows.Select(row => row[column]?.GetType()).Where(type => type is not null).Distinct().Count().Should().BeLessThan(2, $"{column} of {title}");
            }
        }
    }

    [Theory]
    [InlineData("2026-05-02T07:00:00Z", "2026-07-20T00:00:00Z")]
    [InlineData("2026-05-20T10:15:00Z", "2026-06-21T18:45:00Z")]
    public void ItsNumbersAreThoseOfTheReport(string from, string to) => ShouldBeTheReport(_store.Scene, Span(from, to), from, to);

    /// <summary>Bounds inside of a quarter of an hour: all of it counts.</summary>
    [Fact]
    public void SpansAreWholeQuartersOfAnHour() =>
        ShouldBeTheReport(_store.Scene, Span("2026-05-20T10:17:23.456Z", "2026-06-21T18:31:00Z"), "2026-05-20T10:15:00Z", "2026-06-21T18:45:00Z");

    [Fact]
    public void ItReadsWhatTheProgramCollected()
    {
        using var scene = new ReportScene();
        Cli.Run("collect", "--once", "--openclaw-home", scene.CopyOf("docs", "sample-home"), "--db", scene.Db).ExitCode.Should().Be(0);

        Number(scene.Query(Board.SqlOf("Last pass")).Single()["value"]).Should().BeGreaterThanOrEqualTo(0);
        ShouldBeTheReport(scene, Span("2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z"), "2000-01-01T00:00:00Z", "2100-01-01T00:00:00Z");
    }

    [Fact]
    public void WhatRetentionRemovedIsStillCounted()
    {
        using var scene = new ReportScene();
        scene.Generate(2000, seed: 6, "2026-05-02T07:00:00Z", everyMs: 40 * 60_000);
        RetentionScene.Prune(scene.Db, RetentionScene.Midnight("2026-06-10")).Removed.Should().BeGreaterThan(500);

        ShouldBeTheReport(scene, Span("2026-05-20T10:15:00Z", "2026-06-21T18:45:00Z"), "2026-05-20T10:15:00Z", "2026-06-21T18:45:00Z");
    }

    [Fact]
    public void UsageWithoutATimeIsInNoSpanAsInAReportOfOne()
    {
        using var scene = new ReportScene();
        scene.Generate(500, seed: 7, "2026-05-02T07:00:00Z", everyMs: 40 * 60_000);
        scene.Execute("UPDATE usage_events SET event_ts = NULL, started_ts = NULL WHERE id % 5 = 0");

        ShouldBeTheReport(scene, Span("2026-05-02T00:00:00Z", "2026-07-01T00:00:00Z"), "2026-05-02T00:00:00Z", "2026-07-01T00:00:00Z");
    }

    [Fact]
    public void WhatWasNotMeasuredIsNotWithoutAPriceAndWhatAPlanPaysIs()
    {
        using var scene = new ReportScene();
        scene.Generate(500, seed: 8, "2026-05-02T07:00:00Z", everyMs: 40 * 60_000);
        scene.Execute("""
            UPDATE usage_events SET cost_source = 'not-measured', cost_total = NULL, input_tokens = NULL, output_tokens = NULL, cache_read_tokens = NULL,
              cache_write_tokens = NULL, reasoning_tokens = NULL, total_tokens = NULL WHERE id % 7 = 1;
            UPDATE usage_events SET cost_source = 'plan-paid', cost_total = NULL WHERE id % 7 = 2;
            """);
        var span = Span("2026-05-02T00:00:00Z", "2026-07-01T00:00:00Z");

        ShouldBeTheReport(scene, span, "2026-05-02T00:00:00Z", "2026-07-01T00:00:00Z");
        scene.Query(Expand(scene, Board.SqlOf("Agents and models"), span)).Sum(row => Number(row["not_measured"])).Should().Be(72);
    }

    /// <summary>What is chosen is a part, and the parts are the whole.</summary>
    [Theory]
    [InlineData("agent")]
    [InlineData("provider")]
    [InlineData("model")]
    public void AVariableChooses(string variable)
    {
        var parts = ValuesOf(_store.Scene, variable).Select(value => Number(_store.Scene.Query(Expand(
            _store.Scene, Board.SqlOf("Responses").Replace($"${{{variable}:sqlstring}}", GrafanaBoard.Quote(value), StringComparison.Ordinal), Store.All)).Single()["value"])).ToList();

        parts.Where(part => part > 0).Should().HaveCountGreaterThan(1);
        parts.Sum().Should().Be(Number(Ask("Responses", Store.All).Single()["value"]));
    }

    /// <summary>An interval that is no multiple of a quarter of an hour is rounded up to one.</summary>
    [Theory]
    [InlineData(1_000, 900)]
    [InlineData(1_200_000, 1_800)]
    [InlineData(86_400_000, 86_400)]
    public void SeriesAreByTheIntervalThatGrafanaAsksFor(long intervalMs, long seconds)
    {
        var rows = _store.Scene.Query(Expand(_store.Scene, Board.SqlOf("Tokens by model"), Store.All with { IntervalMs = intervalMs }));

        rows.Should().OnlyContain(row => (long)row["time"]! % seconds == 0).And.Contain(row => (long)row["time"]! % (2 * seconds) != 0);
        rows.Sum(row => Number(row["value"])).Should().Be(Number(Ask("Tokens", Store.All).Single()["value"]));
        rows.Select(row => (row["time"], row["metric"])).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void QuotaWindowsAreThoseThatTheQuotaVerbShows()
    {
        var shown = JsonNode.Parse(Cli.Run("quota", "--json", "--db", _store.Scene.Db).Output)!["windows"]!.AsArray()
            .Select(window => (Provider: (string)window!["provider"]!, Window: (string)window["window"]!, Used: (double)window["used_percent"]!));

        Ask("Quota windows", Store.All).Select(row => (Provider: (string)row["provider"]!, Window: (string)row["window"]!, Used: Number(row["used"])))
            .Should().BeEquivalentTo(shown).And.BeEquivalentTo([("anthropic", "5h", 12.5), ("anthropic", "Week", 63d), ("openai", "5h", 7d)]);
    }

    /// <summary>However much is stored, only the time shown is read, through the key of the sums.</summary>
    [Fact]
    public void NoPanelReadsMoreOfTheSumsThanTheTimeShown()
    {
        var panels = Board.Panels.Select(panel => (string)panel!["title"]!).Where(title => !Board.SqlOf(title).Contains("usage_events", StringComparison.Ordinal)).ToList();
        panels.Should().HaveCount(Board.Panels.Count, "single responses are read by none");

        foreach (var title in panels.Where(title => Board.SqlOf(title).Contains("usage_quarters", StringComparison.Ordinal)))
        {
            var steps = _store.Scene.Query($"EXPLAIN QUERY PLAN {Expand(_store.Scene, Board.SqlOf(title), Store.All)}").Select(row => (string)row["detail"]!).ToList();

            steps.Should().Contain(step => step.StartsWith("SEARCH u USING PRIMARY KEY (quarter>? AND quarter<?)", StringComparison.Ordinal), title);
            steps.Should().NotContain(step => step.StartsWith("SCAN", StringComparison.Ordinal), title);
        }
    }

    /// <summary>It can be imported anywhere, and beside the other dashboards.</summary>
    [Fact]
    public void ItNamesNoDatabaseOfItsOwn()
    {
        new[] { "prometheus", "postgres" }.Select(name => new GrafanaBoard(name, "").Uid).Should().NotContain(Board.Uid);
        Board.Json["id"].Should().BeNull();
        Board.Uids.Should().BeEquivalentTo("token-governance-store", "${datasource}");
        Regex.Matches(Board.Json.ToJsonString(), "\"type\":\"([^\"]*-datasource)\"").Select(match => match.Groups[1].Value).Distinct().Should().Equal("frser-sqlite-datasource");
        Board.Panels.Select(panel => (int)panel!["id"]!).Should().OnlyHaveUniqueItems();
    }

    static void ShouldBeTheReport(ReportScene scene, GrafanaSpan span, string from, string to)
    {
        var report = JsonNode.Parse(Cli.Run("report", "--json", "--by", "agent,provider,model", "--since", from, "--until", to, "--tz", "UTC", "--db", scene.Db).Output)!;
        var totals = report["totals"]!;
        var (cost, tokens, responses) = ((double)totals["known_cost_usd"]!, (double)totals["tokens"]!["total"]!, (double)totals["responses"]!);
        List<Dictionary<string, object?>> Rows(string title) => scene.Query(Expand(scene, Board.SqlOf(title), span));
        double Value(string title) => Number(Rows(title).Single()["value"]);
        double Sum(string title) => Rows(title).Sum(row => row["value"] is { } value ? Number(value) : 0);

        responses.Should().BePositive();
        Value("Responses").Should().Be(responses);
        Value("Tokens").Should().Be(tokens);
        Value("Known cost").Should().BeApproximately(cost, 1e-9);
        Value("Responses without a price").Should().BeApproximately((double)totals["unpriced"]!["responses"]! / responses, 1e-12);
        Value("From the cache").Should().BeApproximately(
            (double)totals["tokens"]!["cache_read"]! / new[] { "input", "cache_read", "cache_write" }.Sum(kind => (double)totals["tokens"]![kind]!), 1e-12);
        foreach (var title in new[] { "Cost by agent", "Cost by channel", "Cost by trigger" })
        {
            Sum(title).Should().BeApproximately(cost, 1e-6, title);
        }

        Sum("Tokens by model").Should().Be(tokens);
        Sum("Failed responses").Should().Be(Responses(scene, from, to, "error=yes"));
        Sum("Cost by cron job").Should().BeApproximately((double)Totals(scene, from, to, "trigger=cron")["known_cost_usd"]!, 1e-6);

        Rows("Agents and models").Select(row => (row["agent"], row["provider"], row["model"], row["tokens"], row["responses"], row["without_price"])).Should().BeEquivalentTo(
            report["rows"]!.AsArray().Select(row => (
                Name(row!, "agent"), Name(row!, "provider"), Name(row!, "model"),
                (object?)(long)row!["tokens"]!["total"]!, (object?)(long)row["responses"]!, (object?)(long)row["unpriced"]!["responses"]!)));
    }

    static object? Name(JsonNode row, string dimension) => (string?)row[dimension] ?? "unknown";

    static double Responses(ReportScene scene, string from, string to, string where) => (double)Totals(scene, from, to, where)["responses"]!;

    static JsonNode Totals(ReportScene scene, string from, string to, string where) =>
        JsonNode.Parse(Cli.Run("report", "--json", "--by", "agent", "--where", where, "--since", from, "--until", to, "--db", scene.Db).Output)!["totals"]!;

    List<Dictionary<string, object?>> Ask(string title, GrafanaSpan span) => _store.Scene.Query(Expand(_store.Scene, Board.SqlOf(title), span));

    static GrafanaSpan Span(string from, string to) => new(Ms(from), Ms(to), IntervalMs: 3_600_000);

    static long Ms(string time) => UtcTime.TryParse(time, out var ms) ? ms : throw new FormatException(time);

    /// <summary>Variables with all their values, then Grafana's own. What is left over nobody would replace.</summary>
    static string Expand(ReportScene scene, string sql, GrafanaSpan span)
    {
        var expanded = Variable().Replace(sql, match => string.Join(",", ValuesOf(scene, match.Groups["name"].Value).Select(GrafanaBoard.Quote)))
            .Replace("$__interval_ms", span.IntervalMs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$__from", span.FromMs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("$__to", span.ToMs.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
        expanded.Should().NotContain("$");

        return expanded;
    }

    /// <summary>One column, and nothing that Grafana must replace: the source asks for values without a time.</summary>
    static List<string> ValuesOf(ReportScene scene, string variable)
    {
        var query = Board.QueryOf(variable);
        query.Should().NotContain("$");

        return [.. scene.Query(query).Select(row => (string)row.Values.Single()!)];
    }

    static double Number(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\$\{(?<name>[a-z]+):sqlstring\}")]
    private static partial Regex Variable();

    /// <summary>What Grafana puts into a query.</summary>
    /// <param name="FromMs">Begin of the time shown, in ms since 1970.</param>
    /// <param name="ToMs">End of the time shown, in ms since 1970.</param>
    /// <param name="IntervalMs">How much time a point of a series stands for.</param>
    internal sealed record GrafanaSpan(long FromMs, long ToMs, long IntervalMs);

    /// <summary>A store with usage of 80 days, quota readings, an alert and a pass.</summary>
    public sealed class Store : IDisposable
    {
        internal static readonly GrafanaSpan All = Span("2026-05-02T00:00:00Z", "2026-08-01T00:00:00Z");

        internal ReportScene Scene { get; } = new();

        public Store()
        {
            Scene.Generate(3000, seed: 5, "2026-05-02T07:00:00Z", everyMs: 35 * 60_000);
            Scene.Execute("""
                INSERT INTO collector_state (key, value, updated_ts) VALUES ('pass:last', '2026-08-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z');
                INSERT INTO provider_usage_snapshots (snapshot_ts, provider, window_label, used_percent, reset_at_ms, kind) VALUES
                  ('2026-05-01T00:00:00.000Z', 'gone', '5h', 99, NULL, 'window'),
                  ('2026-07-30T00:00:00.000Z', 'anthropic', '5h', 80, 1785000000000, 'window'),
                  ('2026-07-31T00:00:00.000Z', 'anthropic', '5h', 12.5, 1785999999000, 'window'),
                  ('2026-07-31T00:00:00.000Z', 'anthropic', 'Week', 63, 1785999999000, 'window'),
                  ('2026-07-31T00:00:00.000Z', 'openai', '5h', 7, NULL, 'window'),
                  ('2026-07-31T00:00:00.000Z', 'openai', 'Credits', NULL, NULL, 'balance');
                INSERT INTO budget_alerts (kind, budget, instance, period_start, period_end, threshold, limit_value, value, unit, unpriced_events, fired_ts, text)
                VALUES ('budget', 'all', '', '2026-07-01T00:00:00.000Z', '2026-08-01T00:00:00.000Z', 80, 10, 8.5, 'USD', 0, '2026-07-20T00:00:00.000Z', 'all: 85 % of $10');
                """);
        }

        public void Dispose() => Scene.Dispose();
    }
}
