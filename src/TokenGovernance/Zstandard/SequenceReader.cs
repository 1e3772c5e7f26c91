using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TokenGovernance.Zstandard;

/// <summary>Decodes the bitstream of a block's sequences (RFC 8878, 3.1.1.3.2.1.2 and 3.1.1.5).</summary>
ref struct SequenceReader
{
    readonly ZstdInput _input;
    readonly int _start;
    readonly FseTable _literalLengths, _offsets, _matchLengths;
    uint _literalLengthState, _offsetState, _matchLengthState;
    int _bits;

    /// <param name="start">Where the bitstream starts.</param>
    /// <param name="end">Where it ends, and the block with it.</param>
    /// <param name="count">How many sequences it holds: more than none.</param>
    public SequenceReader(
        in ZstdInput input, int start, int end, int count, SequencesSection section, RepeatedOffsets repeated)
    {
        _input = input;
        _start = start;
        _literalLengths = section.LiteralLengths;
        _offsets = section.Offsets;
        _matchLengths = section.MatchLengths;
        _bits = BackwardBits.Open(input, start, end);
        Left = count;
        Repeated = repeated;

        _literalLengthState = ReadState(_literalLengths);
        _offsetState = ReadState(_offsets);
        _matchLengthState = ReadState(_matchLengths);
    }

    /// <summary>How many sequences are still to be read.</summary>
    public int Left { get; private set; }

    public RepeatedOffsets Repeated { get; private set; }

    /// <summary>Reads the next sequences, as many as there are and there is room for.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Read(Span<Sequence> sequences)
    {
        var count = Math.Min(sequences.Length, Left);
        var isEnd = count == Left;
        ref var stream = ref Unsafe.Add(ref MemoryMarshal.GetReference(_input.Bytes), _start);
        ref var literalLengths = ref _literalLengths.Entries;
        ref var offsets = ref _offsets.Entries;
        ref var matchLengths = ref _matchLengths.Entries;
        var (first, second, third) = Repeated;
        var bits = _bits;
        var llState = _literalLengthState;
        var ofState = _offsetState;
        var mlState = _matchLengthState;

        for (var i = 0; i < count; i++)
        {
            var ll = Unsafe.Add(ref literalLengths, llState);
            var of = Unsafe.Add(ref offsets, ofState);
            var ml = Unsafe.Add(ref matchLengths, mlState);

            // The three values take 63 bits at most, the next states 26: what one load gives, nearly always.
            var peeked = BackwardBits.Peek(ref stream, bits);
            var sum = ll + of + ml;
            var isLong = FseTable.ExtraBits(sum) > BackwardBits.Guaranteed - 26;

            var offset = FseTable.BaseValue(of) + BackwardBits.Top(peeked, (int)of);
            if (isLong) { peeked = Skip(ref stream, ref bits, FseTable.ExtraBits(of)); }
            else { peeked <<= (int)of; }

            var matchLength = FseTable.BaseValue(ml) + BackwardBits.Top(peeked, (int)ml);
            peeked <<= (int)ml;
            var literalLength = FseTable.BaseValue(ll) + BackwardBits.Top(peeked, (int)ll);
            peeked <<= (int)ll;

            if (isLong) { peeked = Skip(ref stream, ref bits, FseTable.ExtraBits(ml) + FseTable.ExtraBits(ll)); }
            else { bits -= FseTable.ExtraBits(sum); }

            if (FseTable.ExtraBits(of) > 1)
            {
                (first, second, third) = (offset, first, second);
            }
            else
            {
                if (literalLength == 0) { offset++; }
                if (offset != 0)
                {
                    var chosen = offset == 1 ? second : offset == 2 ? third : first - 1;
                    if (offset != 1) { third = second; }
                    second = first;
                    first = chosen;
                }
            }

            sequences[i] = new Sequence(first, (int)literalLength, (int)matchLength);
            if (i == count - 1 && isEnd) { break; }

            llState = FseTable.NextBase(ll) + BackwardBits.Top(peeked, (int)(ll >> 8));
            peeked <<= (int)(ll >> 8);
            mlState = FseTable.NextBase(ml) + BackwardBits.Top(peeked, (int)(ml >> 8));
            peeked <<= (int)(ml >> 8);
            ofState = FseTable.NextBase(of) + BackwardBits.Top(peeked, (int)(of >> 8));
            bits -= FseTable.NextBits(sum);
            if (bits < 0) { break; }
        }

        if (bits < 0 || (isEnd && bits != 0)) { throw Inexact(); }

        (_bits, _literalLengthState, _offsetState, _matchLengthState) = (bits, llState, ofState, mlState);
        Repeated = new RepeatedOffsets(first, second, third);
        Left -= count;

        return count;
    }

    uint ReadState(FseTable table)
    {
        ref var stream = ref Unsafe.Add(ref MemoryMarshal.GetReference(_input.Bytes), _start);
        var state = BackwardBits.Top(BackwardBits.Peek(ref stream, _bits), table.Log);
        _bits -= table.Log;

        return _bits >= 0 ? state : throw Inexact();
    }

    readonly ulong Skip(ref byte stream, ref int bits, int count)
    {
        bits -= count;

        return bits >= 0 ? BackwardBits.Peek(ref stream, bits) : throw Inexact();
    }

    readonly ZstdException Inexact() => _input.Error("the sequences do not end with their bitstream", _start);
}
