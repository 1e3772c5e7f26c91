namespace TokenGovernance.Zstandard;

/// <summary>Decodes Zstandard data (RFC 8878) while it is read from another stream, in bounded memory.</summary>
/// <remarks>
///     Reads forward only. All frames are decoded one after the other, and skippable frames passed over, until the
///     source ends. A source that is empty or ends within a frame is an error. After an exception nothing more can be
///     read. Memory grows with what has been decoded, not with what a header promises: up to two windows, or a window
///     and 32 MiB if that is less, and about half a mebibyte.
/// </remarks>
/// <param name="source">Is read ahead of what has been decoded.</param>
/// <param name="leaveOpen">Whether the source is left open when this stream is closed.</param>
/// <param name="maxWindow">
///     Frames that need a larger window are refused; never more than 1 GiB. For a frame that is a single segment the
///     window is its whole content.
/// </param>
sealed class ZstdStream(Stream source, bool leaveOpen = false, int maxWindow = ZstdDecoder.DefaultMaxWindow) : Stream
{
    const int LargestWindow = 1 << 30;

    readonly ZstdStreamInput _input = new(source);
    readonly SlidingWindow _window = new();
    readonly BlockDecoder _blocks = new();
    readonly FrameCheck _check = new();
    FrameHeader _header;
    bool _isWithinFrame, _hasSeenFrame, _isClosed, _isBroken;

    public override bool CanRead => !_isClosed;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="ZstdException">The source is malformed, cut short, or needs too much.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_isClosed, this);
        if (buffer.IsEmpty) { return 0; }

        while (_window.Unread == 0)
        {
            if (!TryDecodeMore()) { return 0; }
        }

        return _window.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        ValidateBufferArguments(buffer, offset, count);

        return Read(buffer.AsSpan(offset, count));
    }

    public override int ReadByte()
    {
        var value = (byte)0;

        return Read(new Span<byte>(ref value)) == 0 ? -1 : value;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isClosed && !leaveOpen) { source.Dispose(); }

        _isClosed = true;
        base.Dispose(disposing);
    }

    /// <summary>Takes the next step, which may yield output; false at the end of the source.</summary>
    bool TryDecodeMore()
    {
        if (_isBroken) { throw _input.Error("nothing can be read after an error"); }

        _isBroken = true;
        var isMore = true;
        if (_isWithinFrame) { DecodeBlock(); }
        else { isMore = TryBeginFrame(); }

        _isBroken = false;

        return isMore;
    }

    bool TryBeginFrame()
    {
        if (_hasSeenFrame && !_input.TryFill(1)) { return false; }

        _hasSeenFrame = true;
        _input.Fill(4, "a magic number");
        var magic = _input.UInt32At(0);

        if (FrameHeader.IsSkippable(magic))
        {
            _input.Fill(8, "a skippable frame");
            _input.Skip(8 + (long)_input.UInt32At(4), "a skippable frame");

            return true;
        }

        if (magic != FrameHeader.Magic) { throw _input.Error("no frame starts here"); }

        BeginFrame();

        return true;
    }

    void BeginFrame()
    {
        _input.Fill(FrameHeader.MinSize, "a frame header");
        _input.Fill(FrameHeader.SizeFrom(_input[4]), "a frame header");

        _header = FrameHeader.Read(_input.Filled, _input.Start);
        _header.RefuseWindowOver(Math.Min(maxWindow, LargestWindow), _input.Filled, _input.Start);
        _input.Skip(_header.Size, "a frame header");

        _window.Begin(_header);
        _blocks.BeginFrame();
        _check.Begin(_header);
        _isWithinFrame = true;
    }

    void DecodeBlock()
    {
        _input.Fill(BlockHeader.Size, "a block header");
        var block = BlockHeader.Read(_input.Filled, _input.Start, _header.MaxBlockSize);
        _input.Skip(BlockHeader.Size, "a block header");

        _input.Fill(block.StoredLength, "a block");
        var output = _window.MakeRoom();
        _blocks.Decode(_input.Filled, _input.Start, block, _header.MaxBlockSize, ref output);
        _input.Skip(block.StoredLength, "a block");

        _window.Accept(output.Position);
        _check.Append(_window.UnreadBytes);
        if (block.IsLast) { EndFrame(); }
    }

    void EndFrame()
    {
        var size = _header.HasChecksum ? FrameCheck.ChecksumSize : 0;
        _input.Fill(size, "a checksum");
        _check.End(_input.Filled, _input.Start);
        _input.Skip(size, "a checksum");
        _isWithinFrame = false;
    }
}
