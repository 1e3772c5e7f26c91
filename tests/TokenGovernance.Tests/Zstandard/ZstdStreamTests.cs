using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

public class ZstdStreamTests
{
    [Theory]
    [InlineData("jsonl-140k-3")]
    [InlineData("mixed-300k-piped-19")]
    [InlineData("skippable-frames")]
    [InlineData("two-frames")]
    [InlineData("empty-frames")]
    [InlineData("window-1k")]
    public void ReadsOfAnySizeFromASourceOfAnySizeGiveTheSame(string name)
    {
        var vector = Vector.Named(name);

        for (var seed = 0; seed < 12; seed++)
        {
            var random = new Random(seed);
            using var source = new DribblingStream(vector.Frame, seed == 0 ? () => 1 : () => random.Next(1, 4000));
            using var stream = new ZstdStream(source);
            using var output = new MemoryStream();
            var buffer = new byte[5000];

            for (var read = 1; read > 0;)
            {
                var wanted = random.Next(1, random.Next(2) == 0 ? 4 : buffer.Length);
                read = stream.Read(buffer, 0, wanted);
                output.Write(buffer, 0, read);
            }

            Vector.Hash(output.ToArray()).Should().Be(vector.Sha256, "seed {0}", seed);
            stream.Read(buffer).Should().Be(0);
        }
    }

    [Fact]
    public void BytesCanBeReadOneByOne()
    {
        using var stream = new ZstdStream(new MemoryStream(FrameBuilder.WithWindow().Raw([1, 255], isLast: true).ToBytes()));

        stream.ReadByte().Should().Be(1);
        stream.ReadByte().Should().Be(255);
        stream.ReadByte().Should().Be(-1);
    }

    [Fact]
    public async Task ItCanBeReadAsynchronously()
    {
        var vector = Vector.Named("mixed-300k-1");
        using var stream = new ZstdStream(new MemoryStream(vector.Frame));
        using var output = new MemoryStream();

        await stream.CopyToAsync(output);

        Vector.Hash(output.ToArray()).Should().Be(vector.Sha256);
    }

    [Fact]
    public void WhatCameBeforeAnErrorCanBeRead()
    {
        using var stream = new ZstdStream(new MemoryStream(FrameBuilder.WithWindow().Raw([1, 2, 3]).ToBytes()));
        var buffer = new byte[100];

        stream.Read(buffer).Should().Be(3);
        for (var i = 0; i < 2; i++)
        {
            var read = () => stream.Read(buffer);
            read.Should().Throw<ZstdException>();
        }
    }

    [Fact]
    public void MatchesReachBackAcrossTheWholeWindowAndNoFurther()
    {
        // Blocks of 1 KiB in a window of 1 KiB: the buffer is emptied to the front again and again.
        var expected = new List<byte>();
        var frame = FrameBuilder.WithWindow(0);
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var bytes = new byte[random.Next(500, 1025)];
            random.NextBytes(bytes);
            frame.Raw(bytes);
            expected.AddRange(bytes);
            if (expected.Count < 1024) { continue; }

            var sequences = FrameBuilder.RleSequences(1, 0, 10, 3, new Bits().Add(3, 10));
            frame.Compressed(FrameBuilder.RawLiterals([]), sequences);
            for (var copied = 0; copied < 6; copied++) { expected.Add(expected[^1024]); }
        }

        var source = frame.Raw([], isLast: true).ToBytes();

        Decoding.Stream(source).Should().Equal(expected);
        Decoding.Decompress(source).Should().Equal(expected);
    }

    [Fact]
    public void AFrameManyWindowsLongDoesNotDecodeToMoreThanItDeclares()
    {
        // 5001 bytes are declared, and the window has 1024.
        var frame = FrameBuilder.WithHeader(0x80, 0, 0x89, 0x13, 0, 0);
        for (var i = 0; i < 10; i++) { frame.Rle(1, 500); }

        Decoding.Stream([.. frame.ToBytes(), .. new byte[] { 3 | (1 << 3), 0, 0, 7 }]).Should().HaveCount(5001);
        var read = () => Decoding.Stream(frame.Rle(2, 2, isLast: true).ToBytes());
        read.Should().Throw<ZstdException>().WithMessage("*more bytes than it declares*");
    }

    [Fact]
    public void AWindowOverTheLimitIsRefused()
    {
        foreach (var name in new[] { "long-27", "long-27-piped" })
        {
            using var stream = new ZstdStream(new MemoryStream(Vector.Named(name).Frame), maxWindow: 1 << 23);
            var read = () => stream.ReadByte();

            read.Should().Throw<ZstdException>().WithMessage("*needs a window of*");
        }
    }

    /// <remarks>The buffer grows with what is decoded, so a frame cannot ask for much by its header alone.</remarks>
    [Fact]
    public void ALargeWindowCostsNothingUntilItIsFilled()
    {
        var source = FrameBuilder.WithWindow(17 << 3).Raw([1, 2, 3], isLast: true).ToBytes();
        var before = GC.GetAllocatedBytesForCurrentThread();

        Decoding.Stream(source).Should().Equal(1, 2, 3);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(2_000_000);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void TheSourceIsLeftOpenOnlyOnRequest(bool leaveOpen)
    {
        using var source = new MemoryStream(FrameBuilder.WithWindow().Raw([1], isLast: true).ToBytes());
        var stream = new ZstdStream(source, leaveOpen);

        stream.Dispose();

        source.CanRead.Should().Be(leaveOpen);
        stream.CanRead.Should().BeFalse();
        var read = () => stream.ReadByte();
        read.Should().Throw<ObjectDisposedException>();
    }

    [Fact]
    public void ItIsForReadingForwardOnly()
    {
        using var stream = new ZstdStream(new MemoryStream());

        (stream.CanRead, stream.CanSeek, stream.CanWrite).Should().Be((true, false, false));
        var write = () => stream.Write(new byte[1], 0, 1);
        write.Should().Throw<NotSupportedException>();
        var seek = () => stream.Seek(0, SeekOrigin.Begin);
        seek.Should().Throw<NotSupportedException>();
    }

    /// <summary>Returns at most so many bytes a read as a function says.</summary>
    sealed class DribblingStream(byte[] bytes, Func<int> most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most()));
    }
}
