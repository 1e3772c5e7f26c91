using System.Text.Json;
using TokenGovernance.Faults;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`export-parquet` by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class ParquetTests : IDisposable
{
    readonly Scene _scene = new();

    string Lake => _scene.Folder["my lake"];

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EveryStoredEventIsARow()
    {
        _scene.CollectFrom(new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]));

        var result = Export("--columns", "all");

        (result.ExitCode, result.Error).Should().Be((0, ""));
        result.Output.Should().Contain($"{Path.Combine(Lake, "usage_events")}").And.Contain(" rows");
        ShouldBeTheStore();
    }

    [Fact]
    public void AsJsonTheFilesAndWhatTheyCoverArePrinted()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Collect();
        Export();

        var result = Export("--json", "--incremental");

        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        root.EnumerateObject().Select(field => field.Name).Should()
            .Equal("folder", "since", "until", "time_zone", "partition", "columns", "incremental", "files", "unchanged", "removed", "failed");
        (root.GetProperty("time_zone").GetString(), root.GetProperty("columns").GetString(), root.GetProperty("unchanged").GetInt32()).Should().Be(("UTC", "no-peer-ids", 1));
    }

    [Fact]
    public void AnEmptyStoreSaysWhatToRun()
    {
        _scene.Collect();

        Export().Error.Should().Contain("is empty").And.Contain("token-governance collect --once");
    }

    [Fact]
    public void AMissingStoreIsAnErrorAndMakesNothing()
    {
        var result = Export();

        (result.ExitCode, result.Output).Should().Be((1, ""));
        result.Error.Should().StartWith("error: ").And.Contain(_scene.Db);
        Directory.Exists(Lake).Should().BeFalse();
    }

    [Fact]
    public void AFileThatCannotBeReplacedIsNamedAndTheRestIsDone()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        _scene.Home.Log("s2.jsonl", Some.Answer("a2").Replace("2026-11-21", "2026-10-21", StringComparison.Ordinal).Replace($"{Some.Ms("10:05")}", $"{Some.Ms("10:05") - (31L * 86_400_000)}", StringComparison.Ordinal));
        _scene.Collect();
        Export().ExitCode.Should().Be(0);
        var path = Directory.EnumerateFiles(Path.Combine(Lake, "usage_events/usage_month=2026-11")).Single();
        File.Delete(path);
        Directory.CreateDirectory(Path.Combine(path, "taken"));

        var result = Export();

        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain(path).And.Contain("could not be replaced");
        result.Output.Should().Contain("2026-10");
        Directory.Delete(path, recursive: true);
        Export("--incremental").ExitCode.Should().Be(0);
        ShouldBeTheStore();
    }

    [Fact]
    public void KilledAtAnyFileTheNextIncrementalExportIsRight()
    {
        _scene.CollectFrom(new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]));
        Export().ExitCode.Should().Be(0);
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"), Some.Answer("a2", "23:59"));
        _scene.Home.Log("s2.jsonl", Some.Answer("a3").Replace("2026-11-21", "2026-10-21", StringComparison.Ordinal));
        _scene.Collect();
        for (var time = 1; time < 20; time++)
        {
            var died = Cli.Run(new Dictionary<string, string?> { [FailPoint.Variable] = $"{FailPoint.ExportBeforeRename}:{time}" }, "export-parquet", "--db", _scene.Db, "--out-dir", Lake).ExitCode != 0;
            Export("--incremental").ExitCode.Should().Be(0);
            ShouldBeTheStore();
            FilesIn(Lake).Keys.Should().NotContain(path => path.EndsWith(".tmp", StringComparison.Ordinal));
            if (!died)
            {
                return;
            }
        }

        throw new InvalidOperationException("it died at every file");
    }

    CliResult Export(params string[] options) => Cli.Run(["export-parquet", "--db", _scene.Db, "--out-dir", Lake, .. options]);

    void ShouldBeTheStore() => Duck.Query($"SELECT * FROM '{Lake}/usage_events/**/*.parquet' ORDER BY id").Select(row => $"{row["id"]} {row["entry_id"]} {row["event_ts"]} {row["model"]} {row["total_tokens"]}")
        .Should().Equal(StoreRows.Query(_scene.Db, "SELECT * FROM usage_events ORDER BY id")
            .Select(row => $"{row.Text("id")} {row.Text("entry_id")} {row.Text("event_ts")} {row.Text("model")} {row.Text("total_tokens")}"));

    static Dictionary<string, string> FilesIn(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(path => path, path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));
}
