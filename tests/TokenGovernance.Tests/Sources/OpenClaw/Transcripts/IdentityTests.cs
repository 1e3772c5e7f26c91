namespace TokenGovernance.Tests.Sources.OpenClaw.Transcripts;

/// <summary>What makes an event the same event: its entry's id and time, wherever it is read.</summary>
public sealed class IdentityTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void SameIdAndTimeInOtherFilesSessionsAndAgentsIsOneEvent()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("a1"));
        _scene.Home.Log("s1.jsonl.bak.2026-11-21T20-11-59.966Z", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.LogOf("research", "s1.jsonl", Some.Header("s1"), Some.Answer("a1"));

        var stored = _scene.Collect().Stored;

        (stored.Added, stored.Known).Should().Be((1, 3));
        _scene.Event.Text("entry_id").Should().Be("a1");
    }

    [Fact]
    public void SameIdAtAnotherTimeIsAnotherEvent()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:05:00.000"), Some.Answer("a1", "10:05:00.001"));

        _scene.Collect().Stored.Added.Should().Be(2);
    }

    [Fact]
    public void TheSameInstantInAnotherSpellingIsTheSame()
    {
        var answer = Some.Answer("a1", "10:05");
        _scene.Home.Log("s1.jsonl", answer, answer.Replace(Some.Time("10:05"), "2026-11-21T12:05:00+02:00", StringComparison.Ordinal));

        _scene.Collect().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void WithoutAnIdTheTextIsTheIdentity()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer(null), Some.Answer(null, text: "something else"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer(null));

        var stored = _scene.Collect().Stored;

        (stored.Added, stored.Known).Should().Be((2, 1));
        _scene.Events.Should().OnlyContain(row => row["entry_id"] == null);
    }

    [Fact]
    public void TheTextOfAnEntryIsTheSameWithAndWithoutWhiteSpaceAroundIt()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer(null), "  " + Some.Answer(null) + " \t\r");

        _scene.Collect().Stored.Added.Should().Be(1);
    }

    [Fact]
    public void WithoutTheEnvelopesTimeTheMessagesServes()
    {
        var stamped = Some.Answer("a1");
        var bare = stamped.Replace($"\"timestamp\":\"{Some.Time("10:05")}\",", "", StringComparison.Ordinal);
        _scene.Home.Log("s1.jsonl", stamped);
        _scene.Home.Log("s2.jsonl", bare);

        _scene.Collect().Stored.Added.Should().Be(1);

        bare.Should().NotBe(stamped);
        _scene.Event.Text("event_ts").Should().Be(Some.Time("10:05"));
        _scene.Event.Text("started_ts").Should().Be(Some.Time("10:05"));
    }

    [Fact]
    public void WithoutAnyTimeTheTextIsTheIdentity()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1", time: null), Some.Answer("a1", time: null), Some.Answer("a2", time: null));

        _scene.Collect().Stored.Added.Should().Be(2);
        _scene.Events.Should().OnlyContain(row => row["event_ts"] == null && row["started_ts"] == null);
    }

    [Fact]
    public void TimesAreTakenAsTextAndAsMilliseconds()
    {
        var answer = Some.Answer("a1");
        _scene.Home.Log("s1.jsonl", answer, answer.Replace($"\"{Some.Time("10:05")}\"", $"{Some.Ms("10:05")}", StringComparison.Ordinal));

        _scene.Collect().Stored.Added.Should().Be(1);
        _scene.Event.Text("event_ts").Should().Be(Some.Time("10:05"));
    }

    [Theory]
    [InlineData("\"not a time\"")]
    [InlineData("1e300")]
    [InlineData("null")]
    [InlineData("{}")]
    public void ATimeThatIsNoneLosesNothing(string timestamp)
    {
        _scene.Home.Log("s1.jsonl",
            Some.Answer("a1", time: null).Replace("\"id\":", $"\"timestamp\":{timestamp},\"id\":", StringComparison.Ordinal));

        _scene.Collect().Stored.Added.Should().Be(1);
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
        _scene.Event["event_ts"].Should().BeNull();
    }

    [Fact]
    public void AnIdThatIsNoStringIsNone()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1").Replace("\"id\":\"a1\"", "\"id\":12", StringComparison.Ordinal));

        _scene.Collect().Stored.Added.Should().Be(1);
        _scene.Collect(rescan: true).Stored.Added.Should().Be(0);
    }
}
