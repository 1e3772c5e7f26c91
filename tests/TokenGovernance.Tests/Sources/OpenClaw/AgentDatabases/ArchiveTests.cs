namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Deleted, reset and cold sessions: read wherever they were put, once.</summary>
public sealed class ArchiveTests : IDisposable
{
    const string Time = "2026-11-21T20-08-45.077Z";

    static readonly string[] Transcript = [Some.Header("s1"), Some.Question("q1"), Some.Answer("a1", "10:05"), Some.Answer("a2", "10:06")];

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData($"s1.jsonl.deleted.{Time}.zst")]
    [InlineData($"s1.jsonl.reset.{Time}.zst")]
    [InlineData($"s1.jsonl.deleted.{Time}.581d74e4d9714e5485a32cc772125be0.zst")]
    [InlineData($"s1.jsonl.reset.{Time}.581d74e4d9714e5485a32cc772125be0.zst")]
    [InlineData($"s1.jsonl.bak.{Time}.zst")]
    public void ACompressedFileIsReadByItsName(string name)
    {
        File.WriteAllBytes(_scene.Home.FileOf(name), RawFrame.Of(Archives.Lines(Transcript)));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")} {row.Number("source_line_no")}").Should()
            .Equal("a1 s1 3", "a2 s1 4");
        ShouldNotBeReadAgain();
    }

    [Fact]
    public void AFileOfSeveralFramesAndWithoutALastNewlineIsReadToItsEnd()
    {
        byte[] bytes =
        [
            .. RawFrame.Of(Archives.Lines(Transcript[..3])),
            .. RawFrame.Of(Transcript[3]),
        ];
        File.WriteAllBytes(_scene.Home.FileOf($"s1.jsonl.deleted.{Time}.zst"), bytes);

        _scene.Collect();

        _scene.Events.Should().HaveCount(2);
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("identity")]
    public void ABlobInTheDatabaseIsReadWithTheKeyOfItsRow(string encoding)
    {
        var lines = Archives.Lines(Transcript);
        Archives.Deleted(_scene.Home.MakeStore(), "s1", encoding is "zstd" ? RawFrame.Of(lines) : lines, encoding);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")} {row.Text("session_key")} {row.Number("source_line_no")}")
            .Should().Equal("a1 s1 agent:main:s1 3", "a2 s1 agent:main:s1 4");
        ShouldNotBeReadAgain();
    }

    [Fact]
    public void ADeletedSessionGoesFromRowsToBlobAndFileWithoutADouble()
    {
        var store = _scene.Home.MakeStore();
        store.Window("s1", "agent:main:s1", ("channel", "telegram"));
        store.Append("s1", Transcript);
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        var before = Shown();

        var bytes = RawFrame.Of(Archives.Lines(Transcript));
        Archives.Deleted(store, "s1", bytes);
        store.Remove("s1");
        File.WriteAllBytes(_scene.Home.FileOf($"s1.jsonl.deleted.{Time}.zst"), bytes);
        var pass = passes.Run();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((0, 0));
        Shown().Should().Equal(before);
        passes.Run().BytesRead.Should().Be(0);
    }

    [Fact]
    public void ABlobIsNotReadAgainWhenTheDatabaseChanges()
    {
        var store = _scene.Home.MakeStore();
        Archives.Deleted(store, "s1", RawFrame.Of(Archives.Lines(Transcript)));
        Archives.ColdRow(store, "s2", Archives.Cold("s2", Some.Header("s2"), Some.Answer("b1", "10:10")));
        using var passes = _scene.StartPasses();
        passes.Run().Stored.Added.Should().Be(3);

        store.Append("s3", Some.Header("s3"), Some.Answer("c1", "10:20"));
        var pass = passes.Run();

        (pass.Stored.Added, pass.Stored.Known, pass.SourcesRead).Should().Be((1, 0, 1));
        store.Append("s3", Some.Answer("c2", "10:21"));
        var later = _scene.Collect();
        (later.Stored.Added, later.Stored.Known, later.SourcesRead).Should().Be((1, 0, 1));
    }

    [Fact]
    public void AnArchiveMetBeforeItsRowsIsNoDoubleEither()
    {
        var store = _scene.Home.MakeStore();
        Archives.Deleted(store, "s1", RawFrame.Of(Archives.Lines(Transcript[..3])), reason: "reset");
        _scene.Collect();
        store.Append("s1", Transcript);

        _scene.Collect().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void TwoArchivesOfOneSessionAreBothRead()
    {
        var store = _scene.Home.MakeStore();
        Archives.Deleted(store, "s1", Archives.Lines(Transcript[..3]), "identity");
        store.Execute("UPDATE session_transcript_archives SET generation = 'g0', archive_name = 'x'");
        Archives.Deleted(store, "s1", Archives.Lines(Transcript[0], Transcript[3]), "identity");

        _scene.Collect();

        _scene.Events.Should().HaveCount(2);
    }

    [Fact]
    public void AColdFileIsReadByItsFirstLineAndItsRows()
    {
        var path = Archives.ColdFile(_scene.Home, Archives.Cold("s1", Transcript));
        Archives.ColdRow(_scene.Home.MakeStore(), "s1", null);

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")} {row.Number("source_line_no")}").Should()
            .Equal("a1 s1 3", "a2 s1 4");
        _scene.Events.Should().OnlyContain(row => row.Text("source_file") == path);
        ShouldNotBeReadAgain();
    }

    [Fact]
    public void AColdBlobIsReadFromTheDatabase()
    {
        var store = _scene.Home.MakeStore();
        store.Window("s1", "agent:main:main", ("channel", "telegram"));
        Archives.ColdRow(store, "s1", Archives.Cold("s1", Transcript));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")} {row.Text("channel")}").Should()
            .Equal("a1 s1 telegram", "a2 s1 telegram");
        ShouldNotBeReadAgain();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ASessionThatGrowsColdAndComesBackWithNewRowidsCountsOnce(bool inFile)
    {
        var store = _scene.Home.MakeStore();
        store.SetGeneration("s1", "g1");
        store.Append("s1", Transcript);
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        var before = Shown();

        store.Remove("s1");
        var bytes = Archives.Cold("s1", Transcript);
        Archives.ColdRow(store, "s1", inFile ? null : bytes);
        var file = inFile ? Archives.ColdFile(_scene.Home, bytes) : null;
        passes.Run().Stored.Added.Should().Be(0);
        Shown().Should().Equal(before);

        store.Execute("DELETE FROM session_transcript_cold_archives");
        if (file is not null)
        {
            File.Delete(file);
        }

        store.SetGeneration("s1", "g2");
        for (var seq = Transcript.Length - 1; seq >= 0; seq--)
        {
            store.Insert("transcript_events", ("session_id", "s1"), ("seq", seq), ("event_json", Transcript[seq]), ("created_at", 1));
        }

        store.Append("s1", Some.Answer("a3", "10:07"));
        var pass = passes.Run();

        (pass.Stored.Added, pass.Failures.Count).Should().Be((1, 0));
        Shown().Take(2).Should().Equal(before);
    }

    [Fact]
    public void TheEventsOfAColdForkBelongToTheirOwner()
    {
        var store = _scene.Home.MakeStore();
        Archives.ColdFile(_scene.Home, Archives.Cold("fork", Some.Header("fork", "11:00", "s1"), Some.Answer("a1", "10:05"), Some.Answer("b1", "11:05")));
        _scene.Collect();
        store.Append("s1", Transcript);

        _scene.Collect();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("session_id")}").Should().Equal("a1 s1", "a2 s1", "b1 fork");
    }

    [Fact]
    public void AModelChangeInAnArchiveNamesTheModel()
    {
        Archives.ColdFile(_scene.Home, Archives.Cold("s1", Some.Header("s1"), Some.ModelChange("stubai", "stub-x"), Some.Answer("a1", about: "")));

        _scene.Collect();

        _scene.Event.Text("model").Should().Be("stub-x");
    }

    [Fact]
    public void ALongEntryInAnArchiveIsReadWhole()
    {
        var long_ = Some.Answer("a1", text: new string('x', 3_900_000) + "\"\\\u00e4");
        Archives.ColdFile(_scene.Home, Archives.Cold("s1", Some.Header("s1"), long_));
        var entry = System.Text.Encoding.UTF8.GetBytes(long_.Replace("a1", "a2", StringComparison.Ordinal) + "\n");
        File.WriteAllBytes(_scene.Home.FileOf($"s2.jsonl.deleted.{Time}.zst"), RawFrame.WithoutSize(entry, block: 100_000));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
    }

    /// <summary>Neither by the same process nor by the next one.</summary>
    void ShouldNotBeReadAgain()
    {
        using (var passes = _scene.StartPasses(new LaterClock()))
        {
            passes.Run();
            var pass = passes.Run();
            (pass.SourcesRead, pass.BytesRead, pass.Stored.Known).Should().Be((0, 0, 0));
        }

        using var later = _scene.StartPasses(new LaterClock());
        var again = later.Run();
        (again.SourcesRead, again.BytesRead, again.Stored.Known).Should().Be((0, 0, 0));
    }

    List<string> Shown() => [.. _scene.Events.Select(row => row.ToString())];
}
