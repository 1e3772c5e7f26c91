namespace TokenGovernance.Zstandard;

/// <summary>The output of a frame that later blocks may refer to, and the part of it that is still to be read.</summary>
/// <remarks>
///     The buffer grows with what has been decoded, up to the window and some more. Then it is emptied to the front,
///     but for one window: the more there is besides, the rarer that is.
/// </remarks>
sealed class SlidingWindow
{
    const int LargestStride = 32 * 1024 * 1024;

    byte[] _buffer = [];
    FrameHeader _header;
    ulong _decodedBefore;
    int _read, _end;

    public int Unread => _end - _read;

    public ReadOnlySpan<byte> UnreadBytes => _buffer.AsSpan(_read, Unread);

    /// <summary>A window, the stride and a block: with a window of 1 GiB it still fits in an array.</summary>
    long MaxSize
    {
        get
        {
            var window = (long)_header.WindowSize;
            var size = window + Math.Min(window, LargestStride) + _header.MaxBlockSize;
            if (_header.ContentSize < (ulong)size) { size = (long)_header.ContentSize; }

            return size + BlockOutput.Slack;
        }
    }

    public void Begin(FrameHeader header)
    {
        _header = header;
        _decodedBefore = 0;
        _read = _end = 0;
    }

    /// <summary>Gives the next block a place to be decoded to. Everything must have been read.</summary>
    public BlockOutput MakeRoom()
    {
        var room = _header.MaxBlockSize;
        var kind = LimitKind.BlockSize;
        if (_header.ContentSize is { } size && size - _decodedBefore - (ulong)_end <= (ulong)room)
        {
            room = (int)(size - _decodedBefore - (ulong)_end);
            kind = LimitKind.ContentSize;
        }

        if (_buffer.Length - BlockOutput.Slack - _end < room) { GrowOrSlide(room); }

        return new BlockOutput(_buffer, _end, _end + room)
        {
            HistoryStart = 0,
            WindowSize = (int)_header.WindowSize,
            LimitKind = kind,
        };
    }

    /// <summary>Takes over what was decoded, up to a place in the buffer.</summary>
    public void Accept(int end) => _end = end;

    public int Read(Span<byte> destination)
    {
        var count = Math.Min(Unread, destination.Length);
        _buffer.AsSpan(_read, count).CopyTo(destination);
        _read += count;

        return count;
    }

    void GrowOrSlide(int room)
    {
        var needed = (long)_end + room + BlockOutput.Slack;
        if (needed > MaxSize)
        {
            Slide((int)_header.WindowSize);
            needed = (long)_end + room + BlockOutput.Slack;
        }

        if (needed > _buffer.Length)
        {
            var size = Math.Max(needed, Math.Min(2L * _buffer.Length, MaxSize));
            var larger = GC.AllocateUninitializedArray<byte>((int)size);
            _buffer.AsSpan(0, _end).CopyTo(larger);
            _buffer = larger;
        }
    }

    void Slide(int kept)
    {
        var gone = _end - kept;
        _buffer.AsSpan(gone, kept).CopyTo(_buffer);
        _decodedBefore += (ulong)gone;
        _read = _end = kept;
    }
}
