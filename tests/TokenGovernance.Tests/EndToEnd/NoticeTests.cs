using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>A daemon that is told of changes stores them at once, long before its interval is over.</summary>
public sealed class NoticeTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AResponseIsStoredWhenItIsWrittenNotWhenTheIntervalIsOver()
    {
        if (!FileSystemType.TellsAll(_scene.Folder.Path))
        {
            return;
        }

        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
        using var collector = new RunningCollector(_scene, intervalSec: 3600);
        collector.WaitFor("1 new event");

        _scene.Home.Append("s1.jsonl", Some.Answer("a2", "10:02"));
        collector.WaitFor("1 new event");
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("b1", "10:03"));
        collector.WaitFor("1 new event");

        _scene.Events.Should().HaveCount(3);
    }

    [Fact]
    public void SoIsOneInADatabase()
    {
        if (!FileSystemType.TellsAll(_scene.Folder.Path))
        {
            return;
        }

        var store = _scene.Home.MakeStore();
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:01"));
        using var collector = new RunningCollector(_scene, intervalSec: 3600);
        collector.WaitFor("1 new event");

        store.Append("s1", Some.Answer("a2", "10:02"));
        collector.WaitFor("1 new event");

        _scene.Events.Should().HaveCount(2);
    }
}
