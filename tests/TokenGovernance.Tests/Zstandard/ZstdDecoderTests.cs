using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

public class ZstdDecoderTests
{
    [Theory]
    [InlineData("jsonl-level-1")]
    [InlineData("jsonl-piped-1")]
    [InlineData("zeros-5m-piped")]
    [InlineData("mixed-300k-piped-19")]
    [InlineData("two-frames")]
    public void OutputOverTheLimitIsRefused(string name)
    {
        var vector = Vector.Named(name);
        var (frame, length) = (vector.Frame, vector.Length);

        Decoding.Decompress(frame, maxBytes: length).Should().HaveCount(length);
        foreach (var limit in new[] { length - 1, length / 2, 1, 0 })
        {
            var decode = () => Decoding.Decompress(frame, maxBytes: limit);

            decode.Should().Throw<ZstdException>().WithMessage("*limit*");
        }
    }

    [Fact]
    public void TheDestinationGrowsNoFurtherThanTheLimit()
    {
        byte[] destination = [];
        var decode = () => new ZstdDecoder().Decompress(Vector.Named("zeros-5m-piped").Frame, ref destination, maxBytes: 1 << 20);

        decode.Should().Throw<ZstdException>();
        destination.Length.Should().BeLessThan((1 << 20) + 100);
    }

    [Fact]
    public void ADeclaredSizeOverTheLimitIsRefusedAtOnce()
    {
        var frame = FrameBuilder.WithHeader(0xA0, 0xE8, 3, 0, 0).ToBytes();
        var decode = () => Decoding.Decompress(frame, maxBytes: 999);

        decode.Should().Throw<ZstdException>().WithMessage("*declares 1000 bytes, more than the 999*");
    }

    [Fact]
    public void ADeclaredSizeIsNotBelieved()
    {
        // 2 GB are declared, 3 bytes are there.
        var frame = FrameBuilder.WithHeader(0xA0, 0, 0, 0, 0x70).Raw([1, 2, 3], isLast: true).ToBytes();
        byte[] destination = [];
        var decode = () => new ZstdDecoder().Decompress(frame, ref destination);

        decode.Should().Throw<ZstdException>().WithMessage("*declares 1879048192*");
        destination.Length.Should().BeLessThan(200_000);
    }

    [Fact]
    public void AFurtherFrameAllocatesNothing()
    {
        var decoder = new ZstdDecoder();
        byte[] destination = [];
        var prefix = new byte[512];
        var frames = Vector.In(Vector.Committed).Select(vector => vector.Frame).ToArray();
        Decode();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Decode();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.Should().Be(0);

        void Decode()
        {
            foreach (var frame in frames)
            {
                decoder.Decompress(frame, ref destination);
                decoder.DecompressPrefix(frame, prefix);
            }
        }
    }

    [Fact]
    public void ADecoderIsAsNewAfterAnError()
    {
        var decoder = new ZstdDecoder();
        byte[] destination = [];
        var vector = Vector.Named("jsonl-level-3");
        var frame = vector.Frame;

        for (var length = 0; length < frame.Length; length += 7)
        {
            var decode = () => decoder.Decompress(frame.AsSpan(0, length), ref destination);
            decode.Should().Throw<ZstdException>();

            var count = decoder.Decompress(frame, ref destination);
            Vector.Hash(destination.AsSpan(0, count)).Should().Be(vector.Sha256);
        }
    }

    [Fact]
    public void APrefixNeedsNoMoreThanTheBlocksItIsIn()
    {
        var frame = FrameBuilder.WithWindow().Raw([1, 2, 3]).Rle(4, 100);
        byte[] source = [.. frame.ToBytes(), 0xFF, 0xFF];

        Decoding.Prefix(source, 5).Should().Equal(1, 2, 3, 4, 4);
        Decoding.Prefix(source, 103).Should().HaveCount(103);
        var decode = () => Decoding.Prefix(source, 104);
        decode.Should().Throw<ZstdException>().WithMessage("*ends within a block header*");
    }

    [Fact]
    public void AWindowOverTheLimitIsRefused()
    {
        byte[] destination = [];
        var frame = Vector.Named("long-27-piped").Frame;
        var decode = () => new ZstdDecoder(maxWindow: 1 << 26).Decompress(frame, ref destination);

        decode.Should().Throw<ZstdException>().WithMessage("*window of 134217728 bytes*");
    }
}
