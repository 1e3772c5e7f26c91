using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Zstandard;

/// <summary>The table that turns bits into literals (RFC 8878, 4.2.1).</summary>
/// <remarks>
///     It is indexed by the next <see cref="Log" /> bits; an entry is the number of bits that the code really has, and
///     above them, from bit 8 on, the literal.
/// </remarks>
sealed class HuffmanTable
{
    public const int MaxLog = 11;
    const int MaxWeightsLog = 6;
    const int MaxSymbols = 256;

    /// <summary>What fits in four bits: more than is allowed, and so is refused with its table.</summary>
    const int MaxWeight = 15;

    static readonly ulong[] WeightMeanings =
        [.. Enumerable.Range(0, MaxWeight + 1).Select(weight => FseTable.Meaning((uint)weight, extraBits: 0))];

    readonly ushort[] _entries = new ushort[1 << MaxLog];
    readonly byte[] _weights = new byte[MaxSymbols];
    readonly FseTable _weightTable = new(MaxWeightsLog);

    /// <summary>The longest code, in bits; 0 while there is no table.</summary>
    public int Log { get; private set; }

    /// <summary>The first entry of 1 &lt;&lt; Log.</summary>
    public ref ushort Entries => ref _entries[0];

    public void Forget() => Log = 0;

    /// <summary>Reads a table's description.</summary>
    /// <param name="at">Where it starts; moved past it.</param>
    /// <param name="end">Where the literals section ends.</param>
    public void Read(in ZstdInput input, ref int at, int end)
    {
        Log = 0;
        var start = at;
        input.Require(at, 1, end, "a Huffman table");
        int header = input[at++];

        var direct = header >= 128;
        var size = direct ? (header - 126) / 2 : header;
        input.Require(at, size, end, "a Huffman table");

        var count = direct ? ReadDirect(input, at, header - 127) : ReadCompressed(input, at, at + size);
        at += size;

        Build(input, start, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int ReadDirect(in ZstdInput input, int at, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var pair = input[at + (i / 2)];
            _weights[i] = (byte)(i % 2 == 0 ? pair >> 4 : pair & 15);
        }

        return count;
    }

    /// <remarks>Two states take turns. When too few bits are left to move one, the other has one more symbol.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    int ReadCompressed(in ZstdInput input, int at, int end)
    {
        Span<short> room = stackalloc short[WeightMeanings.Length];
        var distribution = FseDistribution.Read(input, ref at, end, MaxWeightsLog, room);
        _weightTable.Build(distribution.Counts, distribution.Log, WeightMeanings);

        var bits = BackwardBits.Open(input, at, end) - (2 * distribution.Log);
        if (bits < 0) { throw input.Error("the weights of a Huffman table are cut short", at); }

        ref var stream = ref Unsafe.Add(ref MemoryMarshal.GetReference(input.Bytes), at);
        ref var entries = ref _weightTable.Entries;
        var states = BackwardBits.Peek(ref stream, bits + (2 * distribution.Log));
        var entry = Unsafe.Add(ref entries, BackwardBits.Top(states, distribution.Log));
        var other = Unsafe.Add(ref entries, BackwardBits.Top(states << distribution.Log, distribution.Log));
        var weights = _weights;

        for (var count = 0; count < MaxSymbols - 2;)
        {
            var peeked = BackwardBits.Peek(ref stream, bits);
            var stop = Math.Min(count + (BackwardBits.Guaranteed / MaxWeightsLog), MaxSymbols - 2);

            for (; count < stop; count++)
            {
                weights[count] = (byte)FseTable.BaseValue(entry);

                bits -= FseTable.NextBits(entry);
                if (bits < 0)
                {
                    weights[count + 1] = (byte)FseTable.BaseValue(other);

                    return count + 2;
                }

                var state = FseTable.NextBase(entry) + BackwardBits.Top(peeked, (int)(entry >> 8));
                peeked <<= (int)(entry >> 8);
                entry = other;
                other = Unsafe.Add(ref entries, state);
            }
        }

        throw input.Error("a Huffman table has too many weights", at);
    }

    /// <remarks>
    ///     A weight w above 0 fills 1 &lt;&lt; (w - 1) entries. The last symbol's weight is not stored: it is what
    ///     makes the sum a power of two.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Build(in ZstdInput input, int start, int count)
    {
        Span<int> counts = stackalloc int[MaxWeight + 1];
        foreach (var weight in _weights.AsSpan(0, count)) { counts[weight]++; }

        var sum = 0;
        for (var weight = 1; weight < counts.Length; weight++) { sum += counts[weight] << (weight - 1); }

        var log = BitOperations.Log2((uint)sum) + 1;
        if (sum == 0 || log > MaxLog)
        {
            throw input.Error($"a Huffman table needs codes of other than 1 to {MaxLog} bits", start);
        }

        var missing = (1 << log) - sum;
        if (!BitOperations.IsPow2(missing))
        {
            throw input.Error("the weights of a Huffman table do not add up", start);
        }

        var lastWeight = BitOperations.Log2((uint)missing) + 1;
        _weights[count] = (byte)lastWeight;
        counts[lastWeight]++;
        if (counts[1] < 2) { throw input.Error("a Huffman table has no pair of longest codes", start); }

        Fill(log, count + 1, counts);
        Log = log;
    }

    /// <summary>Codes from the longest to the shortest, and in the order of the symbols among equals.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Fill(int log, int symbols, ReadOnlySpan<int> counts)
    {
        Span<byte> sorted = stackalloc byte[MaxSymbols];
        Sort(_weights.AsSpan(0, symbols), counts, sorted);
        sorted = sorted[counts[0]..];

        var ones = _entries.AsSpan(0, 1 << log);
        var fours = MemoryMarshal.Cast<ushort, ulong>(_entries.AsSpan());
        var position = 0;
        for (var weight = 1; weight <= log; weight++)
        {
            var length = 1 << (weight - 1);
            foreach (var symbol in sorted[..counts[weight]])
            {
                var entry = (ushort)((symbol << 8) | (log + 1 - weight));
                if (length < 4)
                {
                    ones[position] = entry;
                    ones[position + length - 1] = entry;
                }
                else
                {
                    // What is before is a multiple of this length: two codes always make one that is a bit shorter.
                    fours.Slice(position / 4, length / 4).Fill(entry * 0x0001_0001_0001_0001UL);
                }

                position += length;
            }

            sorted = sorted[counts[weight]..];
        }
    }

    /// <summary>Orders symbols by their weight, those of weight 0 included.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static void Sort(ReadOnlySpan<byte> weights, ReadOnlySpan<int> counts, Span<byte> sorted)
    {
        Span<int> places = stackalloc int[MaxWeight + 1];
        for (var weight = 0; weight < MaxWeight; weight++) { places[weight + 1] = places[weight] + counts[weight]; }

        for (var symbol = 0; symbol < weights.Length; symbol++) { sorted[places[weights[symbol]]++] = (byte)symbol; }
    }
}
