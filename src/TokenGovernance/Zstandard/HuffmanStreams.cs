using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Zstandard;

/// <summary>Decoding of literals from one Huffman bitstream or from four (RFC 8878, 3.1.1.3.1.6 and 4.2.2).</summary>
static class HuffmanStreams
{
    /// <summary>Codes that can be read from the bits of one load, which are 57 or more.</summary>
    const int CodesPerLoad = BackwardBits.Guaranteed / HuffmanTable.MaxLog;

    const int JumpTableSize = 6;

    /// <summary>Decodes one stream that must hold exactly the literals asked for.</summary>
    public static void DecodeOne(in ZstdInput input, int start, int end, HuffmanTable table, Span<byte> literals)
    {
        var left = Decode(input, start, BackwardBits.Open(input, start, end), table, literals);
        if (left != 0) { throw Inexact(input, start); }
    }

    /// <summary>Decodes only the first literals of one stream.</summary>
    public static void DecodeStart(in ZstdInput input, int start, int end, HuffmanTable table, Span<byte> literals) =>
        Decode(input, start, BackwardBits.Open(input, start, end), table, literals);

    /// <summary>Decodes only the first literals of four streams: only the streams that hold them.</summary>
    /// <param name="count">How many literals there are in all.</param>
    public static void DecodeStartOfFour(
        in ZstdInput input, int start, int end, HuffmanTable table, int count, Span<byte> literals)
    {
        var streams = Split(input, start, end, count);
        for (var i = 0; !literals.IsEmpty; i++)
        {
            var here = Math.Min(literals.Length, i < 3 ? streams.Segment : count - (3 * streams.Segment));
            DecodeStart(input, streams[i], streams[i + 1], table, literals[..here]);
            literals = literals[here..];
        }
    }

