namespace TokenGovernance.Export.Parquet;

/// <summary>Writes whole numbers as differences, each block of them with as few bits as it needs: `DELTA_BINARY_PACKED`.</summary>
static class Deltas
{
    const int BlockSize = 128, MiniBlocks = 4, MiniBlockSize = BlockSize / MiniBlocks;

    public static void Write(ByteBuffer target, ReadOnlySpan<long> values)
    {
        target.WriteVarint(BlockSize);
        target.WriteVarint(MiniBlocks);
        target.WriteVarint((ulong)values.Length);
        WriteZigzag(target, values.IsEmpty ? 0 : values[0]);
        Span<long> deltas = stackalloc long[BlockSize];
        for (var start = 1; start < values.Length; start += BlockSize)
        {
            var count = Math.Min(BlockSize, values.Length - start);
            for (var i = 0; i < count; i++)
            {
                deltas[i] = unchecked(values[start + i] - values[start + i - 1]);
            }

            WriteBlock(target, deltas[..count]);
        }
    }

    static void WriteBlock(ByteBuffer target, Span<long> deltas)
    {
        var least = long.MaxValue;
        foreach (var delta in deltas)
        {
            least = Math.Min(least, delta);
        }

        WriteZigzag(target, least);
        Span<int> widths = stackalloc int[MiniBlocks];
        for (var block = 0; block < MiniBlocks; block++)
        {
            widths[block] = WidthOf(Part(deltas, block), least);
            target.Write((byte)widths[block]);
        }

        for (var block = 0; block < MiniBlocks; block++)
        {
            WritePart(target, Part(deltas, block), least, widths[block]);
        }
    }

    static Span<long> Part(Span<long> deltas, int block)
    {
        var start = Math.Min(block * MiniBlockSize, deltas.Length);

        return deltas[start..Math.Min(start + MiniBlockSize, deltas.Length)];
    }

    static int WidthOf(Span<long> deltas, long least)
    {
        var all = 0UL;
        foreach (var delta in deltas)
        {
            all |= unchecked((ulong)(delta - least));
        }

        return 64 - (int)ulong.LeadingZeroCount(all);
    }

    /// <summary>A part that is begun is filled up with zeros.</summary>
    static void WritePart(ByteBuffer target, Span<long> deltas, long least, int width)
    {
        if (deltas.IsEmpty)
        {
            return;
        }

        var (pending, filled) = (default(UInt128), 0);
        for (var i = 0; i < MiniBlockSize; i++)
        {
            pending |= (UInt128)(i < deltas.Length ? unchecked((ulong)(deltas[i] - least)) : 0) << filled;
            filled += width;
            for (; filled >= 8; filled -= 8)
            {
                target.Write((byte)pending);
                pending >>= 8;
            }
        }
    }

    static void WriteZigzag(ByteBuffer target, long value) => target.WriteVarint((ulong)((value << 1) ^ (value >> 63)));
}
