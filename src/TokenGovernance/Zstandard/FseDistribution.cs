using System.Buffers.Binary;
using System.Numerics;

namespace TokenGovernance.Zstandard;

/// <summary>How often each symbol occurs in an FSE table, as a frame describes it (RFC 8878, 4.1.1).</summary>
ref struct FseDistribution
{
    /// <summary>A count for each symbol up to the last described; -1 stands for "less than one".</summary>
    public ReadOnlySpan<short> Counts { get; private set; }

    /// <summary>The binary logarithm of the sum of the counts, and so of the size of the table.</summary>
    public int Log { get; private set; }

    /// <summary>Reads a distribution.</summary>
    /// <param name="at">Where it starts; moved past it.</param>
    /// <param name="end">Where its section ends.</param>
    /// <param name="maxLog">The largest table that this kind of symbol may have.</param>
    /// <param name="room">One place for each symbol there is.</param>
    public static FseDistribution Read(in ZstdInput input, ref int at, int end, int maxLog, Span<short> room)
    {
        var bytes = input.Bytes[at..end];
        if (bytes.IsEmpty) { throw input.Error("an FSE table description is missing", at); }

        var log = (bytes[0] & 15) + 5;
        if (log > maxLog) { throw input.Error($"an FSE table has accuracy log {log}, more than {maxLog}", at); }

        var position = 4;
        var remaining = 1 << log;
        var symbols = 0;

        while (remaining > 0 && symbols < room.Length)
        {
            var count = ReadCount(bytes, ref position, remaining);
            remaining -= Math.Abs(count);
            room[symbols++] = (short)count;

            if (count == 0) { symbols = SkipZeros(bytes, ref position, room, symbols); }
        }

        var size = (position + 7) / 8;
        if (size > bytes.Length) { throw input.Error("an FSE table description is cut short", at); }
        if (remaining != 0) { throw input.Error("an FSE table describes too many symbols", at); }

        at += size;

        return new FseDistribution { Counts = room[..symbols], Log = log };
    }

    /// <remarks>
    ///     Values up to what remains, and one more, take a whole number of bits or one bit less: the small values are
    ///     the shorter ones.
    /// </remarks>
    static int ReadCount(ReadOnlySpan<byte> bytes, ref int position, int remaining)
    {
        var bits = BitOperations.Log2((uint)remaining + 1) + 1;
        var value = (int)(Peek(bytes, position) & ((1u << bits) - 1));
        var low = value & ((1 << (bits - 1)) - 1);
        var shorter = (1 << bits) - 2 - remaining;

        if (low < shorter)
        {
            position += bits - 1;

            return low - 1;
        }

        position += bits;

        return (value >= 1 << (bits - 1) ? value - shorter : value) - 1;
    }

    /// <summary>A zero is followed by how many more zeros there are, two bits at a time.</summary>
    static int SkipZeros(ReadOnlySpan<byte> bytes, ref int position, Span<short> room, int symbols)
    {
        for (; ; )
        {
            var repeats = (int)(Peek(bytes, position) & 3);
            position += 2;

            for (var zeros = repeats; zeros > 0 && symbols < room.Length; zeros--) { room[symbols++] = 0; }

            if (repeats < 3 || symbols == room.Length) { return symbols; }
        }
    }

    /// <summary>The next bits, at least 25, the first of them the lowest; zeros past the end.</summary>
    static uint Peek(ReadOnlySpan<byte> bytes, int position)
    {
        var at = position >> 3;
        if (at + 4 <= bytes.Length) { return BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]) >> (position & 7); }

        var value = 0u;
        for (var i = bytes.Length - 1; i >= at; i--) { value = (value << 8) | bytes[i]; }

        return value >> (position & 7);
    }
}
