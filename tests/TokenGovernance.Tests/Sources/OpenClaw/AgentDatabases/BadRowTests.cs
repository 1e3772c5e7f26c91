namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Rows and archives that cannot be understood are counted or named, once; all others are collected.</summary>
public sealed class BadRowTests : IDisposable
{
    readonly Scene _scene = new();
    readonly AgentDatabaseBuilder _store;

    public BadRowTests()
    {
        _store = _scene.Home.MakeStore();
        _store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
    }

    public static TheoryData<string> Frames => ["checksum", "truncated", "magic", "empty", "trailing", "no JSON", "half an object"];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Frames))]
    public void ACorruptFrameBetweenGoodRowsIsCountedOnce(string damage)
    {
        var frame = RawFrame.Of(Some.Answer("lost", "10:06", text: new string('x', 3_000)));
        _store.AppendFrames("s1", damage switch
        {
            "checksum" => [.. frame[..^1], (byte)(frame[^1] ^ 1)],
            "truncated" => frame[..^500],
            "magic" => [.. "JUNK"u8, .. frame[4..]],
            "empty" => [],
            "trailing" => [.. frame, 1, 2, 3],
            "no JSON" => RawFrame.Of(new string('x', 3_000)),
            _ => RawFrame.Of(Some.Answer("x", "10:06", text: new string('x', 3_000))[..^20]),
        });
        _store.AppendCompressed("s1", Some.Answer("a2", "10:07"));
        _store.Append("s2", Some.Header("s2"), Some.Answer("a3", "10:08"));
        using var passes = _scene.StartPasses();

        var pass = passes.Run();

        pass.Failures.Should().BeEmpty();
        (pass.BadLines, pass.BadLinePlaces.Single()).Should().Be((1, $"{_store.Path}#s1:3"));
        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3");
        _store.Append("s1", Some.Answer("a4", "10:09"));
        (passes.Run().BadLines, _scene.Events.Count).Should().Be((0, 4));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ARowWithBothPayloadsOrNeitherIsCountedOnce(bool both)
    {
        var answer = Some.Answer("lost", "10:06");
        _store.AppendRow("s1", both ? answer : null, both ? RawFrame.Of(answer) : null);
        _store.Append("s1", Some.Answer("a2", "10:07"));
        using var passes = _scene.StartPasses();

        passes.Run().BadLines.Should().Be(1);
        _store.Append("s2", Some.Header("s2"), Some.Answer("a3", "10:08"));
        passes.Run().BadLines.Should().Be(0);

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2", "a3");
    }

    [Fact]
    public void ValuesOfOddTypesHarmNobody()
    {
        _store.Execute("INSERT INTO transcript_events (session_id, seq, event_json) VALUES ('s1', 5, 12345)");
        _store.Execute("INSERT INTO transcript_events (session_id, seq, event_json) VALUES ('s1', 6, x'7B7D')");
        _store.Execute("INSERT INTO transcript_events (session_id, seq, event_json) VALUES ('s1', 7, '')");
        _store.Execute("INSERT INTO transcript_events (session_id, seq, event_zstd) VALUES ('s1', 8, 'text')");
        _store.Execute("INSERT INTO transcript_events (session_id, seq, event_json) VALUES ('', 0, '{}')");
        _store.Window("s1", "");
        _store.Window("", "agent:main:main");
        _store.Append("s1", Some.Answer("a2", "10:07"));

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "a2");
    }

    [Fact]
    public void ATruncatedFileKeepsWhatStandsBeforeTheDamageAndIsNotReadEveryPass()
    {
        var path = _scene.Home.FileOf("s3.jsonl.deleted.2026-11-21T20-08-45.077Z.zst");
        byte[] whole = [.. RawFrame.Of(Archives.Lines(Some.Header("s3"), Some.Answer("z1", "11:05"))), .. RawFrame.Of(Archives.Lines(Some.Answer("z2", "11:06")))];
        File.WriteAllBytes(path, whole[..^40]);
        using var passes = _scene.StartPasses();

        var first = passes.Run();
        first.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "z1");

        _store.Append("s1", Some.Answer("a2", "10:07"));
        var second = passes.Run();
        second.Failures.Should().Equal(first.Failures);
        (second.Stored.Added, second.Stored.Known).Should().Be((1, 0), "the file has not changed");

        File.WriteAllBytes(path, whole);
        var third = passes.Run();
        (third.Failures.Count, third.Stored.Added).Should().Be((0, 1));
    }

    [Fact]
    public void AnArchiveThatCannotBeReadIsNamedByEveryProcess()
    {
        Archives.Deleted(_store, "s3", [.. RawFrame.Of(Archives.Lines(Some.Header("s3"), Some.Answer("z1", "11:05"))), 0x28, 0xB5]);
        for (var process = 0; process < 3; process++)
        {
            using var passes = _scene.StartPasses(new LaterClock());

            passes.Run().Failures.Should().ContainSingle().Which.Source.Should().Be($"{_store.Path}#session_transcript_archives/s3");
            var second = passes.Run();
            second.Failures.Should().ContainSingle();
            second.BytesRead.Should().Be(0, "nothing changed since it was read");
        }

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1", "z1");
    }

    [Fact]
    public void AnArchiveThatCouldNotBeReadAndIsGoneIsNoLongerNamed()
    {
        Archives.Deleted(_store, "s3", [1, 2, 3]);
        using var passes = _scene.StartPasses();
        passes.Run().Failures.Should().ContainSingle();

        _store.Execute("DELETE FROM session_transcript_archives");
        passes.Run();

        passes.Run().Failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData("s3", false)]
    [InlineData("s3", true)]
    public void AnArchiveWhoseHashDoesNotMatchIsNamedAndNotBelieved(string session, bool isCold)
    {
        var bytes = Archives.Cold(session, Some.Header(session), Some.Answer("z1", "11:05"));
        var wrong = new string('0', 64);
        if (isCold)
        {
            Archives.ColdRow(_store, session, bytes, wrong);
        }
        else
        {
            Archives.Deleted(_store, session, bytes, sha256: wrong);
        }

        var failure = _scene.Collect().Failures.Should().ContainSingle().Subject;

        failure.Reason.Should().Contain("SHA-256");
        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void AColdFileWhoseHashDoesNotMatchIsNamedAndNotReadEveryPass()
    {
        var path = Archives.ColdFile(_scene.Home, Archives.Cold("s3", Some.Header("s3"), Some.Answer("z1", "11:05")), new string('0', 64));
        var good = Archives.ColdFile(_scene.Home, Archives.Cold("s4", Some.Header("s4"), Some.Answer("z2", "11:06")));
        using var passes = _scene.StartPasses(new LaterClock());

        var first = passes.Run();
        first.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
        _scene.Events.Select(row => row.Text("source_file")).Should().Equal(_store.Path, good);

        var second = passes.Run();
        second.Failures.Should().Equal(first.Failures);
        (second.SourcesRead, second.BytesRead).Should().Be((0, 0));

        File.Delete(path);
        passes.Run().Failures.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""{"kind":"event"}""")]
    [InlineData("not JSON")]
    [InlineData("")]
    public void AColdFileThatNamesNoSessionIsNamed(string line)
    {
        var path = Archives.ColdFile(_scene.Home, RawFrame.Of(line));

        _scene.Collect().Failures.Should().ContainSingle().Which.Source.Should().Be(path);

        _scene.Event.Text("entry_id").Should().Be("a1");
    }
}
