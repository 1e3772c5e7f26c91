using System.Buffers;

namespace TokenGovernance.Sources.Json;

/// <summary>Cuts a stream of JSON objects, one a line, into lines, in bounded memory however long a line is.</summary>
/// <remarks>
///     A line is complete once its newline is there. At the end of the stream the whole objects after the last newline are a line
///     too. Anything else there is a torn write: it is left alone and read again later. A line may hold several objects: a writer
///     that was killed before it wrote the newline appends the next one to the same line. Every byte of the history passes through
///     here: this is the hot path of a first collection.
/// </remarks>
sealed class JsonLineReader(Stream stream, int maxLine = JsonLineReader.DefaultMaxLine) : IDisposable
{
    /// <summary>Longer lines are taken by their structure.</summary>
    public const int DefaultMaxLine = 8 * 1024 * 1024;

    const int FirstBuffer = 256 * 1024;

    const long MaxHopeless = 1024 * 1024 * 1024;

    static ReadOnlySpan<byte> WhiteSpace => " \t\r"u8;

    static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    byte[] _buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
    int _start, _scanned, _end;
    bool _isAtEnd;
    int _lineStart, _lineLength;
    byte[] _textHash = [];
    JsonLineCondenser? _condenser;

    /// <summary>Bytes of the lines returned so far, newlines included: where the next read begins.</summary>
    public long Consumed { get; private set; }

    /// <summary>Newlines among them.</summary>
    public long Newlines { get; private set; }

    /// <summary>False if the present line is the last of the stream and has no newline yet.</summary>
    public bool EndsInNewline { get; private set; }

    /// <summary>Number of the present line in the stream, counted from 1.</summary>
    public long LineNo => EndsInNewline ? Newlines : Newlines + 1;

    /// <summary>The present line without white space at its ends; valid until the next call of <see cref="Next" />.</summary>
    public ReadOnlySpan<byte> Line =>
        _condenser is null ? _buffer.AsSpan(_lineStart, _lineLength) : _condenser.Structure.Trim(WhiteSpace);

    /// <summary>SHA-256 of the present line as written, if <see cref="Line" /> is only the structure of a huge one; else empty.</summary>
    public ReadOnlySpan<byte> TextHash => _textHash;

    /// <summary>Goes to the next complete line; false if there is none.</summary>
    /// <exception cref="JsonLineException">The next line can be no entry, and no end of it is in sight.</exception>
    public bool Next()
    {
        _condenser?.Dispose();
        _condenser = null;
        _textHash = [];

        while (true)
        {
            var newline = _buffer.AsSpan(_scanned, _end - _scanned).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                Take(_scanned + newline, hasNewline: true);

                return true;
            }

            _scanned = _end;
            if (_isAtEnd)
            {
                return TakeWholeObjects();
            }

            if (!MakeRoom())
            {
                return CondenseLine();
            }

            Fill();
        }
    }

    public void Dispose()
    {
        _condenser?.Dispose();
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    void Fill()
    {
        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _isAtEnd = count == 0;
        _end += count;
    }

    void Take(int lineEnd, bool hasNewline)
    {
        var line = _buffer.AsSpan(_start, lineEnd - _start);
        if (Consumed == 0 && line.StartsWith(ByteOrderMark))
        {
            line = line[ByteOrderMark.Length..];
        }

        var trimmed = line.TrimEnd(WhiteSpace);
        _lineLength = trimmed.TrimStart(WhiteSpace).Length;
        _lineStart = lineEnd - line.Length + trimmed.Length - _lineLength;

        var next = hasNewline ? lineEnd + 1 : lineEnd;
        Consumed += next - _start;
        Newlines += hasNewline ? 1 : 0;
        EndsInNewline = hasNewline;
        _start = _scanned = next;
    }

    bool TakeWholeObjects()
    {
        var rest = _buffer.AsSpan(_start, _end - _start);
        var mark = Consumed == 0 && rest.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        var length = JsonObjects.WholePrefix(rest[mark..]);
        if (length == 0)
        {
            return false;
        }

        Take(_start + mark + length, hasNewline: false);

        return true;
    }

    /// <summary>Makes room for more of the present line; false if it is too long for the buffer.</summary>
    bool MakeRoom()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _scanned -= _start;
            _start = 0;
        }

        if (_end < _buffer.Length)
        {
            return true;
        }

        if (_buffer.Length >= maxLine)
        {
            return false;
        }

        var larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;

        return true;
    }

    /// <summary>Takes a line that is longer than the buffer by its structure, piece by piece.</summary>
    bool CondenseLine()
    {
        var condenser = _condenser = new JsonLineCondenser();
        var length = 0L;
        var piece = _buffer.AsSpan(0, _end);
        if (Consumed == 0 && piece.StartsWith(ByteOrderMark))
        {
            length += ByteOrderMark.Length;
            piece = piece[ByteOrderMark.Length..];
        }

        var newline = -1;
        while (true)
        {
            newline = piece.IndexOf((byte)'\n');
            condenser.Feed(newline < 0 ? piece : piece[..newline]);
            length += newline < 0 ? piece.Length : newline;
            if (newline >= 0)
            {
                break;
            }

            // Sparse files may claim any length: what is no JSON is not followed without limit.
            if (condenser.IsHopeless && length > MaxHopeless)
            {
                throw new JsonLineException(length);
            }

            _start = _scanned = _end = 0;
            Fill();
            if (_isAtEnd)
            {
                break;
            }

            piece = _buffer.AsSpan(0, _end);
        }

        var structure = condenser.Structure.TrimEnd(WhiteSpace);
        if (newline < 0 && (structure.IsEmpty || JsonObjects.WholePrefix(structure) < structure.Length))
        {
            return false;
        }

        _start = _scanned = newline < 0 ? 0 : _end - piece.Length + newline + 1;
        Consumed += newline < 0 ? length : length + 1;
        Newlines += newline < 0 ? 0 : 1;
        EndsInNewline = newline >= 0;
        _textHash = condenser.GetTextHash();

        return true;
    }
}
