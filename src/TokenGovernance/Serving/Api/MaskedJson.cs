using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Serving.Api;

/// <summary>A verb's JSON with its session keys masked; all else is left to the byte.</summary>
static class MaskedJson
{
    const string Field = "session_key";

    static readonly JsonWriterOptions Options = new() { Indented = true, NewLine = "\n" };

    public static string Of(string text)
    {
        if (!text.Contains($"\"{Field}\"", StringComparison.Ordinal))
        {
            return text;
        }

        using var document = JsonDocument.Parse(text);
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            Write(json, document.RootElement);
        }

        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }

    static void Write(Utf8JsonWriter json, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    json.WritePropertyName(field.Name);
                    if (field.NameEquals(Field) && field.Value.ValueKind is JsonValueKind.String)
                    {
                        json.WriteStringValue(MaskedKey.Of(field.Value.GetString()));
                    }
                    else
                    {
                        Write(json, field.Value);
                    }
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    Write(json, item);
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.Number:
                json.WriteRawValue(value.GetRawText());
                break;
            default:
                value.WriteTo(json);
                break;
        }
    }
}
