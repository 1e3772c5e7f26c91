using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>Sequences of every shape, compared with a model that copies byte after byte.</summary>
public class SequenceTests
{
    /// <summary>Literal length codes, what they start at, and their extra bits.</summary>
    static readonly (byte Code, int Base, int Bits)[] LiteralLengths = [(0, 0, 0), (1, 1, 0), (9, 9, 0), (16, 16, 1), (22, 32, 3), (25, 64, 6)];

    static readonly (byte Code, int Base, int Bits)[] MatchLengths = [(0, 3, 0), (5, 8, 0), (31, 34, 0), (32, 35, 1), (40, 67, 4), (42, 99, 5)];

    [Fact]
    public void RandomSequencesCopyWhatTheModelCopies()
    {
        for (var seed = 0; seed < 600; seed++)
        {
            var random = new Random(seed);
            var model = new SequenceModel();
            var frame = FrameBuilder.WithWindow();
            model.Append(RandomBytes(random, 300), frame);

            for (var block = random.Next(1, 5); block > 0; block--) { AddBlock(random, model, frame); }

            var source = frame.Raw([], isLast: true).ToBytes();
            Decoding.Decompress(source).Should().Equal(model.Output, "seed {0}", seed);
            Decoding.Stream(source).Should().Equal(model.Output, "seed {0}", seed);
            var length = random.Next(model.Output.Count);
            Decoding.Prefix(source, length).Should().Equal(model.Output.Take(length), "seed {0}", seed);
        }
    }

    [Theory]
    [InlineData(0, 1, "first")]
    [InlineData(0, 0, "second")]
    public void WithoutLiteralsARepeatedOffsetIsTheOneAfter(byte offsetCode, byte literalLengthCode, string which)
    {
        // The frame begins with the repeated offsets 1, 4 and 8.
        var block = FrameBuilder.RleSequences(1, literalLengthCode, offsetCode, 0, new Bits());
        byte[] literals = literalLengthCode == 0 ? [] : [7];
        var frame = FrameBuilder.WithWindow().Raw([1, 2, 3, 4, 5, 6]).Compressed(FrameBuilder.RawLiterals(literals), block, isLast: true);

        byte[] copied = which == "first" ? [7, 7, 7, 7] : [3, 4, 5];
        Decoding.Decompress(frame.ToBytes()).Should().Equal([1, 2, 3, 4, 5, 6, .. copied]);
    }

    [Fact]
    public void AnOffsetOfZeroIsRefused()
    {
        // Without literals, value 3 means one less than the latest offset, which is 1 at first.
        var sequences = FrameBuilder.RleSequences(1, 0, 1, 0, new Bits().Add(1, 1));

        Refused(FrameBuilder.RawLiterals([]), sequences, "*reaches back further*");
    }

    [Fact]
    public void AMatchBeforeTheFrameIsRefused()
    {
        // Six bytes came before: an offset of 6 is the last that will do.
        static byte[] WithOffset(uint offset) => FrameBuilder.RleSequences(1, 0, 3, 0, new Bits().Add(offset + 3 - 8, 3));

        Decoding.Decompress(Frame(FrameBuilder.RawLiterals([]), WithOffset(6))).Should().Equal([1, 2, 3, 4, 5, 6, 1, 2, 3]);
        Refused(FrameBuilder.RawLiterals([]), WithOffset(7), "*reaches back further*");
    }

    [Fact]
    public void AMatchDoesNotReachIntoTheFrameBefore()
    {
        byte[] first = FrameBuilder.WithWindow().Raw([1, 2, 3, 4, 5, 6, 7, 8], isLast: true).ToBytes();
        byte[] second = FrameBuilder.WithWindow().Compressed(
            FrameBuilder.RawLiterals([9]), FrameBuilder.RleSequences(1, 1, 2, 0, new Bits().Add(1, 2)), isLast: true).ToBytes();

        var decode = () => Decoding.Decompress([.. first, .. second]);

        decode.Should().Throw<ZstdException>().WithMessage("*reaches back further*");
    }

    [Fact]
    public void AMatchBeforeTheWindowIsRefused()
    {
        // A window of 1 KiB, and 2 KiB in blocks of 1 KiB.
        static byte[] WithOffset(uint offset) => FrameBuilder.WithWindow(0).Rle(1, 1024).Rle(2, 1024)
            .Compressed(FrameBuilder.RawLiterals([]), FrameBuilder.RleSequences(1, 0, 10, 0, new Bits().Add(offset + 3 - 1024, 10)), isLast: true)
            .ToBytes();

        Decoding.Decompress(WithOffset(1024)).Should().HaveCount(2051);
        foreach (var decode in new[] { () => Decoding.Decompress(WithOffset(1025)), () => Decoding.Stream(WithOffset(1025)) })
        {
            decode.Should().Throw<ZstdException>().WithMessage("*reaches back further*");
        }
    }

