using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Zstandard;

/// <summary>A decoding table of finite state entropy (RFC 8878, 4.1).</summary>
/// <remarks>
///     An entry is one number, so that one load brings all there is to know of a state. From the lowest bit: 8 bits
///     "extra bits of the symbol's value", 8 bits "bits of the next state", 16 bits "the next state's base", 32 bits
///     "the value's base".
/// </remarks>
sealed class FseTable(int maxLog)
{
    const int MaxSymbols = 64;

    readonly ulong[] _entries = new ulong[1 << maxLog];
    readonly byte[] _symbols = new byte[1 << maxLog];
    readonly byte[] _list = new byte[(1 << maxLog) + 8];

    public int Log { get; private set; }

    /// <summary>The first entry of 1 &lt;&lt; Log; no entry leads to a state outside of them.</summary>
    public ref ulong Entries => ref _entries[0];

    /// <summary>What an entry knows of its symbol.</summary>
    public static ulong Meaning(uint baseValue, int extraBits) => ((ulong)baseValue << 32) | (byte)extraBits;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint BaseValue(ulong entry) => (uint)(entry >> 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ExtraBits(ulong entry) => (byte)entry;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NextBits(ulong entry) => (byte)(entry >> 8);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NextBase(ulong entry) => (ushort)(entry >> 16);

    /// <summary>Becomes a table of one state, which stays.</summary>
    public void SetSingle(ulong meaning)
    {
        Log = 0;
        _entries[0] = meaning;
    }

    /// <summary>Becomes the table of a distribution.</summary>
    /// <param name="counts">Their absolute sum is 1 &lt;&lt; log.</param>
    /// <param name="meanings">One for each symbol; there are not more counts.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Build(ReadOnlySpan<short> counts, int log, ReadOnlySpan<ulong> meanings)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(log, maxLog);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counts.Length, MaxSymbols);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(counts.Length, meanings.Length);

        Log = log;
        Span<ushort> next = stackalloc ushort[MaxSymbols];
        Spread(counts, 1 << log, next);

        // All states have a symbol of those counted now: the lengths above make sure of the three arrays.
        ref var reaches = ref MemoryMarshal.GetReference(next);
        ref var meaning = ref MemoryMarshal.GetReference(meanings);
        var entries = _entries.AsSpan(0, 1 << log);
        var symbols = _symbols.AsSpan(0, entries.Length);

        for (var state = 0; state < symbols.Length; state++)
        {
            nint symbol = symbols[state];
            uint reach = Unsafe.Add(ref reaches, symbol)++;
            var bits = log - BitOperations.Log2(reach);
            var nextBase = (reach << bits) - (uint)entries.Length;
            entries[state] = Unsafe.Add(ref meaning, symbol) | ((ulong)bits << 8) | ((ulong)nextBase << 16);
        }
    }

    /// <summary>Gives each state its symbol, and each symbol the number of its states.</summary>
    /// <remarks>Symbols rarer than one state take the last ones; the others are strewn over what is left.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    void Spread(ReadOnlySpan<short> counts, int size, Span<ushort> next)
    {
        var symbols = _symbols.AsSpan(0, size);
        var last = size - 1;
        var listed = 0;

        for (var symbol = 0; symbol < counts.Length; symbol++)
        {
            int count = counts[symbol];
            next[symbol] = (ushort)Math.Abs(count);
            if (count < 0)
            {
                symbols[last--] = (byte)symbol;
                continue;
            }

            // Most counts are small, and writing too much does no harm: the next symbol corrects it.
            var run = (ulong)symbol * 0x0101_0101_0101_0101UL;
            var place = _list.AsSpan(listed);
            BinaryPrimitives.WriteUInt64LittleEndian(place, run);
            for (var i = 8; i < count; i += 8) { BinaryPrimitives.WriteUInt64LittleEndian(place[i..], run); }

            listed += count;
        }

        ArgumentOutOfRangeException.ThrowIfNotEqual(listed, last + 1);

        var step = (size >> 1) + (size >> 3) + 3;
        var mask = size - 1;
        var state = 0;

        foreach (var symbol in _list.AsSpan(0, listed))
        {
            symbols[state] = symbol;
            do { state = (state + step) & mask; } while (state > last);
        }
    }
}
