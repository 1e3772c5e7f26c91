using System.Text;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>Times of the store as PostgreSQL takes them.</summary>
static class FleetValues
{
    /// <summary>NULL for what is no time of the years 1 to 9999.</summary>
    public static DateTime? TimeOf(long? ms) => ms is { } known && UtcTime.IsValid(known) ? DateTime.UnixEpoch.AddMilliseconds(known) : null;

    /// <summary>The time of a text; NULL if it is none.</summary>
    public static DateTime? TimeOf(ReadOnlySpan<byte> text) => UtcTime.TryParse(Encoding.UTF8.GetString(text), out var ms) ? TimeOf(ms) : null;
}
