using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes;

/// <summary>Reads the fields of nested objects.</summary>
static class JsonFields
{
    /// <summary>Reads one field, from its name to the end of its value.</summary>
    public delegate void FieldReader(ref Utf8JsonReader reader);

    /// <summary>Goes from a name to its value and reads the fields of that object.</summary>
    /// <returns>False if it is no object; then it is skipped.</returns>
    public static bool Read(ref Utf8JsonReader reader, FieldReader readField)
    {
        reader.Read();
        if (reader.TokenType is not JsonTokenType.StartObject)
        {
            reader.Skip();

            return false;
        }

        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            readField(ref reader);
        }

        return true;
    }

    /// <summary>Goes from a name to its value; what is no number of tokens is NULL, what is out of range the nearest that is not.</summary>
    public static long? ReadCount(ref Utf8JsonReader reader)
    {
        reader.Read();

        return JsonText.ReadNumber(ref reader) is { } number ? (long)Math.Clamp(number, 0, TokenCounts.Max) : null;
    }
}
