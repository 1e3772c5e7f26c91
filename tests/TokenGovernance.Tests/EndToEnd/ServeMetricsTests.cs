using System.Globalization;
using System.Text.Json;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`/metrics` and `metrics` of the real program. What Prometheus makes of it: .ci/checks/prometheus.sh.</summary>
public sealed class ServeMetricsTests : IDisposable
{
    readonly ReportScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ItSaysWhatTheReportSays()
    {
        Collect();
        using var server = ServerProcess.Start(_scene.Db);

        var reply = server.Get("/metrics");

        reply.Headers["Content-Type"].Should().Be("text/plain; version=0.0.4; charset=utf-8");
        var totals = JsonDocument.Parse(Cli.Run("report", "--json", "--db", _scene.Db).Output).RootElement.GetProperty("totals");
        Sum(reply.Body, "tokens_total").Should().Be(totals.GetProperty("tokens").GetProperty("total").GetDecimal());
        Sum(reply.Body, "responses_total").Should().Be(totals.GetProperty("responses").GetDecimal());
        Sum(reply.Body, "unpriced_responses_total").Should().Be(totals.GetProperty("unpriced").GetProperty("responses").GetDecimal());
        Sum(reply.Body, "cost_usd_total").Should().BeApproximately(totals.GetProperty("known_cost_usd").GetDecimal(), 0.000_000_1m);
        reply.Body.Should().NotContain("session", "no label tells one conversation from another").And.NotContain(_scene.Db);
        reply.Body.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line[..line.LastIndexOf(' ')]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void WhoAsksForOpenMetricsGetsThem()
    {
        Collect();
        using var server = ServerProcess.Start(_scene.Db);

        var reply = server.Get("/metrics", "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5");

        reply.Headers["Content-Type"].Should().StartWith("application/openmetrics-text; version=1.0.0");
        reply.Body.Should().EndWith("# EOF\n").And.Contain("token_governance_tokens_created{");
    }

    [Fact]
    public void TheVerbPrintsTheSame()
    {
        Collect();
        using var server = ServerProcess.Start(_scene.Db);

        Cli.Run("metrics", "--db", _scene.Db).Output.Should().Be(server.Get("/metrics").Body);
    }

    [Fact]
    public void QuotasAndBudgetsAreGaugesAndWhatIsUnknownIsNotThere()
    {
        Collect();
        StoreRows.Execute(_scene.Db, """
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, window_label, used_percent, reset_at_ms, kind, home)
            VALUES ('2026-11-20T10:00:00.000Z', 'anthropic', '5h', 41.5, 4102444800000, 'window', '/h'),
              ('2026-11-20T10:00:00.000Z', 'anthropic', 'Week', 70, 1000, 'window', '/h'),
              ('2026-11-20T10:00:00.000Z', 'anthropic', 'Opus', NULL, NULL, 'window', '/h')
            """);
        File.WriteAllText(_scene["config.toml"], "[[budget]]\nname = 'b'\nperiod = '30d'\nlimit = '5 USD'\n");

        var text = Cli.Run("metrics", "--db", _scene.Db, "--config", _scene["config.toml"]).Output;

        text.Should().Contain("token_governance_quota_used_ratio{provider=\"anthropic\",window=\"5h\",account=\"\",agent=\"\"} 0.415\n")
            .And.NotContain("quota_used_ratio{provider=\"anthropic\",window=\"Week\"", "it has started anew")
            .And.NotContain("quota_used_ratio{provider=\"anthropic\",window=\"Opus\"", "nobody said how much is used")
            .And.Contain("token_governance_quota_reset_timestamp_seconds{provider=\"anthropic\",window=\"5h\",account=\"\",agent=\"\"} 4102444800\n")
            .And.Contain("token_governance_budget_limit{budget=\"b\",instance=\"\",unit=\"USD\"} 5\n")
            .And.Contain("token_governance_budget_exceeded{budget=\"b\",instance=\"\",unit=\"USD\"} 0\n");
    }

    void Collect() => Cli.Run("collect", "--once", "--no-status", "--db", _scene.Db, "--openclaw-home", _scene.CopyOf("docs", "sample-home")).ExitCode.Should().BeOneOf(0, 3);

    static decimal Sum(string text, string name) => text.Split('\n').Where(line => line.StartsWith($"token_governance_{name}{{", StringComparison.Ordinal))
        .Sum(line => decimal.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
