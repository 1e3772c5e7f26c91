using System.Text.Json;

namespace TokenGovernance.Sources.Json;

/// <summary>Tells whole JSON objects from torn ones.</summary>
static class JsonObjects
{
    /// <summary>Length of the whole objects at the start of a text, one after another; 0 if the first is not whole.</summary>
    /// <remarks>A proper prefix of an object is never whole, so what is whole now stays so whatever is appended.</remarks>
    public static int WholePrefix(ReadOnlySpan<byte> text)
    {
        var length = 0;
        try
        {
            var reader = new Utf8JsonReader(text, JsonText.Options);
            while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
            {
                reader.Skip();
                length = (int)reader.BytesConsumed;
            }
        }
        catch (JsonException)
        {
            // What follows is torn, or no JSON.
        }

        return length;
    }

    /// <summary>Length of the first object in a text, white space before it included; 0 if it is not whole.</summary>
    public static int FirstLength(ReadOnlySpan<byte> text)
    {
        try
        {
            var reader = new Utf8JsonReader(text, JsonText.Options);
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return 0;
            }

            reader.Skip();

            return (int)reader.BytesConsumed;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
