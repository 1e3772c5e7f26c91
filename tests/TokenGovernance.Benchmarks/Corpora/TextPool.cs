using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Word salad, made once and sliced: cheap, and varied enough not to compress to nothing.</summary>
/// <remarks>The text is kept as the inside of a JSON string. Slices begin and end between words.</remarks>
sealed class TextPool
{
    const int Size = 1 << 20;

    static readonly string[] Words =
    [
        .. "gateway session agent tool result file read write exec output error warning trace value index".Split(' '),
        .. "usage token budget cache model provider channel message reply schedule cron heartbeat memory".Split(' '),
        .. "naïve café 你好 данные 🦀 path/to/some/file.ts (line 42) \"quoted\" back\\slash\ttab".Split(' '),
    ];

    readonly byte[] _text;
    readonly int[] _words;
    readonly double _bytesPerCharacter;

    public TextPool(Random random)
    {
        using var text = new MemoryStream();
        var words = new List<int>();
        var characters = 0;
        while (text.Length < Size)
        {
            var word = Words[random.Next(Words.Length)];
            characters += word.EnumerateRunes().Count() + 1;
            words.Add((int)text.Length);
            text.Write(Escape(word));
            text.Write(random.NextDouble() < 0.08 ? "\\n"u8 : " "u8);
        }

        words.Add((int)text.Length);
        _text = text.ToArray();
        _words = [.. words];
        _bytesPerCharacter = (double)_text.Length / characters;
    }

    /// <summary>Returns about so many characters, at least one word.</summary>
    public ReadOnlySpan<byte> Take(Random random, int characters)
    {
        var length = Math.Clamp((int)(characters * _bytesPerCharacter), 1, _text.Length / 3);
        var start = _words[random.Next(_words.Length / 2)];
        var end = Array.BinarySearch(_words, start + length);

        return _text.AsSpan(start, _words[end < 0 ? ~end : end] - start);
    }

    static byte[] Escape(string word) =>
        // As OpenClaw writes: characters outside the BMP stay as they are, which the encoder would not leave so.
        word.Any(char.IsSurrogate)
            ? Encoding.UTF8.GetBytes(word)
            : JsonEncodedText.Encode(word, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.ToArray();
}
