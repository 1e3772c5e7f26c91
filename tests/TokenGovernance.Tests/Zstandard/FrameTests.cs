using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>Frames and blocks made by hand: what the zstd program seldom writes, and what nobody should.</summary>
public class FrameTests
{
    [Fact]
    public void RawAndRleBlocksDecode()
    {
        var frame = FrameBuilder.WithWindow().Raw([1, 2, 3]).Rle(7, 5).Raw([]).Rle(9, 0).Rle(8, 2, isLast: true);

        Decoding.Decompress(frame.ToBytes()).Should().Equal(1, 2, 3, 7, 7, 7, 7, 7, 8, 8);
    }

    [Fact]
    public void RawAndRleLiteralsDecode()
    {
        var frame = FrameBuilder.WithWindow()
            .Compressed([3 << 3, 1, 2, 3], FrameBuilder.NoSequences)
            .Compressed([2 << 4 | 4, 0, 4, 5], FrameBuilder.NoSequences)
            .Compressed(FrameBuilder.RawLiterals([6, 7]), FrameBuilder.NoSequences)
            .Compressed([3 << 3 | 1, 8], FrameBuilder.NoSequences)
            .Compressed([2 << 4 | 5, 0, 9], FrameBuilder.NoSequences)
            .Compressed(FrameBuilder.RleLiterals(10, 1), FrameBuilder.NoSequences, isLast: true);

        Decoding.Decompress(frame.ToBytes()).Should().Equal(1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 9, 9, 10);
    }

    [Theory]
    [InlineData(new byte[] { 0x20, 3 })]
    [InlineData(new byte[] { 0x00, 0 })]
    [InlineData(new byte[] { 0x10, 0 })]
    [InlineData(new byte[] { 0x21, 0, 3 })]
    [InlineData(new byte[] { 0x23, 0, 0, 0, 0, 3 })]
    [InlineData(new byte[] { 0xA0, 3, 0, 0, 0 })]
    [InlineData(new byte[] { 0xE0, 3, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0xC3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0 })]
    public void HeadersOfAllShapesAreRead(byte[] header)
    {
        var frame = FrameBuilder.WithHeader(header).Raw([1, 2, 3], isLast: true).ToBytes();

        Decoding.Decompress(frame).Should().Equal(1, 2, 3);
        Decoding.Stream(frame).Should().Equal(1, 2, 3);
    }

    [Fact]
    public void AContentSizeOfTwoBytesCountsFrom256() =>
        Decoding.Decompress(FrameBuilder.WithHeader(0x60, 1, 0).Rle(1, 257, isLast: true).ToBytes()).Should().HaveCount(257);

    [Theory]
    [InlineData(new byte[] { 0x28, 3 }, "*reserved bit of the frame header*")]
    [InlineData(new byte[] { 0x21, 1, 3 }, "*needs a dictionary*")]
    [InlineData(new byte[] { 0x22, 0, 1, 3 }, "*needs a dictionary*")]
    [InlineData(new byte[] { 0x20, 2 }, "*exceeds the frame's maximum of 2*")]
    [InlineData(new byte[] { 0x40, 0, 0, 0 }, "*decodes to 3 bytes but declares 256*")]
    [InlineData(new byte[] { 0x20, 4 }, "*decodes to 3 bytes but declares 4*")]
    [InlineData(new byte[] { 0x00, 0x89 }, "*needs a window of 150994944 bytes, more than the limit of 134217728*")]
    [InlineData(new byte[] { 0x00, 0xFF }, "*needs a window of 4123168604160 bytes*")]
    [InlineData(new byte[] { 0x24, 3 }, "*ends within a checksum*")]
    public void WrongHeadersAreRefused(byte[] header, string message) =>
        Refused(FrameBuilder.WithHeader(header).Raw([1, 2, 3], isLast: true).ToBytes(), message);

    [Fact]
    public void ABlockOfTheReservedTypeIsRefused() =>
        Refused(FrameBuilder.WithWindow().Raw([1]).Block(3, 1, [0], isLast: true).ToBytes(), "*reserved type (at input offset 10).");

