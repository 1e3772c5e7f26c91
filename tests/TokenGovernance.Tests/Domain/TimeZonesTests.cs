using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

/// <summary>On Windows the program knows zones by the names that all systems share; `.ci/checks/wine.sh` runs it there.</summary>
public sealed class TimeZonesTests
{
    [Fact]
    public void Finds_a_zone_by_its_shared_name_and_nothing_by_another()
    {
        TimeZones.Find("Europe/Vienna")!.Id.Should().Be("Europe/Vienna");
        TimeZones.Find("Europe/Viena").Should().BeNull();
        TimeZones.Names().Should().Contain(["Europe/Vienna", "America/New_York"]);
    }

    /// <summary>Windows describes a zone like this: rules that hold from one day to another.</summary>
    [Fact]
    public void A_zone_under_another_name_has_the_same_offset_at_every_instant()
    {
        var march = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 2, 0, 0), 3, 5, DayOfWeek.Sunday);
        var october = TimeZoneInfo.TransitionTime.CreateFloatingDateRule(new DateTime(1, 1, 1, 3, 0, 0), 10, 5, DayOfWeek.Sunday);
        var zone = TimeZoneInfo.CreateCustomTimeZone(
            "W. Europe Standard Time", TimeSpan.FromHours(1), "Vienna", "standard", "daylight",
            [
                TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(DateTime.MinValue.Date, new DateTime(2019, 12, 31), TimeSpan.FromHours(1), march, october),
                TimeZoneInfo.AdjustmentRule.CreateAdjustmentRule(new DateTime(2020, 1, 1), DateTime.MaxValue.Date, TimeSpan.FromHours(2), march, october),
            ]);

        var named = TimeZones.Named(zone, "Europe/Vienna");

        named.Id.Should().Be("Europe/Vienna");
        for (var instant = new DateTimeOffset(2017, 1, 1, 0, 0, 0, TimeSpan.Zero); instant.Year < 2023; instant = instant.AddHours(1))
        {
            named.GetUtcOffset(instant).Should().Be(zone.GetUtcOffset(instant), "it is the same zone at {0:O}", instant);
        }
    }
}
