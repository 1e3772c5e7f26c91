using TokenGovernance.Budgets.Limits;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Tests.Budgets.Limits;

/// <summary>When periods begin and end, by clocks on walls.</summary>
public sealed class PeriodBoundsTests
{
    [Theory]
    [InlineData("hour", "Europe/Vienna", "2026-11-18T11:20:00Z", "2026-11-18T11:00:00.000Z", "2026-11-18T12:00:00.000Z")]
    [InlineData("hour", "Asia/Kathmandu", "2026-11-18T11:20:00Z", "2026-11-18T11:15:00.000Z", "2026-11-18T12:15:00.000Z")]
    [InlineData("day", "Europe/Vienna", "2026-11-18T22:59:59Z", "2026-11-17T23:00:00.000Z", "2026-11-18T23:00:00.000Z")]
    [InlineData("day", "Europe/Vienna", "2026-11-18T23:00:00Z", "2026-11-18T23:00:00.000Z", "2026-11-19T23:00:00.000Z")]
    [InlineData("day", "Europe/Vienna", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z")]
    [InlineData("day", "Europe/Vienna", "2027-03-28T12:00:00Z", "2027-03-27T23:00:00.000Z", "2027-03-28T22:00:00.000Z")]
    [InlineData("hour", "Europe/Vienna", "2026-10-25T01:30:00Z", "2026-10-25T01:00:00.000Z", "2026-10-25T02:00:00.000Z")]
    [InlineData("week", "Europe/Vienna", "2026-11-22T12:00:00Z", "2026-11-15T23:00:00.000Z", "2026-11-22T23:00:00.000Z")]
    [InlineData("week", "America/New_York", "2026-11-01T12:00:00Z", "2026-10-26T04:00:00.000Z", "2026-11-02T05:00:00.000Z")]
    [InlineData("month", "Europe/Vienna", "2026-10-31T23:30:00Z", "2026-10-31T23:00:00.000Z", "2026-11-30T23:00:00.000Z")]
    [InlineData("month", "UTC", "2028-02-29T12:00:00Z", "2028-02-01T00:00:00.000Z", "2028-03-01T00:00:00.000Z")]
    [InlineData("5h", "Europe/Vienna", "2026-11-18T11:20:00Z", "2026-11-18T06:15:00.000Z", null)]
    [InlineData("90d", "UTC", "2026-11-18T11:20:00Z", "2026-08-20T11:15:00.000Z", null)]
    public void PeriodsFollowTheClockOnTheWall(string period, string zone, string now, string start, string? end)
    {
        var calendar = new LocalCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone));
        UtcTime.TryParse(now, out var ms).Should().BeTrue();

        var bounds = PeriodBounds.At(BudgetPeriod.Parse(period)!.Value, calendar, ms);

        UtcTime.Format(bounds.StartMs).Should().Be(start);
        (bounds.EndMs is { } endMs ? UtcTime.Format(endMs) : null).Should().Be(end);
        QuarterHour.IsStart(bounds.StartMs).Should().BeTrue();
    }

    [Fact]
    public void EveryMomentOfAYearIsInOnePeriodThatFollowsTheOneBefore()
    {
        foreach (var zone in new[] { "Europe/Vienna", "America/Sao_Paulo", "Australia/Lord_Howe", "Africa/Casablanca" })
        {
            var calendar = new LocalCalendar(TimeZoneInfo.FindSystemTimeZoneById(zone));
            foreach (var period in new[] { "hour", "day", "week", "month" }.Select(text => BudgetPeriod.Parse(text)!.Value))
            {
                var bounds = PeriodBounds.At(period, calendar, 1_767_225_600_000);
                for (var i = 0; i < 400; i++)
                {
                    var next = PeriodBounds.At(period, calendar, bounds.EndMs!.Value);

                    next.StartMs.Should().Be(bounds.EndMs, $"{zone}, {period}, {UtcTime.Format(bounds.StartMs)}");
                    next.Before(period, calendar).Should().Be(bounds);
                    bounds = next;
                }
            }
        }
    }
}