    /// <summary>Decodes four streams, each of a quarter of the literals, side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void DecodeFour(in ZstdInput input, int start, int end, HuffmanTable table, Span<byte> literals)
    {
        var streams = Split(input, start, end, literals.Length);
        var segment = streams.Segment;
        var lastSegment = literals.Length - (3 * segment);

        var left1 = BackwardBits.Open(input, streams.Start1, streams.Start2);
        var left2 = BackwardBits.Open(input, streams.Start2, streams.Start3);
        var left3 = BackwardBits.Open(input, streams.Start3, streams.Start4);
        var left4 = BackwardBits.Open(input, streams.Start4, end);
        nint done = 0;

        if (streams.ShortestLength >= 8 && lastSegment >= CodesPerLoad)
        {
            ref var source = ref MemoryMarshal.GetReference(input.Bytes);
            ref var entries = ref table.Entries;
            ref var out1 = ref MemoryMarshal.GetReference(literals);
            ref var out2 = ref Unsafe.Add(ref out1, segment);
            ref var out3 = ref Unsafe.Add(ref out2, segment);
            ref var out4 = ref Unsafe.Add(ref out3, segment);
            var shift = 64 - table.Log;

            // The container of a stream is the eight bytes at its place, shifted left by what is used of them. The bit
            // used to be the lowest is set: the zeros below it count what is used.
            nint at1 = streams.Start2 - 8, at2 = streams.Start3 - 8, at3 = streams.Start4 - 8, at4 = end - 8;
            var bits1 = Refill(ref source, at1, ((int)(at1 - streams.Start1) * 8) + 64 - left1);
            var bits2 = Refill(ref source, at2, ((int)(at2 - streams.Start2) * 8) + 64 - left2);
            var bits3 = Refill(ref source, at3, ((int)(at3 - streams.Start3) * 8) + 64 - left3);
            var bits4 = Refill(ref source, at4, ((int)(at4 - streams.Start4) * 8) + 64 - left4);

            for (; ; )
            {
                // A round takes at most 55 bits and so moves a place by at most 7 bytes.
                var bytes = Math.Min(
                    Math.Min(at1 - streams.Start1, at2 - streams.Start2),
                    Math.Min(at3 - streams.Start3, at4 - streams.Start4));
                var rounds = Math.Min(bytes / 7, (lastSegment - done) / CodesPerLoad);
                if (rounds == 0) { break; }

                for (var stop = done + (rounds * CodesPerLoad); done < stop; done += CodesPerLoad)
                {
                    for (var i = 0; i < CodesPerLoad; i++)
                    {
                        Step(ref bits1, ref Unsafe.Add(ref out1, done + i), ref entries, shift);
                        Step(ref bits2, ref Unsafe.Add(ref out2, done + i), ref entries, shift);
                        Step(ref bits3, ref Unsafe.Add(ref out3, done + i), ref entries, shift);
                        Step(ref bits4, ref Unsafe.Add(ref out4, done + i), ref entries, shift);
                    }

                    Advance(ref source, ref at1, ref bits1);
                    Advance(ref source, ref at2, ref bits2);
                    Advance(ref source, ref at3, ref bits3);
                    Advance(ref source, ref at4, ref bits4);
                }
            }

            left1 = Left(at1 - streams.Start1, bits1);
            left2 = Left(at2 - streams.Start2, bits2);
            left3 = Left(at3 - streams.Start3, bits3);
            left4 = Left(at4 - streams.Start4, bits4);
        }

        var from = (int)done;
        left1 = Decode(input, streams.Start1, left1, table, literals[from..segment]);
        left2 = Decode(input, streams.Start2, left2, table, literals[(segment + from)..(2 * segment)]);
        left3 = Decode(input, streams.Start3, left3, table, literals[((2 * segment) + from)..(3 * segment)]);
        left4 = Decode(input, streams.Start4, left4, table, literals[((3 * segment) + from)..]);
        if ((left1 | left2 | left3 | left4) != 0) { throw Inexact(input, start); }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static ulong Refill(ref byte source, nint at, int used) => (Memory.ReadUInt64(ref source, at) | 1) << used;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Step(ref ulong bits, ref byte literal, ref ushort entries, int shift)
    {
        uint entry = Unsafe.Add(ref entries, (nint)(bits >> shift));
        bits <<= (int)entry;
        literal = (byte)(entry >> 8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    static void Advance(ref byte source, ref nint at, ref ulong bits)
    {
        var used = BitOperations.TrailingZeroCount(bits);
        at -= used >> 3;
        bits = Refill(ref source, at, used & 7);
    }

    static int Left(nint distance, ulong bits) => ((int)distance * 8) + 64 - BitOperations.TrailingZeroCount(bits);

    /// <summary>Decodes as many literals as there is room for.</summary>
    /// <returns>The bits that are left of the stream.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Decode(in ZstdInput input, int start, int left, HuffmanTable table, Span<byte> literals)
    {
        ref var stream = ref Unsafe.Add(ref MemoryMarshal.GetReference(input.Bytes), start);
        ref var entries = ref table.Entries;
        ref var output = ref MemoryMarshal.GetReference(literals);
        var shift = 64 - table.Log;
        nint done = 0;

        for (; done <= literals.Length - CodesPerLoad && left >= 0; done += CodesPerLoad)
        {
            var bits = BackwardBits.Peek(ref stream, left);
            for (var i = 0; i < CodesPerLoad; i++)
            {
                uint entry = Unsafe.Add(ref entries, (nint)(bits >> shift));
                bits <<= (int)entry;
                left -= (byte)entry;
                Unsafe.Add(ref output, done + i) = (byte)(entry >> 8);
            }
        }

        for (; done < literals.Length && left >= 0; done++)
        {
            uint entry = Unsafe.Add(ref entries, (nint)(BackwardBits.Peek(ref stream, left) >> shift));
            left -= (byte)entry;
            Unsafe.Add(ref output, done) = (byte)(entry >> 8);
        }

        return left >= 0 ? left : throw Inexact(input, start);
    }

    static FourStreams Split(in ZstdInput input, int start, int end, int literals)
    {
        input.Require(start, JumpTableSize, end, "a jump table");

        var start1 = start + JumpTableSize;
        var start2 = start1 + input.UInt16At(start);
        var start3 = start2 + input.UInt16At(start + 2);
        var start4 = start3 + input.UInt16At(start + 4);
        var segment = (literals + 3) / 4;
        if (start4 > end) { throw input.Error("a jump table leads past its section", start); }
        if (3 * segment > literals) { throw input.Error($"{literals} literals are too few for four streams", start); }

        return new FourStreams(start1, start2, start3, start4, end, segment);
    }

    static ZstdException Inexact(in ZstdInput input, int start) =>
        input.Error("a Huffman stream does not end with its last literal", start);

    /// <summary>Where the streams lie, and how many literals each but the last one holds.</summary>
    readonly record struct FourStreams(int Start1, int Start2, int Start3, int Start4, int End, int Segment)
    {
        public int ShortestLength =>
            Math.Min(Math.Min(Start2 - Start1, Start3 - Start2), Math.Min(Start4 - Start3, End - Start4));

        public int this[int stream] => stream switch { 0 => Start1, 1 => Start2, 2 => Start3, 3 => Start4, _ => End };
    }
}
