namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>Where a message names no model, the last change before it in the same transcript does.</summary>
public sealed class ModelFallbackTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AModelChangeNamesTheModelOfLaterMessages()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.ModelChange("p1", "m1"), Silent("a1"), Some.ModelChange("p2", "m2"), Silent("a2"));

        _scene.Collect();

        Models().Should().Equal("p1/m1", "p2/m2");
    }

    [Fact]
    public void AModelSnapshotDoesSoToo()
    {
        _scene.Home.Log("s1.jsonl", Some.ModelChange("p1", "m1"), Some.ModelSnapshot("p2", "m2"), Silent("a1"));

        _scene.Collect();

        Models().Should().Equal("p2/m2");
    }

    [Fact]
    public void AnotherCustomEntryChangesNothing()
    {
        var other = Some.ModelSnapshot("p2", "m2").Replace("\"model-snapshot\"", "\"other\",\"note\":\"model-snapshot\"", StringComparison.Ordinal);
        _scene.Home.Log("s1.jsonl", Some.ModelChange("p1", "m1"), other, Silent("a1"));

        _scene.Collect();

        Models().Should().Equal("p1/m1");
    }

    [Fact]
    public void TheMessagesOwnModelWins()
    {
        _scene.Home.Log("s1.jsonl", Some.ModelChange("p1", "m1"), Some.Answer("a1"), Silent("a2"));

        _scene.Collect();

        Models().Should().Equal("stubai/stub-a", "p1/m1");
    }

    [Fact]
    public void AMessagesModelTakesTheProviderOfTheSameModelOnly()
    {
        _scene.Home.Log(
            "s1.jsonl",
            Some.ModelChange("p1", "m1"),
            Some.Answer("a1", about: "\"model\":\"m1\""),
            Some.Answer("a2", about: "\"model\":\"m9\""));

        _scene.Collect();

        Models().Should().Equal("p1/m1", "NULL/m9");
    }

    [Fact]
    public void WithoutAChangeBeforeItTheModelIsUnknown()
    {
        _scene.Home.Log("s1.jsonl", Silent("a1"), Some.ModelChange("p1", "m1"));
        _scene.Home.Log("s2.jsonl", Silent("a2"));

        _scene.Collect();

        Models().Should().Equal("NULL/NULL", "NULL/NULL");
    }

    [Fact]
    public void AChangeIsRememberedAcrossCheckpointsAndProcesses()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.ModelChange("p1", "m1"));
        _scene.Collect();
        _scene.Home.Append("s1.jsonl", Silent("a1"));
        _scene.Collect();
        _scene.Home.Append("s1.jsonl", Some.ModelSnapshot("p2", "m2"));
        using var passes = _scene.StartPasses();
        passes.Run();
        _scene.Home.Append("s1.jsonl", Silent("a2"));
        passes.Run();
        _scene.Home.Append("s1.jsonl", Silent("a3"));
        passes.Run();

        Models().Should().Equal("p1/m1", "p2/m2", "p2/m2");
    }

    [Fact]
    public void AChangeThatIsNotWholeYetChangesNothing()
    {
        var change = Some.ModelChange("p2", "m2");
        _scene.Home.Log("s1.jsonl", Some.ModelChange("p1", "m1"));
        _scene.Home.AppendBytes("s1.jsonl", System.Text.Encoding.UTF8.GetBytes(change[..^1]));
        _scene.Collect();
        _scene.Home.AppendBytes("s1.jsonl", "}\n"u8);
        _scene.Home.Append("s1.jsonl", Silent("a1"));
        _scene.Collect();

        Models().Should().Equal("p2/m2");
    }

    IEnumerable<string> Models() => _scene.Events.Select(row => $"{row.Text("model_provider") ?? "NULL"}/{row.Text("model") ?? "NULL"}");

    static string Silent(string id) => Some.Answer(id, about: "\"stopReason\":\"stop\"");
}
