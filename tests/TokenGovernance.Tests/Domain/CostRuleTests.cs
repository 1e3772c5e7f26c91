using System.Text.Json;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Domain;

/// <summary>What is known of a cost is one rule: parser, summary, views, reports and legacy import say the same of the same response.</summary>
public sealed class CostRuleTests : IDisposable
{
    const string Used = "\"input\":10,\"output\":1";

    /// <summary>Usage as it is written, what the store says of its cost, the amount that may be added, and whether a price is missing.</summary>
    static readonly (string Usage, string? Source, decimal Cost, bool IsUnpriced)[] Cases =
    [
        ($$$"""{{{{Used}}},"cost":{"total":0.5}}""", "recorded", 0.5m, false),
        ($$$"""{{{{Used}}},"cost":{"input":0.25,"total":0}}""", "recorded", 0, false),
        ($$$"""{{{{Used}}},"cost":{"total":0.125,"totalOrigin":"provider-billed"}}""", "provider-billed", 0.125m, false),
        ($$$"""{{{{Used}}},"cost":{"total":0,"totalOrigin":"provider-billed"}}""", "provider-billed", 0, false),
        ($$$"""{{{{Used}}},"cost":{"input":0,"output":0,"total":0}}""", "none-recorded", 0, true),
        ($$$"""{{{{Used}}}}""", null, 0, true),
        ($$$"""{{{{Used}}},"cost":{"total":-1}}""", null, 0, true),
        ("""{"input":0,"output":0,"cost":{"output":0.5,"total":0}}""", "recorded", 0, false),
        ("""{"input":0,"output":0,"cost":{"total":0}}""", "not-measured", 0, false),
        ("""{"input":0,"output":0}""", "not-measured", 0, false),
    ];

    readonly Scene _scene = new();

    public static TheoryData<int> Numbers => [.. Enumerable.Range(0, Cases.Length)];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Numbers))]
    public void EverythingSaysTheSameOfOneResponse(int number) => Check(Cases[number]);

    [Fact]
    public void EverythingSaysTheSameOfAll() => Check(Cases);

    void Check(params (string Usage, string? Source, decimal Cost, bool IsUnpriced)[] cases)
    {
        var (cost, unpriced, unmeasured) = (cases.Sum(one => one.Cost), cases.Count(one => one.IsUnpriced), cases.Count(one => one.Source is "not-measured"));
        _scene.Home.Log("s1.jsonl", [.. cases.Select((one, i) => Some.Answer($"a{i}", $"10:{10 + i}", one.Usage))]);

        var summary = Cli.Run("collect", "--once", "--no-status", "--openclaw-home", _scene.Home.Path, "--db", _scene.Db).Output;
        summary.Should().Contain(
            unmeasured == cases.Length ? "not measured\n"
            : unpriced == cases.Length ? "no price known\n"
            : unpriced == 0 ? $"{NumberFormat.Dollars(cost)}\n"
            : $"{NumberFormat.Dollars(cost)} and {unpriced} unpriced{(unmeasured > 0 ? $", {unmeasured} not measured" : "")}\n");
        summary.Contains("whose usage OpenClaw did not measure, all of stubai/stub-a.", StringComparison.Ordinal).Should().Be(unmeasured > 0);

        _scene.Events.Select(row => row.Text("cost_source")).Should().Equal(cases.Select(one => one.Source));
        foreach (var view in new[] { "v_usage_daily", "v_usage_monthly", "v_usage_quarters", "v_usage_days" })
        {
            var row = StoreRows.Query(_scene.Db, $"SELECT coalesce(sum(cost_total), 0) AS cost, sum(unpriced_events) AS unpriced, sum(unmeasured_events) AS unmeasured FROM {view}").Single();
            (Convert.ToDecimal(row["cost"]), row.Number("unpriced"), row.Number("unmeasured")).Should().Be((cost, unpriced, unmeasured), view);
        }

        var totals = JsonDocument.Parse(Cli.Run("report", "--db", _scene.Db, "--format", "json").Output).RootElement.GetProperty("totals");
        new[] { "recorded", "provider_billed" }.Select(name => totals.GetProperty("cost_usd").GetProperty(name))
            .Sum(amount => amount.ValueKind is JsonValueKind.Null ? 0 : amount.GetDecimal()).Should().Be(cost);
        totals.GetProperty("unpriced").GetProperty("responses").GetInt32().Should().Be(unpriced);
        totals.GetProperty("unmeasured_responses").GetInt32().Should().Be(unmeasured);
    }
}
