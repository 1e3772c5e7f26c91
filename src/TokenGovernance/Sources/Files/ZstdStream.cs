using System.Buffers;

namespace TokenGovernance.Sources.Files;

/// <summary>Decodes Zstandard data while it is read from another stream, which it leaves open; forward only, in bounded memory.</summary>
/// <remarks>
///     All frames are decoded one after another, and skippable ones passed over. A source that is empty or ends within a frame is
///     an error. All content of the blocks before an error is given before the error is thrown.
/// </remarks>
sealed class ZstdStream(Stream source) : Stream
{
    /// <summary>The largest block and its header.</summary>
    const int BufferSize = (128 * 1024) + BlockHeader;

    const int BlockHeader = 3;

    /// <summary>The shortest frame header.</summary>
    const int FrameHeader = 5;

    readonly ZstdContext _context = new();
    byte[] _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    int _start, _end, _wanted = FrameHeader;
    bool _hasMore, _isWithinFrame = true;
    ZstdException? _failure;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ZstdException">The source is damaged, cut short, or needs too large a window.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            // What the context still holds is given before it sees any more input, which may be damaged.
            var input = _hasMore ? [] : NextInput();
            if (input.IsEmpty && !_hasMore)
            {
                return _isWithinFrame ? throw Fail(ZstdException.CutShort()) : 0;
            }

            var written = Decompress(input, buffer);
            if (written > 0)
            {
                return written;
            }
        }

        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && _buffer.Length > 0)
        {
            _context.Dispose();
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }

        base.Dispose(disposing);
    }

    int Decompress(ReadOnlySpan<byte> input, Span<byte> output)
    {
        try
        {
            var wanted = _context.Decompress(input, output, out var consumed, out var written);
            _start += consumed;
            _isWithinFrame = wanted > 0;
            _hasMore = _isWithinFrame && written == output.Length;
            _wanted = _isWithinFrame ? wanted : FrameHeader;

            return written;
        }
        catch (ZstdException e)
        {
            throw Fail(e);
        }
    }

    /// <summary>Returns input up to the end of the present block, and nothing of the header after it; empty at the end of the source.</summary>
    ReadOnlySpan<byte> NextInput()
    {
        if (_failure is not null)
        {
            throw _failure;
        }

        if (_start == _end)
        {
            (_start, _end) = (0, source.Read(_buffer));
        }

        var most = _wanted > BlockHeader ? _wanted - BlockHeader : _wanted;

        return _buffer.AsSpan(_start, Math.Min(most, _end - _start));
    }

    ZstdException Fail(ZstdException e) => _failure = e;
}
