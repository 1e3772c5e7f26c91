using TimeZoneConverter;

namespace TokenGovernance.Domain;

/// <summary>Time zones by the names that all systems share (IANA: `Europe/Vienna`). Windows has other names for its own zones.</summary>
static class TimeZones
{
    /// <summary>The zone of this machine, under its IANA name where one is known.</summary>
    public static TimeZoneInfo Local { get; } =
        OperatingSystem.IsWindows() && TZConvert.TryWindowsToIana(TimeZoneInfo.Local.Id, out var name)
            ? Named(TimeZoneInfo.Local, name)
            : TimeZoneInfo.Local;

    /// <summary>The zone of that name, or null where there is none.</summary>
    public static TimeZoneInfo? Find(string name)
    {
        if (!OperatingSystem.IsWindows())
        {
            return TimeZoneInfo.TryFindSystemTimeZoneById(name, out var known) ? known : null;
        }

        return TZConvert.TryGetTimeZoneInfo(name, out var zone) ? Named(zone, name) : null;
    }

    /// <summary>All names that <see cref="Find" /> knows.</summary>
    public static IEnumerable<string> Names() =>
        OperatingSystem.IsWindows() ? TZConvert.KnownIanaTimeZoneNames : TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id);

    /// <summary>The same zone under another name: the same offset at every instant.</summary>
    internal static TimeZoneInfo Named(TimeZoneInfo zone, string name) =>
        TimeZoneInfo.CreateCustomTimeZone(name, zone.BaseUtcOffset, name, zone.StandardName, zone.DaylightName, zone.GetAdjustmentRules());
}
