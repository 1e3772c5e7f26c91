using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Sources.Files;

/// <summary>What the zstd program compressed comes out again, and nothing else does, whatever a header says.</summary>
public sealed class ZstdDecoderTests : IDisposable
{
    const int Limit = 64 * 1024 * 1024;

    readonly ZstdDecoder _decoder = new();
    byte[] _content = [];

    public static TheoryData<string> Folders => ZstdVector.Folders;

    public void Dispose() => _decoder.Dispose();

    [Theory]
    [MemberData(nameof(Folders))]
    public void FramesDecodeToWhatWasCompressed(string folder)
    {
        foreach (var vector in ZstdVector.In(folder))
        {
            var count = _decoder.Decompress(vector.Frame, ref _content, Limit);

            count.Should().Be(vector.Length, vector.Name);
            ZstdVector.Hash(_content.AsSpan(0, count)).Should().Be(vector.Sha256, vector.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void APrefixIsTheStartOfTheWhole(string folder)
    {
        foreach (var vector in ZstdVector.In(folder))
        {
            var frame = vector.Frame;
            var count = _decoder.Decompress(frame, ref _content, Limit);
            foreach (var length in new[] { 0, 1, 17, 512, 131_072, 140_001, Math.Max(count - 1, 0), count, count + 1 })
            {
                var prefix = new byte[length];
                var filled = _decoder.DecompressPrefix(frame, prefix);

                filled.Should().Be(Math.Min(length, count), "{0}, {1}", vector.Name, length);
                prefix.AsSpan(0, filled).SequenceEqual(_content.AsSpan(0, filled)).Should().BeTrue("{0}, {1}", vector.Name, length);
            }
        }
    }

    [Theory]
    [InlineData("jsonl-level-1")]
    [InlineData("jsonl-piped-1")]
    [InlineData("zeros-5m-piped")]
    [InlineData("mixed-300k-piped-19")]
    [InlineData("two-frames")]
    public void ContentOverTheLimitIsRefusedAndNeverAllocated(string name)
    {
        var vector = ZstdVector.Named(name);

        _decoder.Decompress(vector.Frame, ref _content, vector.Length).Should().Be(vector.Length);
        foreach (var limit in new[] { vector.Length - 1, vector.Length / 2, 1, 0 })
        {
            byte[] content = [];
            var decode = () => _decoder.Decompress(vector.Frame, ref content, limit);

            decode.Should().Throw<ZstdException>().WithMessage("*limit*");
            content.Length.Should().BeLessThanOrEqualTo(limit + 1);
        }
    }

    [Fact]
    public void ADeclaredSizeIsNotBelieved()
    {
        // 50 MB are declared, 3 bytes are there.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0xA0, 0x80, 0xF0, 0xFA, 0x02, (3 << 3) | 1, 0, 0, 1, 2, 3];
        var decode = () => _decoder.Decompress(frame, ref _content, Limit);

        decode.Should().Throw<ZstdException>().WithMessage("*declares 50000000*");
        _content.Should().BeEmpty();
    }

    [Fact]
    public void ATooLargeWindowIsRefused()
    {
        // A window of 256 MiB for three bytes.
        byte[] frame = [0x28, 0xB5, 0x2F, 0xFD, 0x00, 18 << 3, (3 << 3) | 1, 0, 0, 1, 2, 3];
        var decode = () => _decoder.Decompress(frame, ref _content, Limit);

        decode.Should().Throw<ZstdException>();
        frame[5] = 17 << 3;
        _decoder.Decompress(frame, ref _content, Limit).Should().Be(3);
    }

    [Fact]
    public void AFrameThatIsCutShortIsRefusedAndTheNextIsReadAsEver()
    {
        foreach (var name in new[] { "jsonl-level-19", "jsonl-piped-1", "skippable-frames" })
        {
            var vector = ZstdVector.Named(name);
            var frame = vector.Frame;
            for (var length = 0; length < frame.Length; length += length < 40 ? 1 : 37)
            {
                // Between two frames it is whole, and shorter.
                var cut = frame[..length];
                var decode = () => _decoder.Decompress(cut, ref _content, Limit).Should().BeLessThan(vector.Length);
                try
                {
                    decode();
                }
                catch (ZstdException)
                {
                }

                var count = _decoder.Decompress(frame, ref _content, Limit);
                ZstdVector.Hash(_content.AsSpan(0, count)).Should().Be(vector.Sha256, "{0}, {1}", name, length);
            }
        }
    }

    [Fact]
    public void EveryFlippedBitOfAFrameWithAChecksumIsFound()
    {
        var vector = ZstdVector.Named("text-100");
        var frame = vector.Frame;
        for (var bit = 0; bit < frame.Length * 8; bit++)
        {
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            var isFoundOrHarmless = true;
            try
            {
                var count = _decoder.Decompress(frame, ref _content, Limit);
                isFoundOrHarmless = ZstdVector.Hash(_content.AsSpan(0, count)) == vector.Sha256;
            }
            catch (ZstdException)
            {
                // Found.
            }

            // One bit of the header means nothing.
            isFoundOrHarmless.Should().BeTrue("bit {0}", bit);
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void AWrongChecksumIsFound()
    {
        var frame = ZstdVector.Named("jsonl-level-1").Frame;
        frame[^1] ^= 1;
        var decode = () => _decoder.Decompress(frame, ref _content, Limit);

        decode.Should().Throw<ZstdException>().WithMessage("*checksum*");
    }

    [Fact]
    public void WhatLiesBehindAPrefixIsNotLookedAt()
    {
        byte[] source = [.. RawFrame.WithoutSize("abcdefgh"u8, block: 4)[..^7], 0xFF, 0xFF];
        var prefix = new byte[4];

        _decoder.DecompressPrefix(source, prefix).Should().Be(4);
        prefix.Should().Equal("abcd"u8.ToArray());
        var more = () => _decoder.DecompressPrefix(source, new byte[5]);
        more.Should().Throw<ZstdException>();
    }

    [Fact]
    public void AFurtherFrameAllocatesNothing()
    {
        var prefix = new byte[512];
        var frames = ZstdVector.In(ZstdVector.Committed).Select(vector => vector.Frame).ToArray();
        Decode();

        var before = GC.GetAllocatedBytesForCurrentThread();
        Decode();
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        allocated.Should().Be(0);

        void Decode()
        {
            foreach (var frame in frames)
            {
                _decoder.Decompress(frame, ref _content, Limit);
                _decoder.DecompressPrefix(frame, prefix);
            }
        }
    }

    /// <summary>Anything else than a <see cref="ZstdException" /> would end a daemon; the seed is in the message.</summary>
    [Fact]
    public void DamagedFramesGiveTheirContentOrAnErrorAndNothingElse()
    {
        var frames = ZstdVector.In(ZstdVector.Committed).Where(vector => vector.Length < 100_000).Select(vector => vector.Frame).ToArray();
        var (good, bad) = (0, 0);
        for (var seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            var frame = (byte[])frames[random.Next(frames.Length)].Clone();
            for (var count = random.Next(1, 4); count > 0 && frame.Length > 0; count--)
            {
                frame[random.Next(random.Next(2) == 0 ? Math.Min(frame.Length, 24) : frame.Length)] = (byte)random.Next(256);
            }

            try
            {
                _decoder.Decompress(frame, ref _content, 1 << 20);
                good++;
            }
            catch (ZstdException)
            {
                bad++;
            }

            _content.Length.Should().BeLessThanOrEqualTo((1 << 20) + 1, "seed {0}", seed);
        }

        good.Should().BePositive();
        bad.Should().BePositive();
    }
}
