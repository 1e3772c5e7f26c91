using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Fleet;

/// <summary>The Grafana dashboard for the fleet's database: each query is run as Grafana would run it, and says what `report` says.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed partial class FleetDashboardTests(FourNodes nodes) : IClassFixture<FourNodes>
{
    static readonly GrafanaBoard Board = new("postgres", "rawSql");

    static readonly string From = UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-50)), To = UtcTime.Format(DateTimeOffset.UtcNow.AddDays(-3));

    [Fact]
    public void EachPanelFindsWhatItsKindNeeds()
    {
        var panels = Board.Panels;

        panels.Should().HaveCountGreaterThan(12);
        foreach (var panel in panels)
        {
            var title = (string)panel!["title"]!;
            var rows = Ask(title);

            rows.Should().NotBeEmpty(title);
            if ((string)panel["targets"]![0]!["format"]! == "time_series")
            {
                rows[0].Keys.Should().Equal(["time", "metric", "value"], title);
                rows.Select(row => Convert.ToDouble(row["time"], CultureInfo.InvariantCulture)).Should().BeInAscendingOrder(title);
                rows.Should().OnlyContain(row => row["metric"] is string, title);
            }
        }
    }

    [Fact]
    public void ItsNumbersAreThoseOfTheReport()
    {
        var report = JsonNode.Parse(Cli.Run("report", "--json", "--by", "agent", "--since", From, "--until", To, "--db", nodes.Url).Output)!;
        var totals = report["totals"]!;
        var (cost, tokens, responses) = ((double)totals["known_cost_usd"]!, (double)totals["tokens"]!["total"]!, (double)totals["responses"]!);

        responses.Should().BeInRange(100, FourNodes.Events - 100, "some are before, and some after");
        Value("Responses").Should().Be(responses);
        Value("Tokens").Should().Be(tokens);
        Value("Known cost").Should().BeApproximately(cost, 0.001);
        Value("Responses without a price").Should().BeApproximately((double)totals["unpriced"]!["responses"]! / responses, 1e-9);
        Sum("Cost by agent").Should().BeApproximately(cost, 0.001);
        Sum("Cost by node").Should().BeApproximately(cost, 0.001);
        Sum("Cost by trigger").Should().BeApproximately(cost, 0.001);
        Sum("Tokens by model").Should().Be(tokens);
        Ask("Agents and models").Sum(row => Convert.ToInt64(row["responses"], CultureInfo.InvariantCulture)).Should().Be((long)responses);
    }

    /// <summary>What is chosen is a part, and the parts are the whole.</summary>
    [Theory]
    [InlineData("node")]
    [InlineData("agent")]
    [InlineData("provider")]
    [InlineData("model")]
    public void AVariableChooses(string variable)
    {
        var parts = ValuesOf(variable).Select(value => Convert.ToInt64(
            nodes.Server.Query(nodes.Url, Expand(Board.SqlOf("Responses").Replace($"${variable}", GrafanaBoard.Quote(value), StringComparison.Ordinal))).Single()["value"], CultureInfo.InvariantCulture)).ToList();

        parts.Where(part => part > 0).Should().HaveCountGreaterThan(1);
        parts.Sum().Should().Be((long)Value("Responses"));
    }

    /// <summary>It can be imported anywhere, and beside the other dashboard.</summary>
    [Fact]
    public void ItNamesNoDatabaseOfItsOwn()
    {
        Board.Uid.Should().StartWith("token-governance-").And.NotBe(new GrafanaBoard("prometheus", "expr").Uid);
        Board.Json["id"].Should().BeNull();
        Board.Uids.Should().BeEquivalentTo("token-governance-fleet", "${datasource}");
        Board.Panels.Select(panel => (int)panel!["id"]!).Should().OnlyHaveUniqueItems();
    }

    double Value(string title) => Convert.ToDouble(Ask(title).Single()["value"], CultureInfo.InvariantCulture);

    double Sum(string title) => Ask(title).Sum(row => row["value"] is { } value ? Convert.ToDouble(value, CultureInfo.InvariantCulture) : 0);

    IReadOnlyList<Dictionary<string, object?>> Ask(string title) => nodes.Server.Query(nodes.Url, Expand(Board.SqlOf(title)));

    /// <summary>Variables with all their values, then macros.</summary>
    string Expand(string sql) => ExpandMacros(
        Variable().Replace(sql, match => string.Join(",", ValuesOf(match.Groups["name"].Value).Select(GrafanaBoard.Quote))).Replace("$__interval", "1h", StringComparison.Ordinal));

    List<string> ValuesOf(string variable) => [.. nodes.Server.Query(nodes.Url, ExpandMacros(Board.QueryOf(variable))).Select(row => (string)row.Values.Single()!)];

    /// <summary>As Grafana's source for PostgreSQL: what stands in the brackets ends at the first that closes.</summary>
    static string ExpandMacros(string sql)
    {
        return Macro().Replace(sql, match => (match.Groups["name"].Value, match.Groups["of"].Value.Split(',', StringSplitOptions.TrimEntries)) switch
        {
            ("timeFrom", [""]) => $"'{From}'",
            ("timeTo", [""]) => $"'{To}'",
            ("timeFilter", [var column]) => $"{column} BETWEEN '{From}' AND '{To}'",
            ("timeGroupAlias", [var column, "1h"]) => $"floor(extract(epoch from {column})/3600)*3600 AS \"time\"",
            _ => throw new FormatException($"Grafana knows no {match.Value}."),
        });
    }

    [GeneratedRegex(@"\$(?<name>[a-z]+)\b")]
    private static partial Regex Variable();

    [GeneratedRegex(@"\$__(?<name>\w+)\((?<of>[^)]*)\)")]
    private static partial Regex Macro();
}
