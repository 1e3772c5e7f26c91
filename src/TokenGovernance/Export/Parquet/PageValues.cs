namespace TokenGovernance.Export.Parquet;

/// <summary>Reads the values of a page, as <see cref="ColumnBuffer" /> writes them.</summary>
static class PageValues
{
    const int MiniBlocks = 4;

    /// <summary>Reads which cells are there: 1, else 0.</summary>
    public static int[] ReadPresent(ref ByteReader page, int rows)
    {
        var levels = new ByteReader(page.Take(page.ReadInt32()));

        return ReadRuns(ref levels, rows, bits: 1);
    }

    /// <summary>Reads the hybrid of runs and packed bits.</summary>
    public static int[] ReadRuns(ref ByteReader from, int count, int bits)
    {
        var values = new int[count];
        for (var read = 0; read < count;)
        {
            var head = from.ReadVarint();
            if ((head & 1) == 0)
            {
                var value = 0;
                for (var shift = 0; shift < bits; shift += 8)
                {
                    value |= from.ReadByte() << shift;
                }

                var run = Math.Min((int)(head >> 1), count - read);
                values.AsSpan(read, run).Fill(value);
                read += Math.Max(run, 1);
            }
            else
            {
                var packed = (int)(head >> 1) * 8;
                var unpacked = Unpack(from.Take(packed * bits / 8), packed, bits);
                for (var i = 0; i < packed && read < count; i++)
                {
                    values[read++] = (int)unpacked[i];
                }
            }
        }

        return values;
    }

    /// <summary>Reads `DELTA_BINARY_PACKED`.</summary>
    public static long[] ReadDeltas(ref ByteReader from)
    {
        var blockSize = (int)from.ReadVarint();
        if (blockSize != 128 || from.ReadVarint() != MiniBlocks)
        {
            throw new InvalidDataException("its numbers are written in another way");
        }

        var values = new long[checked((int)from.ReadVarint())];
        var value = from.ReadZigzag();
        if (values.Length > 0)
        {
            values[0] = value;
        }

        Span<byte> widths = stackalloc byte[MiniBlocks];
        var mini = blockSize / MiniBlocks;
        for (var at = 1; at < values.Length;)
        {
            var least = from.ReadZigzag();
            from.Take(MiniBlocks).CopyTo(widths);
            for (var block = 0; block < MiniBlocks && at < values.Length; block++)
            {
                var deltas = Unpack(from.Take(mini * widths[block] / 8), mini, widths[block]);
                for (var i = 0; i < mini && at < values.Length; i++)
                {
                    values[at++] = value = unchecked(value + least + (long)deltas[i]);
                }
            }
        }

        return values;
    }

    /// <summary>Reads texts or bytes of an encoding that has no dictionary.</summary>
    public static byte[][] ReadTexts(ref ByteReader from, ParquetEncoding encoding)
    {
        var prefixes = encoding is ParquetEncoding.Prefixes ? ReadDeltas(ref from) : null;
        var lengths = ReadDeltas(ref from);
        var texts = new byte[lengths.Length][];
        for (var i = 0; i < texts.Length; i++)
        {
            var common = (int)(prefixes?[i] ?? 0);
            var text = new byte[common + lengths[i]];
            if (common > 0)
            {
                texts[i - 1].AsSpan(0, common).CopyTo(text);
            }

            from.Take((int)lengths[i]).CopyTo(text.AsSpan(common));
            texts[i] = text;
        }

        return texts;
    }

    static ulong[] Unpack(ReadOnlySpan<byte> bytes, int count, int bits)
    {
        var values = new ulong[count];
        var (pending, filled, next) = (default(UInt128), 0, 0);
        for (var i = 0; i < count && bits > 0; i++)
        {
            for (; filled < bits; filled += 8)
            {
                pending |= (UInt128)bytes[next++] << filled;
            }

            values[i] = (ulong)(pending & ((UInt128.One << bits) - 1));
            pending >>= bits;
            filled -= bits;
        }

        return values;
    }
}