    [Fact]
    public void SequencesTakeNoMoreLiteralsThanThereAre() =>
        Refused(FrameBuilder.RawLiterals([1, 2]), FrameBuilder.RleSequences(1, 3, 0, 0, new Bits()), "*more literals than there are*");

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void ABitstreamEndsWithTheLastSequence(int surplus) =>
        Refused(FrameBuilder.RawLiterals([1]), FrameBuilder.RleSequences(1, 1, 0, 0, new Bits().Add(0, surplus)), "*do not end with their bitstream*");

    [Fact]
    public void ABitstreamIsNotTooShort()
    {
        Refused(FrameBuilder.RawLiterals([1]), FrameBuilder.RleSequences(1, 1, 2, 0, new Bits().Add(0, 1)), "*do not end with their bitstream*");
        Refused(FrameBuilder.RawLiterals([1]), [1, 0x00, 1], "*do not end with their bitstream*");
        Refused(FrameBuilder.RawLiterals([1]), [1, 0x00], "*bitstream is empty*");
        Refused(FrameBuilder.RawLiterals([1]), [1, 0x00, 0], "*no end mark*");
    }

    /// <summary>17 + 15 + 16 extra bits in one sequence: more than one load gives.</summary>
    [Fact]
    public void LongCodesAreReadRight()
    {
        const int block = 1 << 17;
        var frame = FrameBuilder.WithWindow(9 << 3).Rle(1, block).Rle(2, block).Compressed(
            FrameBuilder.RleLiterals(9, 65_536 + 5),
            FrameBuilder.RleSequences(1, 35, 17, 51, new Bits().Add(65_636 + 3, 17).Add(99, 15).Add(5, 16)),
            isLast: true);

        byte[] expected = [.. Enumerable.Repeat((byte)9, 65_541), .. Enumerable.Repeat((byte)1, 95), .. Enumerable.Repeat((byte)2, 32_870 - 95)];
        Decoding.Decompress(frame.ToBytes())[(2 * block)..].Should().Equal(expected);
    }

    /// <summary>31 + 16 + 16 extra bits: the most there can be.</summary>
    [Fact]
    public void TheLongestCodesLeadNowhere()
    {
        var sequences = FrameBuilder.RleSequences(1, 35, 31, 52, new Bits().Add(5, 31).Add(1, 16).Add(2, 16));

        Refused(FrameBuilder.RleLiterals(1, 65_538), sequences, "*decodes to more bytes than*");
        Refused(FrameBuilder.RleLiterals(1, 65_530), sequences, "*more literals than there are*");
        Refused(FrameBuilder.RleLiterals(1, 20), FrameBuilder.RleSequences(1, 16, 31, 5, new Bits().Add(5, 31).Add(0, 1)), "*reaches back further*");
    }

    [Theory]
    [InlineData(new byte[] { 1, 0x55, 0, 0, 0, 1 }, "*reserved bits*")]
    [InlineData(new byte[] { 1, 0x54, 36, 0, 0, 1 }, "*literal length code 36 does not exist*")]
    [InlineData(new byte[] { 1, 0x54, 0, 32, 0, 1 }, "*offset code 32 does not exist*")]
    [InlineData(new byte[] { 1, 0x54, 0, 0, 53, 1 }, "*match length code 53 does not exist*")]
    [InlineData(new byte[] { 1, 0xFC, 0, 0, 0, 1 }, "*repeats a literal length table, but none came before*")]
    [InlineData(new byte[] { 1, 0x80, 0x05, 0, 0, 1 }, "*accuracy log 10, more than 9*")]
    [InlineData(new byte[] { 1, 0x20, 0x04, 0, 0, 1 }, "*accuracy log 9, more than 8*")]
    [InlineData(new byte[] { 1, 0x80, 0x00 }, "*description is cut short*")]
    [InlineData(new byte[] { 1, 0x80, 0x10, 0xFE, 0xFF, 0xFF, 0x01, 1 }, "*describes too many symbols*")]
    [InlineData(new byte[] { 1, 0x80 }, "*description is missing*")]
    [InlineData(new byte[] { 0, 0 }, "*goes on after their number*")]
    [InlineData(new byte[] { 1 }, "*ends within a sequences section header*")]
    [InlineData(new byte[] { 255, 0 }, "*ends within the number of sequences*")]
    [InlineData(new byte[] { }, "*ends within the number of sequences*")]
    public void WrongSectionsAreRefused(byte[] sequences, string message) =>
        Refused(FrameBuilder.RawLiterals([1, 2, 3]), sequences, message);

