using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>Literals in Huffman streams, with codes that the zstd program would not choose.</summary>
public class HuffmanTests
{
    [Fact]
    public void RandomCodesDecode()
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var random = new Random(seed);
            var model = HuffmanModel.Random(random, leaves: random.Next(2, 90));
            var isSingle = random.Next(2) == 0;
            var literals = random.GetItems(model.Symbols, isSingle ? random.Next(1, 600) : random.Next(6, 9000));
            var streams = isSingle ? model.Encode(literals) : model.EncodeFour(literals);
            if (isSingle && streams.Length > 900) { continue; }

            var section = FrameBuilder.HuffmanLiterals(literals.Length, [.. model.Description, .. streams], isSingle);
            var again = FrameBuilder.HuffmanLiterals(literals.Length, streams, isSingle, reusesTable: true);
            var frame = FrameBuilder.WithWindow()
                .Compressed(section, FrameBuilder.NoSequences)
                .Compressed(FrameBuilder.RleLiterals(9, 5), FrameBuilder.NoSequences)
                .Compressed(again, FrameBuilder.NoSequences, isLast: true).ToBytes();
            byte[] expected = [.. literals, 9, 9, 9, 9, 9, .. literals];

            Decoding.Decompress(frame).Should().Equal(expected, "seed {0}", seed);
            var length = random.Next(expected.Length);
            Decoding.Prefix(frame, length).Should().Equal(expected[..length], "seed {0}", seed);
        }
    }

    [Fact]
    public void TheLongestCodesHaveElevenBits()
    {
        var model = new HuffmanModel([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
        byte[] literals = [.. Enumerable.Range(0, 1200).Select(i => (byte)(i % 12))];
        var section = FrameBuilder.HuffmanLiterals(literals.Length, [.. model.Description, .. model.EncodeFour(literals)], isSingle: false);

        Decoding.Decompress(Only(section)).Should().Equal(literals);
    }

    [Fact]
    public void CodesOfTwelveBitsAreRefused()
    {
        var model = new HuffmanModel([1, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        var section = FrameBuilder.HuffmanLiterals(1, [.. model.Description, .. model.Encode([1])], isSingle: true);

        Refused(section, "*other than 1 to 11 bits*");
    }

    [Theory]
    [InlineData(new byte[] { 128, 0x00 }, "*other than 1 to 11 bits*")]
    [InlineData(new byte[] { 129, 0x31 }, "*do not add up*")]
    [InlineData(new byte[] { 128, 0x20 }, "*no pair of longest codes*")]
    [InlineData(new byte[] { 255, 0x11 }, "*ends within a Huffman table*")]
    [InlineData(new byte[] { 100, 0x11 }, "*ends within a Huffman table*")]
    [InlineData(new byte[] { 0 }, "*table description is missing*")]
    [InlineData(new byte[] { 2, 0x02, 0x00 }, "*accuracy log 7, more than 6*")]
    [InlineData(new byte[] { 1, 0x00 }, "*cut short*")]
    public void WrongTablesAreRefused(byte[] description, string message) =>
        Refused(FrameBuilder.HuffmanLiterals(1, [.. description, 1], isSingle: true), message);

    [Fact]
    public void AStreamMustEndWithItsLastLiteral()
    {
        var model = new HuffmanModel([2, 1, 1]);
        byte[] literals = [0, 1, 2, 0, 0, 1];
        var stream = model.Encode(literals);

        Refused(FrameBuilder.HuffmanLiterals(5, [.. model.Description, .. stream], isSingle: true), "*Huffman stream does not end*");
        Refused(FrameBuilder.HuffmanLiterals(7, [.. model.Description, .. stream], isSingle: true), "*Huffman stream does not end*");
        Refused(FrameBuilder.HuffmanLiterals(6, [.. model.Description, .. stream, 0], isSingle: true), "*no end mark*");
        Refused(FrameBuilder.HuffmanLiterals(6, model.Description, isSingle: true), "*bitstream is empty*");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void EachOfFourStreamsMustEndWithItsLastLiteral(int wrong)
    {
        var model = new HuffmanModel([2, 1, 1]);
        byte[] literals = [.. Enumerable.Range(0, 100).Select(i => (byte)(i % 3))];

        foreach (var change in new[] { -1, 1 })
        {
            byte[][] streams = [.. Enumerable.Range(0, 4).Select(i => model.Encode(literals.Take(i == wrong ? 25 + change : 25)))];
            byte[] content = [.. model.Description, .. FrameBuilder.FourStreams(streams)];

            Refused(FrameBuilder.HuffmanLiterals(100, content, isSingle: false), "*Huffman stream does not end*");
        }
    }

    [Fact]
    public void AJumpTableMustFitItsSection()
    {
        var model = new HuffmanModel([1, 1]);
        byte[] literals = [.. Enumerable.Repeat((byte)1, 80)];
        var streams = model.EncodeFour(literals);

        Refused(FrameBuilder.HuffmanLiterals(80, [.. model.Description, 99, .. streams[1..]], isSingle: false), "*jump table leads past*");
        Refused(FrameBuilder.HuffmanLiterals(80, [.. model.Description, .. streams[..5]], isSingle: false), "*ends within a jump table*");
        Refused(FrameBuilder.HuffmanLiterals(5, [.. model.Description, .. streams], isSingle: false), "*too few for four streams*");
    }

    [Fact]
    public void ATableIsNotTakenOverFromTheFrameBefore()
    {
        var model = new HuffmanModel([1, 1]);
        var first = FrameBuilder.HuffmanLiterals(3, [.. model.Description, .. model.Encode([0, 1, 0])], isSingle: true);
        var second = FrameBuilder.HuffmanLiterals(3, model.Encode([0, 1, 0]), isSingle: true, reusesTable: true);

        var decode = () => Decoding.Decompress([.. Only(first), .. Only(second)]);

        decode.Should().Throw<ZstdException>().WithMessage("*none came before*");
    }

    static byte[] Only(byte[] literals) =>
        FrameBuilder.WithWindow().Compressed(literals, FrameBuilder.NoSequences, isLast: true).ToBytes();

    static void Refused(byte[] literals, string message)
    {
        var decode = () => Decoding.Decompress(Only(literals));

        decode.Should().Throw<ZstdException>().WithMessage(message);
    }
}
