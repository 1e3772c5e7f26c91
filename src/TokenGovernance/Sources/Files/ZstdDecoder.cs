namespace TokenGovernance.Sources.Files;

/// <summary>Decodes Zstandard data in memory. Whatever the input is, the outcome is its content or a <see cref="ZstdException" />.</summary>
/// <remarks>Not thread-safe. Its native memory is taken with the first frame and reused for all others.</remarks>
sealed class ZstdDecoder : IDisposable
{
    /// <summary>The best that the format can do: four bytes that stand for a block of 128 KiB.</summary>
    const int MostContentPerByte = 32 * 1024;

    const int FirstBuffer = 128 * 1024;

    ZstdContext? _context;

    /// <summary>Decodes all frames of the source, one after another; skippable frames are passed over.</summary>
    /// <param name="source">One frame or more, and nothing else.</param>
    /// <param name="destination">Receives the content; replaced by a larger array when needed. Hand in the array of the call before.</param>
    /// <param name="maxBytes">More content than this is an error, found before it is allocated.</param>
    /// <returns>Bytes of content.</returns>
    /// <exception cref="ZstdException">
    ///     The source is damaged, cut short or empty, a checksum or a size does not match, it needs a dictionary or too large a
    ///     window, or the content exceeds <paramref name="maxBytes" />.
    /// </exception>
    public int Decompress(ReadOnlySpan<byte> source, ref byte[] destination, int maxBytes)
    {
        var context = Begin();
        var (length, isWhole) = (0, true);
        do
        {
            if (isWhole)
            {
                // One byte more than may be used shows that there is too much.
                var room = ReadDeclaredSize(source, maxBytes - length) ?? Math.Min(FirstBuffer, maxBytes - length + 1);
                Reserve(ref destination, length, length + room);
            }

            isWhole = context.Decompress(source, destination.AsSpan(length), out var consumed, out var written) == 0;
            source = source[consumed..];
            length += written;
            if (length > maxBytes)
            {
                throw new ZstdException($"the content is larger than the limit of {maxBytes} bytes");
            }

            if (!isWhole && length == destination.Length)
            {
                Reserve(ref destination, length, (int)Math.Min(2L * length + 1, maxBytes + 1L));
            }
            else if (!isWhole && source.IsEmpty)
            {
                throw ZstdException.CutShort();
            }
        }
        while (!isWhole || !source.IsEmpty);

        return length;
    }

    /// <summary>Decodes only the first bytes of the content, a block of 128 KiB at a time.</summary>
    /// <remarks>What lies behind the block where the destination becomes full is not looked at: it may be damaged or missing.</remarks>
    /// <returns>Bytes of content: the length of the destination, or less if that is all.</returns>
    /// <exception cref="ZstdException">What had to be decoded is damaged or cut short.</exception>
    public int DecompressPrefix(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var context = Begin();
        var length = 0;
        for (var isWhole = false; length < destination.Length && !(isWhole && source.IsEmpty);)
        {
            isWhole = context.Decompress(source, destination[length..], out var consumed, out var written) == 0;
            source = source[consumed..];
            length += written;
            if (!isWhole && source.IsEmpty && length < destination.Length)
            {
                throw ZstdException.CutShort();
            }
        }

        return length;
    }

    public void Dispose() => _context?.Dispose();

    ZstdContext Begin()
    {
        var context = _context ??= new ZstdContext();
        context.Reset();

        return context;
    }

    /// <summary>Returns the size that a frame declares, if its input can become that; NULL if it declares none.</summary>
    static int? ReadDeclaredSize(ReadOnlySpan<byte> frame, int maxBytes) => ZstdContext.ContentSizeOf(frame) switch
    {
        null => null,
        { } size when size > (ulong)maxBytes => throw new ZstdException($"a frame declares {size} bytes, more than the limit leaves: {maxBytes}"),
        { } size when size > (ulong)frame.Length * MostContentPerByte => throw new ZstdException($"a frame of {frame.Length} bytes declares {size}"),
        { } size => (int)size,
    };

    static void Reserve(ref byte[] buffer, int used, int needed)
    {
        if (buffer.Length < needed)
        {
            var larger = GC.AllocateUninitializedArray<byte>(needed);
            buffer.AsSpan(0, used).CopyTo(larger);
            buffer = larger;
        }
    }
}
