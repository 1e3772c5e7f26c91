using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Metrics;

namespace TokenGovernance.Tests.Storage;

/// <summary>Counters of metrics: each event once, and nothing ever falls.</summary>
public sealed class MetricCounterTests : IDisposable
{
    static readonly TimeSpan Settles = TimeSpan.FromMinutes(1);

    readonly TempFolder _folder = new();
    readonly FakeTimeProvider _time = new(DateTimeOffset.FromUnixTimeMilliseconds(Some.Ms("12:00")));
    readonly UsageStore _store;

    public MetricCounterTests() => _store = UsageStore.Open(Db, _time);

    string Db => _folder["usage.db"];

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void TheFirstTimeAllThereIsIsCounted()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"), Some.Event("a3", time: "10:07", model: "other-model"));

        Count().Should().BeNull();

        var reading = Read();
        reading.Series.Sum(one => one.Sums.Responses).Should().Be(3);
        reading.Series.Should().HaveCount(2);
        var series = reading.Series.Single(one => one.Labels.Model == "stub-a");
        series.Labels.Should().Be(new MetricLabels("main", "stubai", "stub-a", "", ""));
        (series.Sums.Input, series.Sums.Output, series.Sums.CacheRead, series.Sums.CacheWrite).Should().Be((200, 40, 6, 0));
        (series.Sums.RecordedResponses, series.Sums.RecordedNano).Should().Be((2, 660_000_000));
    }

    [Fact]
    public void ANewEventWaitsUntilItIsSettledAndIsCountedOnce()
    {
        Count();
        Append(Some.Event("a1"));

        Count().Should().Be(_time.GetUtcNow().ToUnixTimeMilliseconds() + 60_000);
        Responses().Should().Be(0);
        _time.Advance(Settles);
        Count().Should().BeNull();
        Count().Should().BeNull();

        Responses().Should().Be(1);
    }

    [Fact]
    public void WhatBecomesKnownLaterMovesNoCount()
    {
        Append(Some.Event("a1"));
        Count();
        var before = Read();

        Append(Some.Event("a2", time: "10:06"));
        StoreRows.Execute(Db, "UPDATE event_attributions SET trigger = 'cron', channel = 'telegram'");
        _time.Advance(Settles);
        Count();

        foreach (var (labels, sums) in before.Series)
        {
            Read().Series.Single(one => one.Labels == labels).Sums.Responses.Should().BeGreaterThanOrEqualTo(sums.Responses);
        }

        Read().Series.Select(one => (one.Labels.Trigger, one.Sums.Responses)).Should().BeEquivalentTo([("", 1L), ("cron", 1L)]);
    }

    [Fact]
    public void WhatIsDeletedStaysCounted()
    {
        Append(Some.Event("a1"), Some.Event("a2", time: "10:06"));
        Count();

        StoreRows.Execute(Db, "DELETE FROM usage_events");
        Count();

        Responses().Should().Be(2);
    }

    [Fact]
    public void WhatIsReadAgainIsNotCountedAgain()
    {
        Append(Some.Event("a1"));
        Count();
        Append(Some.Event("a1"));
        _time.Advance(Settles);
        Count();

        Responses().Should().Be(1);
    }

    [Fact]
    public void AClockThatWasSetBackKeepsNobodyWaiting()
    {
        Count();
        _time.Advance(TimeSpan.FromDays(400));
        Append(Some.Event("a1"));
        using var back = UsageStore.Open(Db, new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Some.Ms("12:00"))));

        back.CountForMetrics(Settles, 100);

        Responses().Should().Be(1);
    }

    [Fact]
    public void ManyAreCountedAFewAtATime()
    {
        Count();
        Append([.. Enumerable.Range(0, 25).Select(i => Some.Event($"a{i}", time: $"10:{i + 10}"))]);
        _time.Advance(Settles);
        var calls = 1;

        while (_store.CountForMetrics(Settles, 10) is not null)
        {
            calls++;
        }

        (calls, Responses()).Should().Be((3, 25));
    }

    [Fact]
    public void WhatCostsNothingThatIsKnownHasNoCost()
    {
        Append(Some.Event("a1") with { Cost = new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded) });
        Count();

        var sums = Read().Series.Single().Sums;
        (sums.Unpriced, sums.RecordedResponses, sums.BilledResponses).Should().Be((1, 0, 0));
    }

    [Fact]
    public void NoNumberIsTooLargeAndNoNameTooLong()
    {
        var huge = new TokenCounts(long.MaxValue, long.MaxValue, 0, 0, long.MaxValue, null);
        var name = new string('x', 119) + "😀" + new string('y', 10_000);
        Count();
        Append(Some.Event("a1", model: name) with { Tokens = huge }, Some.Event("a2", time: "10:06", model: name) with { Tokens = huge });
        _time.Advance(Settles);
        Count();

        var (labels, sums) = Read().Series.Single();
        labels.Model.Should().Be(new string('x', 119) + "…");
        sums.Input.Should().Be(long.MaxValue);
    }

    [Fact]
    public void ThereAreNoMoreSeriesThanTheLimitAndNothingIsLost()
    {
        Count();
        Append([.. Enumerable.Range(0, MetricLabels.MostSeries + 50).Select(i => Some.Event($"a{i}", time: $"10:{i % 50 + 10}", model: $"model-{i}"))]);
        _time.Advance(Settles);
        _store.CountForMetrics(Settles, 1_000_000);

        var reading = Read();
        reading.Series.Should().HaveCount(MetricLabels.MostSeries + 1);
        reading.Dropped.Should().Be(50);
        reading.Series.Single(one => one.Labels == MetricLabels.Rest).Sums.Responses.Should().Be(50);
        Responses().Should().Be(MetricLabels.MostSeries + 50);
    }

    long? Count() => _store.CountForMetrics(Settles, 100);

    long Responses() => Read().Series.Sum(one => one.Sums.Responses);

    MetricReading Read() => StoreReader.Read(Db, store => store.ReadMetrics());

    void Append(params UsageEvent[] events) => _store.Append(new Batch { Events = events });
}
