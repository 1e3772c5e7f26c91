using System.Buffers;
using System.Security.Cryptography;

namespace TokenGovernance.Sources.Json;

/// <summary>Shrinks one huge JSON line, fed in pieces, to its structure: strings of content size become empty.</summary>
/// <remarks>
///     What an event needs (ids, names, numbers) is short; what makes a line huge is content, which nobody reads here. So a line
///     of any length is understood in the memory of what is left of it.
/// </remarks>
sealed class JsonLineCondenser : IDisposable
{
    /// <summary>Strings longer than this are content.</summary>
    const int MaxString = 64 * 1024;

    /// <summary>A line whose structure alone is larger than this is given up as a bad line.</summary>
    const int MaxStructure = 64 * 1024 * 1024;

    readonly ArrayBufferWriter<byte> _output = new();
    readonly List<byte> _string = [];
    readonly List<byte> _whiteSpace = [];
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    bool _inString, _isEscaped, _isContent;

    /// <summary>The structure so far, or nothing if it is too large.</summary>
    public ReadOnlySpan<byte> Structure => IsHopeless ? [] : _output.WrittenSpan;

    /// <summary>The structure is too large.</summary>
    public bool IsHopeless => _output.WrittenCount > MaxStructure;

    /// <summary>SHA-256 of all that was fed, white space at its end left out.</summary>
    public byte[] GetTextHash() => _hash.GetCurrentHash();

    public void Feed(ReadOnlySpan<byte> piece)
    {
        Hash(piece);
        while (!piece.IsEmpty && _output.WrittenCount <= MaxStructure)
        {
            piece = _inString ? FeedString(piece) : FeedStructure(piece);
        }
    }

    public void Dispose() => _hash.Dispose();

    ReadOnlySpan<byte> FeedStructure(ReadOnlySpan<byte> piece)
    {
        var quote = piece.IndexOf((byte)'"');
        var length = quote < 0 ? piece.Length : quote + 1;
        _output.Write(piece[..length]);
        _inString = quote >= 0;

        return piece[length..];
    }

    ReadOnlySpan<byte> FeedString(ReadOnlySpan<byte> piece)
    {
        if (_isEscaped)
        {
            _isEscaped = false;
            Keep(piece[..1]);

            return piece[1..];
        }

        var mark = piece.IndexOfAny((byte)'"', (byte)'\\');
        Keep(piece[..(mark < 0 ? piece.Length : mark)]);
        if (mark < 0)
        {
            return [];
        }

        if (piece[mark] == '\\')
        {
            Keep(piece.Slice(mark, 1));
            _isEscaped = true;
        }
        else
        {
            _output.Write(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_string));
            _output.Write("\""u8);
            _string.Clear();
            _inString = _isContent = false;
        }

        return piece[(mark + 1)..];
    }

    void Keep(ReadOnlySpan<byte> text)
    {
        if (!_isContent && _string.Count + text.Length > MaxString)
        {
            _isContent = true;
            _string.Clear();
        }

        if (!_isContent)
        {
            _string.AddRange(text);
        }
    }

    /// <summary>White space is held back until more follows, so that a line's end does not change its hash.</summary>
    void Hash(ReadOnlySpan<byte> piece)
    {
        var text = piece.TrimEnd(" \t\r"u8);
        if (!text.IsEmpty)
        {
            _hash.AppendData(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_whiteSpace));
            _hash.AppendData(text);
            _whiteSpace.Clear();
        }

        _whiteSpace.AddRange(piece[text.Length..]);
    }
}
