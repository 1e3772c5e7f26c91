using System.Buffers;
using System.Text;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Writes what OpenClaw keeps in `navigation_json` beside a compressed entry: its ids, type, role and model, but no content and no usage.</summary>
static class NavigationWriter
{
    public static string Write(ReadOnlySpan<byte> line)
    {
        using var document = JsonDocument.Parse(line.ToArray());
        var entry = document.RootElement;
        var buffer = new ArrayBufferWriter<byte>(1_500);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("version", 1);
            WriteReport(json, entry);
            WriteEntry(json, entry, "navigation");
            WriteEntry(json, entry, "reset");
            WriteEntry(json, entry, "model", hasModel: true);
            json.WriteNumber("modelBytes", line.Length);
            json.WriteNumber("modelWithoutCheckpointBytes", line.Length);
            json.WriteNumber("withoutCustomDataBytes", line.Length);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    static void WriteReport(Utf8JsonWriter json, JsonElement entry)
    {
        json.WriteStartObject("report");
        json.WriteString("kind", "canonical");
        json.WriteBoolean("hasParentId", entry.TryGetProperty("parentId", out _));
        json.WriteStartObject("entry");
        Copy(json, entry, "id", "parentId", "timestamp", "type");
        json.WriteEndObject();
        json.WriteEndObject();
    }

    static void WriteEntry(Utf8JsonWriter json, JsonElement entry, string name, bool hasModel = false)
    {
        json.WriteStartObject(name);
        Copy(json, entry, "type", "id", "parentId", "timestamp");
        if (entry.TryGetProperty("message", out var message))
        {
            json.WriteStartObject("message");
            Copy(json, message, "role");
            if (hasModel)
            {
                Copy(json, message, "provider", "model", "stopReason", "timestamp");
                json.WriteStartArray("content");
                json.WriteEndArray();
                json.WriteString("command", "");
                json.WriteString("output", "");
                json.WriteStartObject("details");
                json.WriteBoolean("openclawSyntheticMissingToolResult", value: false);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void Copy(Utf8JsonWriter json, JsonElement from, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (from.TryGetProperty(name, out var value))
            {
                json.WritePropertyName(name);
                value.WriteTo(json);
            }
        }
    }
}
