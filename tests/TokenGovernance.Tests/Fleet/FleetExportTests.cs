using System.Globalization;

namespace TokenGovernance.Tests.Fleet;

/// <summary>The fleet as files and over HTTP: each response once, as the store that read all homes has it, and the node beside it.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetExportTests(FourNodes nodes) : IClassFixture<FourNodes>, IDisposable
{
    /// <summary>What each node counts for itself.</summary>
    static readonly string[] OfTheNode = ["id", "ingest_ts", "session_ref", "node"];

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--since", "30d", "--until", "3d")]
    public void CsvHasTheRowsOfTheStoreThatReadAllHomes(params string[] times)
    {
        Run(["export-csv", "--raw", "--db", nodes.Union, "-o", _folder["ours"], .. times]);
        var output = Run(["export-csv", "--raw", "--db", nodes.Url, "-o", _folder["theirs"], .. times]);

        foreach (var table in new[] { "usage_events", "provider_usage_snapshots" })
        {
            var (ours, theirs) = (Csv.ReadRows(_folder[$"ours/{table}.csv"]), Csv.ReadRows(_folder[$"theirs/{table}.csv"]));
            Keys(theirs).Distinct().Should().BeEquivalentTo(Keys(ours));
            theirs.Should().NotContain(row => !row["node"].StartsWith("node-", StringComparison.Ordinal));
            output.Should().Contain($"{table}.csv: {theirs.Count.ToString("#,##0", CultureInfo.InvariantCulture)} rows");
            if (table is "usage_events")
            {
                theirs.Should().HaveSameCount(ours);
                ours.Should().NotBeEmpty();
                theirs.Where(row => row["event_ts"].Length > 0).Select(row => row["event_ts"]).Should().BeInAscendingOrder(StringComparer.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("month", "all")]
    [InlineData("none", "no-peer-ids")]
    public void ParquetHasTheCellsOfTheCsv(string partition, string columns)
    {
        Run("export-csv", "--raw", "--db", nodes.Url, "-o", _folder["csv"]);
        Run("export-parquet", "--db", nodes.Url, "-o", _folder["lake"], "--partition", partition, "--columns", columns);

        foreach (var table in new[] { "usage_events", "provider_usage_snapshots" })
        {
            var parquet = Duck.Query($"SELECT * FROM read_parquet('{_folder["lake"]}/{table}/**/*.parquet', hive_partitioning = false)");
            var hidden = columns is "all" ? [] : new[] { "session_key", "spawned_by", "parent_session_key", "source_file" };

            Comparable(parquet, hidden).Should().BeEquivalentTo(Comparable(Csv.ReadRows(_folder[$"csv/{table}.csv"]), hidden));
            parquet.Should().OnlyContain(row => columns == "all" || !row.ContainsKey("source_file") || row["source_file"] == "");
        }

    }

    [Fact]
    public void AFolderIsOfOneFleetAndNothingIsIncremental()
    {
        Run("export-parquet", "--db", nodes.Url, "-o", _folder["lake"]);
        Run("export-parquet", "--db", nodes.Url, "-o", _folder["lake"]);

        Cli.Run("export-parquet", "--db", nodes.PlainUrl, "-o", _folder["lake"]).Error.Should().Contain("holds the export of another store");
        var refused = Cli.Run("export-parquet", "--db", nodes.Url, "-o", _folder["lake"], "--incremental");
        (refused.ExitCode, refused.Output).Should().Be((2, ""));
        refused.Error.Should().Contain("leave it out");
    }

    [Fact]
    public void AFolderThatCannotBeWrittenIsNoFailureOfTheDatabase()
    {
        File.WriteAllText(_folder["file"], "");

        foreach (var verb in new[] { "export-csv", "export-parquet" })
        {
            var result = Cli.Run(verb, "--db", nodes.Url, "-o", _folder["file"]);

            result.ExitCode.Should().Be(1);
            result.Error.Should().Contain($"The export into {_folder["file"]} failed").And.NotContain("cannot be read now");
        }
    }

    [Fact]
    public void ServeAnswersWithWhatTheVerbsSayAndAgainAfterAPush()
    {
        var url = nodes.Server.MakeDatabase();
        using var scene = new Scene();
        scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        scene.Collect();
        Run("fleet", "push", "--db", scene.Db, "--url", url);
        using var served = ServerProcess.Start(url);

        Responses(served).Should().Be(1);
        served.Json("/healthz").GetProperty("state").GetString().Should().Be("ok");
        served.Json("/api/v1/alerts").GetProperty("alerts").GetArrayLength().Should().Be(0);
        var metrics = served.Get("/metrics");
        (metrics.Status, metrics.Body).Should().Match<(int Status, string Body)>(reply => reply.Status == 404 && reply.Body.Contains("each machine keeps", StringComparison.Ordinal));
        Cli.Run("metrics", "--db", url).Error.Should().Contain("each machine keeps");

        scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("b1"));
        scene.Collect();
        Run("fleet", "push", "--db", scene.Db, "--url", url);
        Responses(served).Should().Be(2);

        nodes.Server.Execute("postgres", $"ALTER DATABASE {url.Split('/')[^1]} RENAME TO {url.Split('/')[^1]}_gone");
        var gone = served.Get("/api/v1/status");
        gone.Status.Should().Be(503);
        gone.Body.Should().Contain("cannot be read now");
        served.Get("/healthz").Status.Should().Be(503);
    }

    static long Responses(ServerProcess served) => served.Json("/api/v1/report?by=node").GetProperty("rows")[0].GetProperty("responses").GetInt64();

    static IEnumerable<string> Keys(IReadOnlyList<Dictionary<string, string>> rows) =>
        rows.Select(row => string.Join(", ", row.Where(cell => !OfTheNode.Contains(cell.Key)).Select(cell => $"{cell.Key}={cell.Value}"))).Order(StringComparer.Ordinal);

    static List<string> Comparable(IReadOnlyList<Dictionary<string, string>> rows, string[] hidden) =>
    [
        .. rows.Select(row => string.Join(", ", row.Where(cell => !hidden.Contains(cell.Key)).Select(cell => $"{cell.Key}={Form(cell.Key, cell.Value)}"))),
    ];

    static string Form(string column, string cell) =>
        (column.StartsWith("cost_", StringComparison.Ordinal) || column is "used_percent") && double.TryParse(cell, CultureInfo.InvariantCulture, out var number)
            ? number.ToString("R", CultureInfo.InvariantCulture) : cell;

    static string Run(params string[] args)
    {
        var result = Cli.Run(args);
        result.ExitCode.Should().Be(0, result.Error);

        return result.Output;
    }
}
