using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace TokenGovernance.Sources;

/// <summary>Reads the compact JSON of a checkpoint.</summary>
static class CheckpointText
{
    /// <summary>Returns NULL for no checkpoint, and for one that cannot be read: that costs a rescan, never a wrong number.</summary>
    public static T? Parse<T>(string? json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
