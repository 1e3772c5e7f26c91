namespace TokenGovernance.Zstandard;

/// <summary>Decodes Zstandard data that is in memory (RFC 8878), without dictionaries.</summary>
/// <remarks>
///     Whatever the input is, the outcome is its decoded bytes or a <see cref="ZstdException" />. Make one and keep it:
///     tables and buffers are reused, so that decoding a further frame allocates nothing. Not for use by several
///     threads at once.
/// </remarks>
/// <param name="maxWindow">Frames with a larger window are refused, unless it is their whole content.</param>
sealed class ZstdDecoder(int maxWindow = ZstdDecoder.DefaultMaxWindow)
{
    /// <summary>128 MiB: what the zstd program accepts unless told otherwise.</summary>
    public const int DefaultMaxWindow = 1 << 27;

    const int MagicSize = 4;

    readonly BlockDecoder _blocks = new();
    readonly FrameCheck _check = new();
    byte[] _prefix = [];

    /// <summary>Decodes all frames of the source, one after the other; skippable frames are passed over.</summary>
    /// <param name="source">One frame or more, and nothing else.</param>
    /// <param name="destination">
    ///     Receives the output. Replaced by a larger array when needed, and somewhat longer than the output; what is
    ///     past the output is undefined. Hand in the array of the call before to have it reused.
    /// </param>
    /// <param name="maxBytes">More output than this is an error, found before it is allocated.</param>
    /// <returns>Bytes of output.</returns>
    /// <exception cref="ZstdException">
    ///     The source is malformed, cut short or empty, a checksum or a size does not match, a frame needs a
    ///     dictionary or too large a window, or the output exceeds <paramref name="maxBytes" />.
    /// </exception>
    public int Decompress(ReadOnlySpan<byte> source, ref byte[] destination, int maxBytes = int.MaxValue)
    {
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNegative(maxBytes);

        var limit = Math.Min(maxBytes, Array.MaxLength - BlockOutput.Slack);

        return Decode(source, ref destination, limit, LimitKind.MaxBytes);
    }

    /// <summary>Decodes only the first bytes of the output: the cheap way to see what a frame begins with.</summary>
    /// <remarks>
    ///     Of the block where the destination becomes full, only what leads there is decoded. What lies behind is not
    ///     looked at, so it may be malformed or missing; checksums are not verified.
    /// </remarks>
    /// <param name="source">As before, but it may end after the block that fills the destination.</param>
    /// <param name="destination">Filled from its start; on an exception its content is unchanged.</param>
    /// <returns>Bytes of output: the length of the destination, or less if that is all the output there is.</returns>
    /// <exception cref="ZstdException">What had to be decoded is malformed or cut short.</exception>
    public int DecompressPrefix(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var count = Decode(source, ref _prefix, destination.Length, LimitKind.Prefix);
        _prefix.AsSpan(0, count).CopyTo(destination);

        return count;
    }

    int Decode(ReadOnlySpan<byte> source, ref byte[] buffer, int limit, LimitKind limitKind)
    {
        var input = new ZstdInput(source, 0);
        var at = 0;
        var decoded = 0;

        do
        {
            input.Require(at, MagicSize, source.Length, "a magic number");

            if (FrameHeader.IsSkippable(input.UInt32At(at))) { at = Skip(input, at); }
            else { DecodeFrame(input, ref at, ref buffer, ref decoded, limit, limitKind); }
        }
        while (at < source.Length && !(limitKind == LimitKind.Prefix && decoded == limit));

        return decoded;
    }

    static int Skip(in ZstdInput input, int at)
    {
        const int headerSize = 8;
        input.Require(at, headerSize, input.Bytes.Length, "a skippable frame");

        var size = input.UInt32At(at + MagicSize);
        if (size > input.Bytes.Length - at - headerSize)
        {
            throw input.Error("the input ends within a skippable frame", at);
        }

        return at + headerSize + (int)size;
    }

    void DecodeFrame(
        in ZstdInput input, ref int at, ref byte[] buffer, ref int decoded, int limit, LimitKind limitKind)
    {
        var header = ReadHeader(input, at, limitKind == LimitKind.MaxBytes ? limit - decoded : null);
        var frameStart = decoded;
        at += header.Size;
        _blocks.BeginFrame();
        _check.Begin(header);

        for (var isLast = false; !isLast;)
        {
            var block = BlockHeader.Read(input, at, header.MaxBlockSize);
            at += BlockHeader.Size;

            var output = MakeRoom(ref buffer, header, frameStart, decoded, limit, limitKind);
            _blocks.Decode(input, at, block, header.MaxBlockSize, ref output);
            if (output.IsComplete)
            {
                decoded = output.Position;

                return;
            }

            if (limitKind != LimitKind.Prefix) { _check.Append(buffer.AsSpan(decoded..output.Position)); }

            decoded = output.Position;
            at += block.StoredLength;
            isLast = block.IsLast;
        }

        if (limitKind != LimitKind.Prefix) { _check.End(input, at); }
        if (header.HasChecksum) { at += FrameCheck.ChecksumSize; }
    }

    FrameHeader ReadHeader(in ZstdInput input, int at, int? room)
    {
        if (input.UInt32At(at) != FrameHeader.Magic) { throw input.Error("no frame starts here", at); }

        input.Require(at, FrameHeader.MinSize, input.Bytes.Length, "a frame header");
        var header = FrameHeader.Read(input, at);
        if (!header.IsSingleSegment) { header.RefuseWindowOver(maxWindow, input, at); }
        if (header.ContentSize > (ulong?)room)
        {
            throw input.Error(
                $"a frame declares {header.ContentSize} bytes, more than the {room} that are left of the limit", at);
        }

        return header;
    }

    /// <summary>Makes the buffer large enough for one more block, whatever the frame says of its size.</summary>
    static BlockOutput MakeRoom(
        ref byte[] buffer, FrameHeader header, int frameStart, int decoded, int maxBytes, LimitKind limitKind)
    {
        var limit = maxBytes;

        if ((ulong)(limit - frameStart) > header.ContentSize)
        {
            limit = frameStart + (int)header.ContentSize;
            limitKind = LimitKind.ContentSize;
        }

        if (limit - decoded > header.MaxBlockSize)
        {
            limit = decoded + header.MaxBlockSize;
            limitKind = LimitKind.BlockSize;
        }

        Grow(ref buffer, decoded, limit, maxBytes);

        return new BlockOutput(buffer, decoded, limit)
        {
            HistoryStart = frameStart,
            WindowSize = (int)Math.Min(header.WindowSize, int.MaxValue),
            LimitKind = limitKind,
        };
    }

    static void Grow(ref byte[] buffer, int used, int needed, int maxBytes)
    {
        if (buffer.Length - BlockOutput.Slack >= needed) { return; }

        var size = Math.Max(needed, Math.Min(2L * buffer.Length, maxBytes));
        var larger = GC.AllocateUninitializedArray<byte>((int)size + BlockOutput.Slack);
        buffer.AsSpan(0, used).CopyTo(larger);
        buffer = larger;
    }
}
