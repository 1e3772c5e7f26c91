using System.Numerics;
using System.Runtime.CompilerServices;

namespace TokenGovernance.Zstandard;

/// <summary>Reading of bitstreams from their last bit to their first (RFC 8878, 4.1 and 4.2).</summary>
/// <remarks>
///     A reader's position is the number of bits not read yet. Nothing is copied: eight bytes are loaded that end with
///     the byte of the next bit, so a load reaches up to <see cref="ZstdInput.Margin" /> bytes before the stream. What
///     lies there can be looked at but not used: a position below zero is an error, which the callers check.
/// </remarks>
static class BackwardBits
{
    /// <summary>How many bits <see cref="Peek" /> gives at the least.</summary>
    public const int Guaranteed = 57;

    /// <summary>Bits of the stream, without the highest set bit of its last byte, which marks the end.</summary>
    public static int Open(in ZstdInput input, int start, int end)
    {
        if (start >= end) { throw input.Error("a bitstream is empty", start); }

        var last = input[end - 1];
        if (last == 0) { throw input.Error("a bitstream has no end mark", end - 1); }

        return ((end - start) * 8) - 8 + BitOperations.Log2(last);
    }

    /// <summary>The next bits, the first of them the highest. The position must not be below zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Peek(ref byte stream, int position) =>
        Memory.ReadUInt64(ref stream, ((position + 7) >> 3) - 8) << (-position & 7);

    /// <summary>The first so many bits of what was peeked; more than zero or not.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Top(ulong bits, int count) => (uint)(bits >> 1 >> ~count);
}
