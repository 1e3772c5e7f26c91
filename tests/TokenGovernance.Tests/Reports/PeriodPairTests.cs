using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Tests.Reports;

/// <summary>What a period is compared with: as much of the one before as has elapsed of it.</summary>
public sealed class PeriodPairTests
{
    [Theory]
    [InlineData("today", "2026-11-25T15:00", "2026-11-24T00:00", "2026-11-24T15:00")]
    [InlineData("this-week", "2026-11-25T15:00", "2026-11-16T00:00", "2026-11-18T15:00")]
    [InlineData("this-month", "2026-11-25T15:00", "2026-10-01T00:00", "2026-10-25T15:00")]
    [InlineData("7d", "2026-11-25T15:00", "2026-11-12T00:00", "2026-11-18T15:00")]
    [InlineData("last-week", "2026-11-25T15:00", "2026-11-09T00:00", "2026-11-16T00:00")]
    [InlineData("last-month", "2026-11-25T15:00", "2026-09-01T00:00", "2026-10-01T00:00")]
    [InlineData("2026-11-03", "2026-11-25T15:00", "2026-11-02T00:00", "2026-11-03T00:00")]
    [InlineData("this-month", "2026-03-31T12:00", "2026-02-01T00:00", "2026-03-01T00:00")]
    [InlineData("this-month", "2026-03-29T12:00", "2026-02-01T00:00", "2026-03-01T00:00")]
    [InlineData("today", "2026-03-29T15:00", "2026-03-28T00:00", "2026-03-28T15:00")]
    [InlineData("today", "2026-10-26T01:30", "2026-10-25T00:00", "2026-10-25T01:30")]
    public void InLocalTime(string period, string now, string from, string before)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna");
        var calendar = new LocalCalendar(zone);
        long Ms(string time) => calendar.MomentOf(DateTime.Parse(time, System.Globalization.CultureInfo.InvariantCulture));

        var interval = new TimeGrammar(zone, DateTimeOffset.FromUnixTimeMilliseconds(Ms(now))).Parse(period)!.Value;
        var pair = PeriodPair.Of(calendar, new TimeRange(interval.FromMs, interval.IsLength ? null : interval.BeforeMs), Ms(now))!.Value;

        Text(calendar, pair.Before).Should().Be((from, before));
    }

    [Fact]
    public void AllOfThePeriodBeforeOnRequest()
    {
        var pair = PeriodPair.Of(new LocalCalendar(TimeZoneInfo.Utc), new TimeRange(Day(10), Day(17)), Day(12), isWhole: true)!.Value;

        pair.Should().Be(new PeriodPair(new TimeRange(Day(10), Day(17)), new TimeRange(Day(3), Day(10)), Day(17), IsUnfinished: true));
    }

    [Fact]
    public void HoursAreComparedWithAsManyHours()
    {
        const long Hour = 3_600_000;

        PeriodPair.Of(new LocalCalendar(TimeZoneInfo.Utc), new TimeRange(Day(10) + Hour, null), Day(10) + (5 * Hour))!.Value.Before
            .Should().Be(new TimeRange(Day(10) - (3 * Hour), Day(10) + Hour));
    }

    [Fact]
    public void WhatHasNoBeginningHasNothingBeforeIt() =>
        PeriodPair.Of(new LocalCalendar(TimeZoneInfo.Utc), new TimeRange(null, Day(1)), Day(2)).Should().BeNull();

    static long Day(int day) => new DateTimeOffset(2026, 11, day, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    static (string From, string Before) Text(LocalCalendar calendar, TimeRange range) =>
        (calendar.TimeAt(range.FromMs!.Value).ToString("yyyy-MM-ddTHH:mm", null), calendar.TimeAt(range.BeforeMs!.Value).ToString("yyyy-MM-ddTHH:mm", null));
}
