using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Arguments;

/// <summary>What people write for a time, and what it means in Vienna on Saturday, 2026-11-21, 16:20.</summary>
public sealed class TimeGrammarTests
{
    static readonly DateTimeOffset Now = new(2026, 11, 21, 15, 20, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("today", "2026-11-20T23:00:00.000Z", "2026-11-21T23:00:00.000Z")]
    [InlineData("Yesterday", "2026-11-19T23:00:00.000Z", "2026-11-20T23:00:00.000Z")]
    [InlineData("this-week", "2026-11-15T23:00:00.000Z", "2026-11-22T23:00:00.000Z")]
    [InlineData("last-week", "2026-11-08T23:00:00.000Z", "2026-11-15T23:00:00.000Z")]
    [InlineData("this-month", "2026-10-31T23:00:00.000Z", "2026-11-30T23:00:00.000Z")]
    [InlineData("last-month", "2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z")]
    [InlineData("2026-10-25", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z")]
    [InlineData("2026-10", "2026-09-30T22:00:00.000Z", "2026-10-31T23:00:00.000Z")]
    [InlineData("2024-02", "2024-01-31T23:00:00.000Z", "2024-02-29T23:00:00.000Z")]
    [InlineData("2026-W47", "2026-11-15T23:00:00.000Z", "2026-11-22T23:00:00.000Z")]
    [InlineData("2020-W53", "2020-12-27T23:00:00.000Z", "2021-01-03T23:00:00.000Z")]
    public void APeriodHasABeginningAndAnEnd(string text, string from, string before) => Read(text).Should().Be((from, before));

    [Theory]
    [InlineData("7d", "2026-11-14T23:00:00.000Z")]
    [InlineData("2w", "2026-11-07T23:00:00.000Z")]
    [InlineData("24h", "2026-11-20T15:15:00.000Z")]
    [InlineData("2026-10-25T02:30", "2026-10-25T00:30:00.000Z")]
    [InlineData("2026-03-29T02:30", "2026-03-29T01:00:00.000Z")]
    [InlineData("2026-11-01T08:00:00Z", "2026-11-01T08:00:00.000Z")]
    [InlineData("2026-11-01T08:00:00.250", "2026-11-01T07:00:00.250Z")]
    [InlineData("2026-11-01T08:00:00+05:30", "2026-11-01T02:30:00.000Z")]
    [InlineData("2026-11-01T08:00+01:00", "2026-11-01T07:00:00.000Z")]
    public void ALengthOrAnInstantIsOneMoment(string text, string at) => Read(text).Should().Be((at, at));

    [Theory]
    [InlineData("")]
    [InlineData("0d")]
    [InlineData("0h")]
    [InlineData("d")]
    [InlineData("-7d")]
    [InlineData("+7d")]
    [InlineData("1.5d")]
    [InlineData("7")]
    [InlineData("99999999d")]
    [InlineData("lately")]
    [InlineData("5/6")]
    [InlineData("08:00")]
    [InlineData("2026")]
    [InlineData("2026-02-30")]
    [InlineData("2026-2-3")]
    [InlineData("2026-13")]
    [InlineData("2026-W54")]
    [InlineData("2025-W53")]
    [InlineData("2026-W00")]
    [InlineData("2026-11-01 ")]
    [InlineData(" 2026-11-01")]
    [InlineData("today ")]
    [InlineData("7d ")]
    [InlineData("2026-11-01T08:00 ")]
    [InlineData("2026-11-01 08:00")]
    [InlineData("2026-11-01T08")]
    [InlineData("2026-11-01T25:00")]
    [InlineData("2026-11-01T08:00 PM")]
    [InlineData("11/01/2026")]
    [InlineData("1.11.2026")]
    [InlineData("0000-01-01")]
    [InlineData("12026-01-01")]
    [InlineData("1785000000")]
    [InlineData("Sat, 21 Nov 2026 15:20:00 GMT")]
    public void WhatIsNoTimeIsRefused(string text) => Read(text).Should().BeNull();

    [Theory]
    [InlineData("0001-01-01", "Pacific/Kiritimati")]
    [InlineData("9999-12-31", "America/New_York")]
    [InlineData("9999-12", "UTC")]
    public void TheEndsOfTheCalendarAreNoFailure(string text, string zone)
    {
        var parse = () => new TimeGrammar(TimeZoneInfo.FindSystemTimeZoneById(zone), Now).Parse(text);

        parse.Should().NotThrow();
    }

    static (string, string)? Read(string text) =>
        new TimeGrammar(TimeZoneInfo.FindSystemTimeZoneById("Europe/Vienna"), Now).Parse(text) is { } interval
            ? (UtcTime.Format(interval.FromMs), UtcTime.Format(interval.BeforeMs))
            : null;
}
