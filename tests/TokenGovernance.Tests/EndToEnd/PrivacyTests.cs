using System.Text;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>No word of a person reaches the store, an export or a message.</summary>
[Trait("Category", "Slow")]
public sealed class PrivacyTests : IDisposable
{
    const string Canary = "canary-7f3a";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void NothingThatPeopleSaidIsStoredExportedOrSaidAgain()
    {
        WriteHome();

        // An open store keeps its journal, which must not hold a word either.
        using (var passes = _scene.StartPasses())
        {
            passes.Run().Stored.Added.Should().Be(3);
            SearchFiles().Should().BeEmpty();
        }

        var output = new StringBuilder();
        foreach (var args in new string[][]
        {
            ["collect", "--once", "--rescan", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path],
            ["collect", "--once", "--rescan", "--json", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path],
            ["export-csv", "--db", _scene.Db, "--out-dir", _scene.Folder["out"]],
            ["export-parquet", "--db", _scene.Db, "--out-dir", _scene.Folder["out"], "--columns", "all", "--compression", "none"],
        })
        {
            var result = Cli.Run(args);
            output.Append(result.Output).Append(result.Error);
        }

        output.ToString().Should().NotContain(Canary).And.Contain("cannot read", "the broken files are named");
        File.Exists(_scene.Folder["out/usage_events.csv"]).Should().BeTrue();
        SearchFiles().Should().BeEmpty();
    }

    void WriteHome()
    {
        _scene.Home.Index($$"""
            {
              "agent:main:main": {
                "sessionId": "s1", "label": "{{Canary}}", "displayName": "{{Canary}}", "subject": "{{Canary}}", "channel": "telegram",
                "origin": { "provider": "telegram", "label": "{{Canary}}", "from": "{{Canary}}" },
                "deliveryContext": { "to": "{{Canary}}", "accountId": "{{Canary}}" },
                "skillsSnapshot": { "prompt": "{{Canary}}" }
              }
            }
            """);
        _scene.Home.Log(
            "s1.jsonl",
            Some.Header("s1").Replace("/home/user/workspace", $"/{Canary}", StringComparison.Ordinal),
            Some.Question("q1", text: Canary),
            Some.Answer("a1", text: Canary),
            Some.Answer(null, "10:06", text: Canary),
            Some.Answer("a2", "10:07", about: $"\"stopReason\":\"error\",\"errorMessage\":\"{Canary}\",\"__openclaw\":{{\"note\":\"{Canary}\"}}"),
            Some.Message("t1", "10:08", $"\"role\":\"toolResult\",\"content\":\"{Canary}\",\"details\":{{\"usage\":{{\"note\":\"{Canary}\"}}}}"),
            $$"""{"type":"label","id":"l1","label":"{{Canary}}"}""",
            Canary,
            $"{{\"usage\":{Canary}}}");
        _scene.Home.Log(
            "s1.trajectory.jsonl",
            Some.SessionStarted("s1", "agent:main:main", "user").Replace("\"data\":{", $"\"prompt\":\"{Canary}\",\"data\":{{\"prompt\":\"{Canary}\",", StringComparison.Ordinal));
        _scene.Home.LogOf("torn", "sessions.json", $"{{ \"agent:torn:main\": {Canary}");
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs"));
        File.WriteAllText(Path.Combine(_scene.Home.Path, "session-sqlite-migration-runs", "run.json"), $"{{ {Canary}");
        _scene.Home.Import("agent_main_x.s9.jsonl.imported-1795293176852", Some.Question("q9", text: Canary));
    }

    /// <summary>The files outside the home that hold the word.</summary>
    IEnumerable<string> SearchFiles() => Directory.EnumerateFiles(_scene.Folder.Path, "*", SearchOption.AllDirectories)
        .Where(file => !file.StartsWith(_scene.Home.Path, StringComparison.Ordinal))
        .Where(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Canary)) >= 0);

    static byte[] Read(string path)
    {
        using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);

        return bytes;
    }
}
