using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace TokenGovernance.Zstandard;

/// <summary>Turns sequences and literals into the bytes of a block (RFC 8878, 3.1.1.4).</summary>
static class SequenceExecutor
{
    /// <summary>For each distance below 16: where each of the next 16 bytes comes from.</summary>
    static ReadOnlySpan<byte> Patterns =>
    [
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1,
        0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2, 0,
        0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0, 1, 2, 3, 4, 0,
        0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 0, 1, 2, 3, 4, 5, 6, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 0, 1, 2, 3, 4,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0, 1, 2,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 0, 1,
        0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 0,
    ];

    /// <summary>Executes sequences in their order.</summary>
    /// <param name="literals">The block's literals, and <see cref="BlockOutput.Slack" /> bytes that are none.</param>
    /// <param name="literalsUsed">How many of them earlier sequences took.</param>
    /// <param name="at">Where the block lies in the input, for messages.</param>
    /// <returns>How many literals are used now.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static int Execute(
        ReadOnlySpan<Sequence> sequences, ReadOnlySpan<byte> literals, int literalsUsed, ref BlockOutput output,
        in ZstdInput input, int at)
    {
        ref var from = ref MemoryMarshal.GetReference(literals);
        ref var to = ref MemoryMarshal.GetReference(output.Buffer);
        nint literal = literalsUsed;
        nint position = output.Position;
        nint literalsEnd = literals.Length - BlockOutput.Slack;
        nint limit = output.Limit;
        nint historyStart = output.HistoryStart;
        nint window = output.WindowSize;

        foreach (ref readonly var sequence in sequences)
        {
            nint literalLength = sequence.LiteralLength;
            nint matchLength = sequence.MatchLength;
            var offset = (nint)sequence.Offset;
            var match = position + literalLength;
            var end = match + matchLength;

            if (end > limit || literal + literalLength > literalsEnd)
            {
                output.Position = (int)position;

                return ExecuteLast(sequence, literals, (int)literal, ref output, input, at);
            }

            // An offset of 0 becomes a very large one.
            if ((nuint)(offset - 1) >= (nuint)Math.Min(match - historyStart, window)) { throw OffsetError(input, at); }

            Memory.Copy16(ref from, literal, ref to, position);
            if (literalLength > 16) { CopyOn(ref from, literal, ref to, position, literalLength); }
            literal += literalLength;

            if (offset >= 16)
            {
                Memory.Copy32(ref to, match - offset, ref to, match);
                if (matchLength > 32) { CopyOn(ref to, match - offset, ref to, match, matchLength); }
            }
            else
            {
                Repeat(ref to, match, offset, end);
            }

            position = end;
        }

        output.Position = (int)position;

        return (int)literal;
    }

    /// <summary>Copies all but the first 16 bytes, in steps of 16, and up to 15 bytes more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void CopyOn(ref byte from, nint fromAt, ref byte to, nint toAt, nint count)
    {
        for (nint i = 16; i < count; i += 16) { Memory.Copy16(ref from, fromAt + i, ref to, toAt + i); }
    }

    /// <summary>Continues a pattern shorter than a vector: what is copied is being written.</summary>
    static void Repeat(ref byte to, nint position, nint offset, nint end)
    {
        var indices = Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(Patterns), (nuint)offset * 16);
        var pattern = Vector128.ShuffleNative(Vector128.LoadUnsafe(ref to, (nuint)(position - offset)), indices);
        var whole = 16 - (16 % offset);

        for (; position < end; position += whole) { pattern.StoreUnsafe(ref to, (nuint)position); }
    }

    /// <summary>Executes what fits of a sequence if the output is cut there; otherwise says what is wrong.</summary>
    static int ExecuteLast(
        in Sequence sequence, ReadOnlySpan<byte> literals, int literalsUsed, ref BlockOutput output,
        in ZstdInput input, int at)
    {
        if (literalsUsed + Math.Min(sequence.LiteralLength, output.Room) > literals.Length - BlockOutput.Slack)
        {
            throw input.Error("a sequence takes more literals than there are", at);
        }

        var count = output.Fit(sequence.LiteralLength, input, at);
        literals.Slice(literalsUsed, count).CopyTo(output.Buffer[output.Position..]);
        output.Position += count;
        if (output.IsComplete) { return literalsUsed; }

        count = output.Fit(sequence.MatchLength, input, at);
        var history = (uint)Math.Min(output.Position - output.HistoryStart, output.WindowSize);
        if (sequence.Offset - 1 >= history) { throw OffsetError(input, at); }

        for (; count > 0; count--)
        {
            output.Buffer[output.Position] = output.Buffer[output.Position - (int)sequence.Offset];
            output.Position++;
        }

        return literalsUsed;
    }

    static ZstdException OffsetError(in ZstdInput input, int at) =>
        input.Error("a match reaches back further than the window or the start of the frame", at);
}
