using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

public sealed class TimeTests
{
    [Theory]
    [InlineData("2026-11-21T20:03:10.480Z", "2026-11-21T20:03:10.480Z")]
    [InlineData("2026-11-21T20:03:10Z", "2026-11-21T20:03:10.000Z")]
    [InlineData("2026-11-21T20:03:10.4809Z", "2026-11-21T20:03:10.480Z")]
    [InlineData("2026-11-21T22:03:10.480+02:00", "2026-11-21T20:03:10.480Z")]
    [InlineData("2026-11-21T20:03:10", "2026-11-21T20:03:10.000Z")]
    public void TimesAreKeptInUtcToTheMillisecond(string text, string kept)
    {
        UtcTime.TryParse(text, out var ms).Should().BeTrue();

        UtcTime.Format(ms).Should().Be(kept);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("yesterday-ish")]
    public void WhatIsNoTimeIsNone(string? text) => UtcTime.TryParse(text, out _).Should().BeFalse();
}