    [Fact]
    public void ABlockIsNotLargerThanTheFrameAllows()
    {
        const string message = "*exceeds the frame's maximum of *";

        Decoding.Decompress(FrameBuilder.WithWindow(0).Rle(1, 1024, isLast: true).ToBytes()).Should().HaveCount(1024);
        Refused(FrameBuilder.WithWindow(0).Rle(1, 1025, isLast: true).ToBytes(), message);
        Refused(FrameBuilder.WithWindow(0).Raw(new byte[1025], isLast: true).ToBytes(), message);
        Refused(FrameBuilder.WithWindow(0).Compressed(new byte[1025], isLast: true).ToBytes(), message);
        Refused(FrameBuilder.WithWindow(0x60).Rle(1, (128 * 1024) + 1, isLast: true).ToBytes(), message);
        Refused(FrameBuilder.WithWindow(0).Compressed(FrameBuilder.RleLiterals(1, 1025), FrameBuilder.NoSequences, isLast: true).ToBytes(), "*maximum block size*");
    }

    [Fact]
    public void ABlockDoesNotDecodeToMoreThanTheFrameAllows()
    {
        // 1000 literals and a match of 34.
        var sequences = FrameBuilder.RleSequences(1, 9, 0, 31, new Bits());

        Refused(FrameBuilder.WithWindow(0).Compressed(FrameBuilder.RleLiterals(1, 1000), sequences, isLast: true).ToBytes(), "*more bytes than the frame's maximum block size*");
        Refused(FrameBuilder.WithContentSize(40).Compressed(FrameBuilder.RleLiterals(1, 9), sequences, isLast: true).ToBytes(), "*more bytes than it declares*");
    }

    [Fact]
    public void AFrameDoesNotDecodeToMoreThanItDeclares() =>
        Refused(FrameBuilder.WithContentSize(3).Raw([1, 2]).Raw([3, 4], isLast: true).ToBytes(), "*more bytes than it declares*");

    [Fact]
    public void AWrongChecksumIsRefused()
    {
        var frame = Vector.Named("text-1000").Frame;
        frame[^2] ^= 0x10;

        Refused(frame, "*checksum of a frame does not match*");
    }

    [Theory]
    [InlineData(new byte[] { }, "*ends within a magic number*")]
    [InlineData(new byte[] { 0x28, 0xB5 }, "*ends within a magic number*")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD }, "*ends within a frame header*")]
    [InlineData(new byte[] { 0x28, 0xB5, 0x2F, 0xFD, 0xC0 }, "*ends within a frame header*")]
    [InlineData(new byte[] { 0x27, 0xB5, 0x2F, 0xFD, 0, 0, 0 }, "*no frame starts here (at input offset 0).")]
    [InlineData(new byte[] { 0x50, 0x2A, 0x4D, 0x18, 0, 0, 0 }, "*ends within a skippable frame*")]
    [InlineData(new byte[] { 0x5F, 0x2A, 0x4D, 0x18, 2, 0, 0, 0, 1 }, "*ends within a skippable frame*")]
    [InlineData(new byte[] { 0x5F, 0x2A, 0x4D, 0x18, 255, 255, 255, 255, 1 }, "*ends within a skippable frame*")]
    [InlineData(new byte[] { 0x5F, 0x2A, 0x4D, 0x18, 0, 0, 0, 0, 1 }, "*ends within a magic number (at input offset 8).")]
    public void WhatIsNoFrameIsRefused(byte[] source, string message) => Refused(source, message);

    [Fact]
    public void WhatFollowsTheLastFrameMustBeAFrame() =>
        Refused(FrameBuilder.WithWindow().Raw([1], isLast: true).Append(1, 2, 3, 4, 5).ToBytes(), "*no frame starts here (at input offset 10).");

    static void Refused(byte[] source, string message)
    {
        foreach (var decode in new[] { () => Decoding.Decompress(source), () => Decoding.Stream(source) })
        {
            decode.Should().Throw<ZstdException>().WithMessage(message);
        }
    }
}
