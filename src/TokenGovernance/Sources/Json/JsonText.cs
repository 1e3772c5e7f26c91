using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Json;

/// <summary>Reads names, strings, numbers and times; what is not of the expected type is NULL, never an exception.</summary>
static class JsonText
{
    /// <summary>Names are kept up to this many characters: room for any real one, a bound for hostile ones.</summary>
    public const int MaxLength = 1024;

    /// <summary>Nesting is no reason to lose an event: tool arguments may be as deep as they like. Two objects may share a line.</summary>
    public static readonly JsonReaderOptions Options = new() { MaxDepth = 1_000_000, AllowMultipleValues = true };

    /// <summary>True if the name (or string) under the reader is <paramref name="name" />, which is plain ASCII.</summary>
    public static bool Is(ref Utf8JsonReader reader, ReadOnlySpan<byte> name) =>
        reader.ValueIsEscaped ? ReadEscaped(ref reader).AsSpan().SequenceEqual(Encoding.ASCII.GetString(name)) : reader.ValueSpan.SequenceEqual(name);

    /// <summary>Returns the string under the reader, bounded; NULL for anything else and for an empty string.</summary>
    public static string? ReadString(ref Utf8JsonReader reader) =>
        ReadFullString(ref reader) is { Length: > 0 } text ? Bounded(text) : null;

    /// <summary>The text up to <see cref="MaxLength" /> characters, a replacement character for each NUL: SQLite's text ends at one.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Bounded(string? text)
    {
        text = text is { Length: > MaxLength } ? text[..(char.IsHighSurrogate(text[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] : text;

        return text?.Contains('\0') == true ? text.Replace('\0', '\uFFFD') : text;
    }

    /// <summary>As <see cref="ReadString" />, but of any length.</summary>
    public static string? ReadFullString(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is not JsonTokenType.String)
        {
            reader.Skip();

            return null;
        }

        return ReadText(ref reader);
    }

    /// <summary>The name or string under the reader, of any length.</summary>
    public static string ReadText(ref Utf8JsonReader reader) =>
        reader.ValueIsEscaped ? ReadEscaped(ref reader) : Encoding.UTF8.GetString(reader.ValueSpan);

    /// <summary>Returns a finite number, or NULL for anything else.</summary>
    public static double? ReadNumber(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number)
        {
            // A count, as most numbers are: read faster so, and a double holds 15 digits.
            if (reader.ValueSpan is [not (byte)'-', ..] and { Length: <= 15 } digits && Utf8Parser.TryParse(digits, out long whole, out var length) && length == digits.Length)
            {
                return whole;
            }

            if (reader.TryGetDouble(out var number) && double.IsFinite(number))
            {
                return number;
            }
        }

        reader.Skip();

        return null;
    }

    /// <summary>Returns an instant given as ISO 8601 text or as milliseconds since 1970, or NULL.</summary>
    public static long? ReadTime(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.Number)
        {
            return ReadNumber(ref reader) is { } number && UtcTime.IsValid((long)number) ? (long)number : null;
        }

        if (reader is { TokenType: JsonTokenType.String, ValueIsEscaped: false, ValueSpan: [.., (byte)'Z'] } && reader.TryGetDateTimeOffset(out var time))
        {
            return time.ToUnixTimeMilliseconds();
        }

        return UtcTime.TryParse(ReadString(ref reader), out var ms) ? ms : null;
    }

    static string ReadEscaped(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Invalid UTF-8 or half a surrogate pair: keep what can be read, as every lenient reader does.
            return Encoding.UTF8.GetString(reader.ValueSpan);
        }
    }
}
