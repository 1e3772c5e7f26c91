using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;

namespace TokenGovernance.Sources.Json;

/// <summary>Reads small JSON objects that somebody else writes: what is not as expected is absent, never an exception.</summary>
/// <remarks>For what is no hot path; an entry of a transcript is read by hand, where it may be one of millions.</remarks>
static class LenientJson
{
    /// <summary>Length of `\uD83D`.</summary>
    const int EscapeLength = 6;

    static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789abcdefABCDEF"u8);

    /// <summary>The object at the start of <paramref name="json" />, or NULL if there is none. What follows it is not looked at.</summary>
    public static T? Parse<T>(ReadOnlySpan<byte> json, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            var reader = new Utf8JsonReader(Mend(json), JsonText.Options);

            return reader.Read() && reader.TokenType is JsonTokenType.StartObject ? JsonSerializer.Deserialize(ref reader, type) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The document, its strings safe to read.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    public static JsonDocument ParseDocument(ReadOnlySpan<byte> json, JsonDocumentOptions options = default) =>
        JsonDocument.Parse(Mend(json).ToArray(), options);

    /// <summary>
    ///     The text with a replacement character (U+FFFD) for each half of a surrogate pair and each byte that is no UTF-8: .NET's
    ///     reader throws <see cref="InvalidOperationException" /> where it decodes one, in values and in names alike.
    /// </summary>
    /// <returns>The text itself where there is nothing to mend, else a copy.</returns>
    public static ReadOnlySpan<byte> Mend(ReadOnlySpan<byte> json)
    {
        if (!Utf8.IsValid(json))
        {
            json = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(json));
        }

        byte[]? copy = null;
        for (var at = FindSurrogate(json, 0); at >= 0;)
        {
            if (IsHigh(json, at) && IsLow(json, at + EscapeLength))
            {
                at = FindSurrogate(json, at + 2 * EscapeLength);

                continue;
            }

            copy ??= json.ToArray();
            "\\ufffd"u8.CopyTo(copy.AsSpan(at));
            at = FindSurrogate(json, at + EscapeLength);
        }

        return copy ?? json;
    }

    /// <summary>Place of the next `\uD800` to `\uDFFF`, or -1.</summary>
    static int FindSurrogate(ReadOnlySpan<byte> json, int from)
    {
        while (from < json.Length && json[from..].IndexOf((byte)'\\') is >= 0 and var step)
        {
            var at = from + step;
            if (IsHigh(json, at) || IsLow(json, at))
            {
                return at;
            }

            // An escaped backslash ends here; what follows it is text.
            from = at + 2;
        }

        return -1;
    }

    static bool IsHigh(ReadOnlySpan<byte> json, int at) => IsSurrogate(json, at, "89abAB"u8);

    static bool IsLow(ReadOnlySpan<byte> json, int at) => IsSurrogate(json, at, "cdefCDEF"u8);

    static bool IsSurrogate(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> third) =>
        at + EscapeLength <= json.Length
        && json.Slice(at, EscapeLength) is [(byte)'\\', (byte)'u', (byte)'d' or (byte)'D', var digit, var a, var b]
        && third.Contains(digit)
        && HexDigits.Contains(a)
        && HexDigits.Contains(b);
}
