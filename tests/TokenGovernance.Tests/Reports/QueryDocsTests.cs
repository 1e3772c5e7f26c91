using System.Text.RegularExpressions;

namespace TokenGovernance.Tests.Reports;

/// <summary>Queries in the documents run, on a store with usage, and name columns that there are.</summary>
public sealed partial class QueryDocsTests
{
    [Fact]
    public void EveryQueryOfTheSqlPageRunsAndFindsSomething()
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");
        scene.Execute("""
            UPDATE usage_events SET spawned_by = 'agent:main:main' WHERE id = 1;
            UPDATE usage_events SET event_ts = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), started_ts = NULL WHERE agent_id = 'main' OR job_id IS NOT NULL;
            INSERT INTO provider_usage_snapshots (snapshot_ts, provider, window_label, used_percent, kind)
            VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'openai', '5h', 12, 'window');
            """);
        var queries = Sql().Matches(Read("docs/sql.md")).Select(match => match.Groups["sql"].Value).ToList();

        queries.Should().HaveCountGreaterThan(10);
        foreach (var query in queries)
        {
            var runnable = query.Replace("$__from", "0", StringComparison.Ordinal).Replace("$__to", "99999999999999", StringComparison.Ordinal);

            scene.Query(runnable).Should().NotBeEmpty(query);
        }
    }

    [Theory]
    [InlineData("docs/sql.md")]
    [InlineData("docs/schema.md")]
    [InlineData("docs/privacy.md")]
    public void NoQueryNeedsANewerSqliteThanDistributionsHave(string page)
    {
        foreach (var query in Sql().Matches(Read(page)).Select(match => match.Groups["sql"].Value))
        {
            NewerThan340().IsMatch(query).Should().BeFalse(query);
        }
    }

    [Theory]
    [InlineData("docs/sql.md")]
    [InlineData("docs/schema.md")]
    public void EverySumOfRecordedCostsLeavesOutWhatIsNoPriceAndNoRatioIsAveraged(string page)
    {
        foreach (var query in Sql().Matches(Read(page)).Select(match => match.Groups["sql"].Value))
        {
            query.Should().NotMatchRegex(@"avg\([^)]*ratio");
            if (query.Contains("sum(cost_total)", StringComparison.Ordinal) && !AddedUpView().IsMatch(query))
            {
                query.Should().Contain("sum(cost_total) FILTER (WHERE cost_source ").And.NotMatchRegex(@"sum\(cost_total\)(?! FILTER)");
            }
        }
    }

    [Fact]
    public void EveryColumnOfThePowerBiPageIsOneOfTheExport()
    {
        using var scene = new ReportScene();
        scene.Create();
        var page = Read("docs/powerbi.md");
        string[] computed = ["usage_ts", "usage_day"];

        foreach (var table in new[] { "usage_events", "provider_usage_snapshots" })
        {
            var columns = scene.Query($"SELECT name FROM pragma_table_info('{table}')").Select(row => (string)row["name"]!).Concat(computed).ToList();

            columns.Should().Contain(Regex.Matches(page, $@"\b{table}\[(\w+)\]").Select(match => match.Groups[1].Value));
        }

        var all = scene.Query("SELECT name FROM pragma_table_info('usage_events') UNION SELECT name FROM pragma_table_info('provider_usage_snapshots')")
            .Select(row => (string)row["name"]!).Concat(computed).ToList();
        all.Should().Contain(PowerQueryColumn().Matches(page).Select(match => match.Groups["name"].Value));
    }

    static string Read(string page) => File.ReadAllText(Path.Combine(ReportScene.Root, page)).ReplaceLineEndings("\n");

    [GeneratedRegex(@"^```sql\n(?<sql>.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Sql();

    // Since SQLite 3.41: function names, and letters of strftime.
    [GeneratedRegex(@"\b(?i:string_agg|concat|concat_ws|octet_length|timediff|jsonb\w*|json_pretty|unhex|if|unistr|median|percentile\w*)\(|strftime\('[^']*%[eFgGIklpPRTuUV]")]
    private static partial Regex NewerThan340();

    // These views add up only costs that are known.
    [GeneratedRegex(@"FROM v_usage_(daily|monthly|quarters|days|group_hours|group_days)\b")]
    private static partial Regex AddedUpView();

    [GeneratedRegex(@"\{""(?<name>\w+)"", (type|Int64)", RegexOptions.ExplicitCapture)]
    private static partial Regex PowerQueryColumn();
}
