using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

/// <summary>Ids of entries, responses and runs in fewer bytes: 8 hexadecimal digits are an integer, a UUID 16 bytes, any other text.</summary>
/// <remarks>Only lower-case text in exactly these forms, so that what is read is what was stored. The views of the schema decode it.</remarks>
static class CompactId
{
    const int HexLength = 8, UuidLength = 36, UuidSize = 16;

    /// <summary>The id as it is stored: a long, a byte array, a string or NULL.</summary>
    public static object? Encode(string? id)
    {
        var bytes = new byte[UuidSize];

        return TryParseHex(id, out var number) ? number : TryParseUuid(id, bytes) ? bytes : id;
    }

    public static void Bind(RawStatement statement, int parameter, string? id)
    {
        Span<byte> bytes = stackalloc byte[UuidSize];
        if (TryParseHex(id, out var number))
        {
            statement.Bind(parameter, number);
        }
        else if (TryParseUuid(id, bytes))
        {
            statement.BindBlob(parameter, bytes);
        }
        else
        {
            statement.Bind(parameter, id);
        }
    }

    /// <summary>Reads a stored id.</summary>
    public static string? Read(SqliteDataReader reader, int column) => reader.GetValue(column) switch
    {
        long number => number.ToString("x8", CultureInfo.InvariantCulture),
        byte[] bytes => new Guid(bytes, bigEndian: true).ToString("D"),
        string text => text,
        _ => null,
    };

    /// <summary>Writes a stored id of 8 hexadecimal digits; returns what was written.</summary>
    /// <param name="number">The stored number.</param>
    /// <param name="target">At least 36 bytes.</param>
    public static ReadOnlySpan<byte> Write(long number, Span<byte> target)
    {
        number.TryFormat(target, out var length, "x8", CultureInfo.InvariantCulture);

        return target[..length];
    }

    /// <summary>Writes a stored UUID; returns what was written.</summary>
    public static ReadOnlySpan<byte> Write(ReadOnlySpan<byte> uuid, Span<byte> target)
    {
        new Guid(uuid, bigEndian: true).TryFormat(target, out var length, "D");

        return target[..length];
    }

    static bool TryParseHex(string? id, out long number)
    {
        number = 0;
        if (id?.Length != HexLength)
        {
            return false;
        }

        foreach (var c in id)
        {
            if (!char.IsAsciiHexDigitLower(c))
            {
                return false;
            }

            number = (number << 4) | (uint)(c <= '9' ? c - '0' : c - 'a' + 10);
        }

        return true;
    }

    static bool TryParseUuid(string? id, Span<byte> bytes) =>
        id?.Length == UuidLength
        && Guid.TryParseExact(id, "D", out var uuid)
        && IsWrittenAs(uuid, id)
        && uuid.TryWriteBytes(bytes, bigEndian: true, out _);

    /// <summary>False of the other forms that the parser takes, such as groups that begin with `0x`.</summary>
    static bool IsWrittenAs(Guid uuid, string id)
    {
        Span<char> text = stackalloc char[UuidLength];

        return uuid.TryFormat(text, out _, "D") && text.SequenceEqual(id);
    }
}