    [Fact]
    public void ATableIsRepeatedAcrossBlocksWithoutSequences()
    {
        var repeated = new byte[] { 1, 0xFC, 1 };
        var frame = FrameBuilder.WithWindow()
            .Compressed(FrameBuilder.RawLiterals([1]), FrameBuilder.RleSequences(1, 1, 0, 1, new Bits()))
            .Compressed(FrameBuilder.RawLiterals([5]), FrameBuilder.NoSequences)
            .Compressed(FrameBuilder.RawLiterals([2]), repeated, isLast: true);

        Decoding.Decompress(frame.ToBytes()).Should().Equal(1, 1, 1, 1, 1, 5, 2, 2, 2, 2, 2);
    }

    [Theory]
    [InlineData(0xC0, "literal length")]
    [InlineData(0x30, "offset")]
    [InlineData(0x0C, "match length")]
    public void ATableIsNotTakenOverFromTheFrameBefore(byte modes, string name)
    {
        var first = FrameBuilder.WithWindow()
            .Compressed(FrameBuilder.RawLiterals([1]), FrameBuilder.RleSequences(1, 1, 0, 1, new Bits()), isLast: true).ToBytes();
        var second = FrameBuilder.WithWindow().Raw([1, 2, 3])
            .Compressed(FrameBuilder.RawLiterals([1]), [1, modes, 0xFF, 0xFF, 1], isLast: true).ToBytes();

        var decode = () => Decoding.Decompress([.. first, .. second]);

        decode.Should().Throw<ZstdException>().WithMessage($"*repeats a {name} table, but none came before*");
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(0x7EFF)]
    [InlineData(0x7F00)]
    [InlineData(0x8000)]
    public void TheNumberOfSequencesHasThreeForms(int count)
    {
        var frame = FrameBuilder.WithWindow().Raw([1])
            .Compressed(FrameBuilder.RleLiterals(1, count), FrameBuilder.RleSequences(count, 1, 0, 0, new Bits()), isLast: true);

        Decoding.Decompress(frame.ToBytes(), (4 * count) + 1).Should().HaveCount((4 * count) + 1).And.OnlyContain(b => b == 1);
    }

    static void AddBlock(Random random, SequenceModel model, FrameBuilder frame)
    {
        var (llCode, llBase, llBits) = LiteralLengths[random.Next(LiteralLengths.Length)];
        var (mlCode, mlBase, mlBits) = MatchLengths[random.Next(MatchLengths.Length)];
        var ofCode = random.Next(8);
        var count = random.Next(1, 300);
        var bits = new Bits();
        var literals = new List<byte>();

        for (var i = 0; i < count; i++)
        {
            var (ofExtra, mlExtra, llExtra) = (random.Next(1 << ofCode), random.Next(1 << mlBits), random.Next(1 << llBits));

            // The model's offset of 1 less one would be none.
            if (ofCode == 1 && llCode == 0 && ofExtra == 1 && model.First == 1) { ofExtra = 0; }

            bits.Add((uint)ofExtra, ofCode).Add((uint)mlExtra, mlBits).Add((uint)llExtra, llBits);
            var taken = RandomBytes(random, llBase + llExtra);
            literals.AddRange(taken);
            model.Execute(taken, (1 << ofCode) + ofExtra, mlBase + mlExtra);
        }

        var rest = RandomBytes(random, random.Next(40));
        model.Append(rest);
        frame.Compressed(
            FrameBuilder.RawLiterals([.. literals, .. rest]), FrameBuilder.RleSequences(count, llCode, (byte)ofCode, mlCode, bits));
    }

    static byte[] RandomBytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);

        return bytes;
    }

    static byte[] Frame(byte[] literals, byte[] sequences) =>
        FrameBuilder.WithWindow().Raw([1, 2, 3, 4, 5, 6]).Compressed(literals, sequences, isLast: true).ToBytes();

    static void Refused(byte[] literals, byte[] sequences, string message)
    {
        var decode = () => Decoding.Decompress(Frame(literals, sequences));

        decode.Should().Throw<ZstdException>().WithMessage(message);
    }
}
