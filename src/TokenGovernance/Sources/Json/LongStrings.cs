using System.Buffers;
using System.Text.Json;

namespace TokenGovernance.Sources.Json;

/// <summary>Passes over values that hold long strings full of escapes, such as a model's text: <see cref="Utf8JsonReader" /> walks those byte by byte.</summary>
/// <remarks>Refuses what the reader refuses: a string that does not keep JSON's few rules for strings is left to it, and so is everything else.</remarks>
static class LongStrings
{
    /// <summary>In shorter strings there is nothing to gain.</summary>
    const int MinLength = 128;

    /// <summary>What ends a string, begins an escape or may not be in one.</summary>
    static readonly SearchValues<byte> Special = SearchValues.Create([.. Enumerable.Range(0, ' ').Select(value => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>As <see cref="Utf8JsonReader.Skip" />, from the name of a member to the end of its value.</summary>
    /// <param name="reader">At the name. Behind a long string another reader goes on in its place.</param>
    /// <param name="json">All of the JSON.</param>
    /// <param name="begin">Where in it the reader began.</param>
    /// <exception cref="JsonException">The value is not valid.</exception>
    public static void Skip(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int begin)
    {
        var depth = reader.CurrentDepth;
        if (TryPass(ref reader, json, ref begin) || !reader.Read() || reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is JsonTokenType.PropertyName)
            {
                TryPass(ref reader, json, ref begin);
            }
        }
    }

    /// <returns>True if the value is a long string; the reader is behind it then.</returns>
    static bool TryPass(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, ref int begin)
    {
        var at = begin + (int)reader.BytesConsumed;
        var length = MeasureString(json[at..]);
        if (length < MinLength)
        {
            return false;
        }

        // To the state of the reader an empty string is as good as this one.
        var stead = new Utf8JsonReader("\"\""u8, isFinalBlock: false, reader.CurrentState);
        stead.Read();
        begin = at + length;
        reader = new Utf8JsonReader(json[begin..], isFinalBlock: true, stead.CurrentState);

        return true;
    }

    /// <returns>How many bytes a string has, with its quotation marks; 0 if no valid one begins there.</returns>
    static int MeasureString(ReadOnlySpan<byte> json)
    {
        if (json is not [(byte)'"', ..])
        {
            return 0;
        }

        for (var at = 1; json[at..].IndexOfAny(Special) is >= 0 and var found;)
        {
            at += found;
            if (json[at] is (byte)'"')
            {
                return at + 1;
            }

            var escape = json[at] is (byte)'\\' ? MeasureEscape(json[at..]) : 0;
            if (escape == 0)
            {
                return 0;
            }

            at += escape;
        }

        return 0;
    }

    static int MeasureEscape(ReadOnlySpan<byte> json) => json switch
    {
        [_, (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'t' or (byte)'r' or (byte)'/' or (byte)'b' or (byte)'f', ..] => 2,
        [_, (byte)'u', var a, var b, var c, var d, ..] when
            char.IsAsciiHexDigit((char)a) && char.IsAsciiHexDigit((char)b) && char.IsAsciiHexDigit((char)c) && char.IsAsciiHexDigit((char)d) => 6,
        _ => 0,
    };
}
