namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Rows are read once, by session, generation and the last row; whatever happens to them, each event is there once.</summary>
public sealed class IncrementalTests : IDisposable
{
    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _store;

    public IncrementalTests()
    {
        _store = _scene.Home.MakeStore();
        _store.SetGeneration("s1", "g1");
        _store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:06"));
    }

    IEnumerable<string?> Ids => _scene.Events.Select(row => row.Text("entry_id"));

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EachPassReadsOnlyTheRowsThatCameSinceTheLast()
    {
        using var passes = _scene.StartPasses();
        passes.Run().Stored.Added.Should().Be(2);

        for (var minute = 10; minute < 30; minute++)
        {
            _store.Append("s1", Some.Answer($"b{minute}", $"10:{minute}"));
            var pass = passes.Run();

            (pass.Stored.Added, pass.Stored.Known).Should().Be((1, 0));
        }

        Ids.Should().HaveCount(22).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public void ANewProcessGoesOnWhereTheLastOneEnded()
    {
        _scene.Collect();
        _store.Append("s1", Some.Answer("a3", "10:07"));

        var pass = _scene.Collect();

        (pass.Stored.Added, pass.Stored.Known).Should().Be((1, 0));
        Ids.Should().Equal("a1", "a2", "a3");
    }

    [Fact]
    public void ASessionLongerThanABatchIsReadToItsEnd()
    {
        using (var connection = _store.Connect())
        {
            AgentDatabaseBuilder.Execute(connection, "BEGIN");
            for (var i = 0; i < 2_500; i++)
            {
                _store.Append(connection, "s1", Some.Answer($"b{i}", $"11:{i / 60 % 60:00}:{i % 60:00}"));
            }

            AgentDatabaseBuilder.Execute(connection, "COMMIT");
        }

        _scene.Collect().Stored.Added.Should().Be(2_502);
        _scene.Collect().Stored.Known.Should().Be(0);
    }

    [Fact]
    public void NothingIsReadWhereNothingChanged()
    {
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();

        var pass = passes.Run();

        (pass.SourcesRead, pass.BytesRead, pass.Stored.Known).Should().Be((0, 0, 0));
    }

    [Fact]
    public void NothingIsReadAgainByANewProcess()
    {
        using (var passes = _scene.StartPasses(new LaterClock()))
        {
            passes.Run();
        }

        using var later = _scene.StartPasses(new LaterClock());
        var pass = later.Run();

        (pass.SourcesRead, pass.BytesRead, pass.Stored.Known).Should().Be((0, 0, 0));
    }

    [Fact]
    public void ANewGenerationIsReadFromItsFirstRow()
    {
        using var passes = _scene.StartPasses();
        passes.Run();

        // Trimmed: the second answer took the first one's place, a redacted question the second's, and as many rows are there as before.
        _store.Execute("DELETE FROM transcript_events WHERE session_id = 's1' AND seq > 0");
        _store.Append("s1", Some.Answer("a2", "10:06"), Some.Answer("a3", "10:07"));
        _store.SetGeneration("s1", "g2");
        var pass = passes.Run();

        (pass.Stored.Added, pass.Stored.Known).Should().Be((1, 1));
        Ids.Should().Equal("a1", "a2", "a3");
        passes.Run().Stored.Known.Should().Be(0, "the new generation has been read");
    }

    [Fact]
    public void ASessionWithFewerRowsThanBeforeIsReadAgain()
    {
        using var passes = _scene.StartPasses();
        passes.Run();

        _store.Execute("DELETE FROM transcript_events WHERE session_id = 's1' AND seq > 0");
        _store.Append("s1", Some.Answer("b1", "10:20"));
        passes.Run().Stored.Added.Should().Be(1);
        _store.Append("s1", Some.Answer("b2", "10:21"));
        passes.Run().Stored.Added.Should().Be(1);

        Ids.Should().Equal("a1", "a2", "b1", "b2");
    }

    [Fact]
    public void ARowThatSaysTheSameInNewWordsChangesNoNumber()
    {
        _scene.Collect();
        var before = _scene.Events.Select(row => row.ToString()).ToList();

        _store.Execute(
            "UPDATE transcript_events SET event_json = $json WHERE seq = 1",
            ("json", Some.Answer("a1", "10:05", usage: """{"input":999999,"output":1}""", text: "[redacted]")));
        _store.SetGeneration("s1", "g2");
        var pass = _scene.Collect();

        (pass.Stored.Added, pass.Stored.Known).Should().Be((0, 2));
        _scene.Events.Select(row => row.ToString()).Should().Equal(before);
    }

    [Fact]
    public void ADeletedSessionKeepsItsEvents()
    {
        using var passes = _scene.StartPasses();
        passes.Run();
        _store.Append("s2", Some.Header("s2"), Some.Answer("b1", "10:10"));

        _store.Remove("s1");
        passes.Run().Failures.Should().BeEmpty();

        Ids.Should().Equal("a1", "a2", "b1");
        StoreRows.Query(_scene.Db, "SELECT key FROM collector_state WHERE key LIKE '%#s1'").Should().BeEmpty("nothing is left to read on from");
    }

    [Fact]
    public void ASessionThatCameBackWithLowerRowidsIsReadAgainAndAddsOnlyWhatIsNew()
    {
        using var passes = _scene.StartPasses();
        _store.Append("s2", Some.Header("s2"), Some.Answer("b1", "10:10"));
        passes.Run();
        _store.Remove("s1");
        passes.Run();

        foreach (var (entry, index) in new[] { Some.Header("s1"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:06"), Some.Answer("a3", "10:07") }.Select((e, i) => (e, i)))
        {
            _store.Insert("transcript_events", ("rowid", index - 100), ("session_id", "s1"), ("seq", index), ("event_json", entry), ("created_at", 1));
        }

        var pass = passes.Run();

        (pass.Stored.Added, pass.Stored.Known).Should().Be((1, 2));
        Ids.Should().Equal("a1", "a2", "a3", "b1");
    }

    [Fact]
    public void AResetWithinASessionIsOneMoreRow()
    {
        using var passes = _scene.StartPasses();
        passes.Run();

        _store.Append("s1", $$"""{"type":"reset","id":"r1","timestamp":"{{Some.Time("10:10")}}"}""", Some.Answer("a3", "10:11"));

        (passes.Run().Stored.Added, passes.Run().Stored.Added).Should().Be((1, 0));
    }
}
