using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using TokenGovernance.Tests.Reports;

namespace TokenGovernance.Tests;

/// <summary>A Grafana dashboard of `docs/dashboards/grafana`.</summary>
/// <param name="name">Its file, without extension.</param>
/// <param name="queryField">In which field of a target its source has the query.</param>
sealed partial class GrafanaBoard(string name, string queryField)
{
    public JsonNode Json { get; } = JsonNode.Parse(File.ReadAllText(Path.Combine(ReportScene.Root, $"docs/dashboards/grafana/{name}.json")))!;

    public JsonArray Panels => Json["panels"]!.AsArray();

    public string Uid => (string)Json["uid"]!;

    /// <summary>All ids that it has or refers to, each once.</summary>
    public IEnumerable<string> Uids => AnyUid().Matches(Json.ToJsonString()).Select(match => match.Groups["uid"].Value).Distinct();

    /// <summary>The query of a panel, as it is written.</summary>
    public string SqlOf(string title) => (string)Panels.Single(panel => (string)panel!["title"]! == title)!["targets"]![0]![queryField]!;

    /// <summary>The query for the values of a variable, as it is written.</summary>
    public string QueryOf(string variable) => (string)Json["templating"]!["list"]!.AsArray().Single(one => (string)one!["name"]! == variable)!["query"]!;

    /// <summary>A text as Grafana quotes the value of a variable.</summary>
    public static string Quote(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    [GeneratedRegex("\"uid\":\"(?<uid>[^\"]*)\"")]
    private static partial Regex AnyUid();
}
