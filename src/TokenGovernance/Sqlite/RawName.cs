using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace TokenGovernance.Sqlite;

/// <summary>Text of a cell as a name that can be shown, stored and turned back into the same bytes.</summary>
/// <remarks>Ids with a NUL or with bytes that are no UTF-8 have `\xNN` in the place of each such byte; all others are as they are.</remarks>
static class RawName
{
    public static string Of(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf((byte)0) < 0 && text.IndexOf("\\x"u8) < 0 && Utf8.IsValid(text))
        {
            return Encoding.UTF8.GetString(text);
        }

        var name = new StringBuilder();
        while (!text.IsEmpty)
        {
            var isValid = Rune.DecodeFromUtf8(text, out var rune, out var length) is System.Buffers.OperationStatus.Done;
            if (isValid && rune.Value is not (0 or '\\'))
            {
                name.Append(rune.ToString());
            }
            else
            {
                foreach (var odd in text[..length])
                {
                    name.Append(CultureInfo.InvariantCulture, $"\\x{odd:x2}");
                }
            }

            text = text[length..];
        }

        return name.ToString();
    }

    /// <summary>The bytes that a name was made of.</summary>
    public static byte[] ToBytes(string name)
    {
        if (!name.Contains("\\x", StringComparison.Ordinal))
        {
            return Encoding.UTF8.GetBytes(name);
        }

        var bytes = new List<byte>();
        for (var i = 0; i < name.Length;)
        {
            if (name.AsSpan(i) is ['\\', 'x', _, _, ..] && byte.TryParse(name.AsSpan(i + 2, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var odd))
            {
                bytes.Add(odd);
                i += 4;
            }
            else
            {
                var length = char.IsHighSurrogate(name[i]) && i + 1 < name.Length ? 2 : 1;
                bytes.AddRange(Encoding.UTF8.GetBytes(name.Substring(i, length)));
                i += length;
            }
        }

        return [.. bytes];
    }
}
