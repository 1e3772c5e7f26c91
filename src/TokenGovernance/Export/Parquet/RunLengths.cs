namespace TokenGovernance.Export.Parquet;

/// <summary>Writes small numbers as Parquet's hybrid of runs and packed bits.</summary>
static class RunLengths
{
    /// <summary>Packed bits come in groups of so many numbers; shorter runs are not worth one of their own.</summary>
    const int Group = 8;

    /// <summary>How many bits numbers up to a largest need.</summary>
    public static int BitsFor(int largest) => Math.Max(1, 32 - int.LeadingZeroCount(largest));

    public static void Write(ByteBuffer target, ReadOnlySpan<int> values, int bits)
    {
        while (values.Length > 0)
        {
            var run = RunOf(values);
            var taken = run >= Group || run == values.Length ? WriteRun(target, values[0], run, bits) : WritePacked(target, values, bits);
            values = values[taken..];
        }
    }

    /// <summary>How many of the first are alike.</summary>
    static int RunOf(ReadOnlySpan<int> values)
    {
        var other = values.IndexOfAnyExcept(values[0]);

        return other < 0 ? values.Length : other;
    }

    static int WriteRun(ByteBuffer target, int value, int count, int bits)
    {
        target.WriteVarint((ulong)count << 1);
        for (var written = 0; written < bits; written += 8)
        {
            target.Write((byte)(value >> written));
        }

        return count;
    }

    /// <summary>Writes whole groups, until one begins with a run. The last is filled up with zeros, which nobody reads.</summary>
    static int WritePacked(ByteBuffer target, ReadOnlySpan<int> values, int bits)
    {
        var count = Group;
        while (count < values.Length && RunOf(values[count..Math.Min(values.Length, count + Group)]) < Group)
        {
            count += Group;
        }

        target.WriteVarint(((ulong)(count / Group) << 1) | 1);
        var (pending, filled) = (0UL, 0);
        for (var i = 0; i < count; i++)
        {
            pending |= (ulong)(uint)(i < values.Length ? values[i] : 0) << filled;
            filled += bits;
            for (; filled >= 8; filled -= 8)
            {
                target.Write((byte)pending);
                pending >>= 8;
            }
        }

        return Math.Min(count, values.Length);
    }
}
