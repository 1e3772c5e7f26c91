using System.Text.Json;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>A home whose turns other runtimes carried out: agent `main` runs Codex, agent `research` runs Claude Code.</summary>
public sealed class RuntimeFixtureTests : IDisposable
{
    static readonly Fixture Home = new("openclaw-2026.9.6-codex");

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void MirroredToolCallsAreNoResponses()
    {
        var pass = _scene.CollectFrom(Home.CopyTo(_scene.Folder["copy"]));

        pass.Failures.Should().BeEmpty();
        var rows = Home.Expected().GetProperty("transcript_rows").EnumerateArray().ToList();
        var tools = rows.Where(IsToolCall).Select(row => row.GetProperty("entry_id").GetString()).ToList();
        tools.Should().HaveCount(10);
        _scene.Events.Select(row => row.Text("entry_id")).Should().NotIntersectWith(tools);
    }

    static bool IsToolCall(JsonElement row) => row.GetProperty("verdict").GetString()!.StartsWith("a tool call", StringComparison.Ordinal);
}
