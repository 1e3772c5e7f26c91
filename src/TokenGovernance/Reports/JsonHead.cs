using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Reports;

/// <summary>What JSON begins with: of which time it is, and how new the store was.</summary>
/// <param name="Zone">Whose days.</param>
/// <param name="Freshness">How new the store was.</param>
/// <param name="Range">Which time it is about; NULL: each entry says it.</param>
readonly record struct JsonHead(TimeZoneInfo Zone, Freshness Freshness, TimeRange? Range)
{
    /// <summary>Reads a store for it.</summary>
    public static JsonHead Read(IStore store, TimeZoneInfo zone, TimeRange? range = null) => store.Read(reader =>
    {
        using var rollup = reader.OpenRollup();

        return new JsonHead(zone, Freshness.Read(reader, rollup), range);
    });

    /// <summary>Writes its fields.</summary>
    public void Write(Utf8JsonWriter json)
    {
        if (Range is { } range)
        {
            JsonFields.WriteTime(json, "since", range.FromMs);
            JsonFields.WriteTime(json, "until", range.BeforeMs);
        }

        json.WriteString("time_zone", Zone.Id);
        JsonFields.WriteFreshness(json, Freshness);
    }
}
