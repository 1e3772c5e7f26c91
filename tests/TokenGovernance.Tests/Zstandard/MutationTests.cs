using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>Whatever is done to a frame: a clear error or bounded output, and nothing else.</summary>
public class MutationTests
{
    const int MaxBytes = 400_000;

    static readonly string[] Names =
    [
        "text-400", "text-2000", "jsonl-level-1", "jsonl-level-19", "jsonl-piped-1", "code-piped-fast=3", "binary-piped-19",
        "window-1k", "targeted-blocks", "skippable-frames", "two-frames", "mixed-300k-1", "pattern-period-7",
    ];

    public static TheoryData<string> Frames => new(Names);

    [Theory]
    [MemberData(nameof(Frames))]
    public void MutatedFramesFailClearlyOrDecodeWithinTheLimit(string name)
    {
        var original = Vector.Named(name).Frame;
        var plain = Decoding.Decompress(original);
        var hasChecksum = (original[4] & 4) != 0 && name is not ("skippable-frames" or "two-frames");
        var decoder = new ZstdDecoder();
        byte[] destination = [];
        var prefix = new byte[600];

        for (var seed = 0; seed < 1500; seed++)
        {
            var random = new Random(seed);
            var source = Mutate(original, random);
            var why = $"frame {name}, seed {seed}";

            var count = Try(() => decoder.Decompress(source, ref destination, MaxBytes), why);
            (count ?? 0).Should().BeLessThanOrEqualTo(MaxBytes, why);
            if (hasChecksum && count >= 0 && !source.AsSpan().SequenceEqual(original))
            {
                destination.AsSpan(0, count.Value).SequenceEqual(plain).Should().BeTrue(why);
            }

            var start = Try(() => decoder.DecompressPrefix(source, prefix), why);
            if (count >= 0)
            {
                start.Should().Be(Math.Min(count.Value, prefix.Length), why);
                prefix.AsSpan(0, start!.Value).SequenceEqual(destination.AsSpan(0, start.Value)).Should().BeTrue(why);
            }

            if (seed % 8 == 0) { StreamAgrees(source, destination.AsSpan(0, count ?? 0), count, why); }
        }
    }

    [Fact]
    public void RandomBlocksFailClearlyOrDecodeWithinTheLimit()
    {
        var decoder = new ZstdDecoder();
        byte[] destination = [];

        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var content = new byte[random.Next(1, 120)];
            random.NextBytes(content);

            // Half of them have a literals section that is right, so that the sequences are reached.
            byte[] block = seed % 2 == 0 ? content : [.. FrameBuilder.RawLiterals(content), (byte)random.Next(1, 4), (byte)(random.Next() & 0xFC), .. content];
            var source = FrameBuilder.WithWindow().Raw(content).Compressed(block, isLast: true).ToBytes();

            Try(() => decoder.Decompress(source, ref destination, MaxBytes), $"seed {seed}");
        }
    }

    [Theory]
    [InlineData("text-100")]
    [InlineData("jsonl-level-1")]
    [InlineData("jsonl-piped-fast=3")]
    [InlineData("code-piped-1")]
    [InlineData("noise-255")]
    [InlineData("zeros-5m-piped")]
    [InlineData("empty-frames", 13)]
    [InlineData("only-skippable")]
    public void AFrameCutShortAnywhereIsRefused(string name, int completeAt = -1)
    {
        var source = Vector.Named(name).Frame;
        var decoder = new ZstdDecoder();
        byte[] destination = [];

        for (var length = 0; length < source.Length; length++)
        {
            if (length == completeAt) { continue; }

            byte[] cut = source[..length];
            Try(() => decoder.Decompress(cut, ref destination), "").Should().BeNull("it was cut to {0}", length);
            Try(() => Decoding.Stream(cut).Length, "").Should().BeNull("it was cut to {0}", length);
        }
    }

    static void StreamAgrees(byte[] source, ReadOnlySpan<byte> expected, int? count, string why)
    {
        byte[] streamed = [];
        var read = Try(() => (streamed = ReadUpTo(MaxBytes + 1, source)).Length, why);

        if (count is null) { (read is null || read > MaxBytes).Should().BeTrue(why); }
        else { streamed.AsSpan().SequenceEqual(expected).Should().BeTrue(why); }
    }

    static byte[] ReadUpTo(int count, byte[] source)
    {
        using var stream = new ZstdStream(new MemoryStream(source));
        var bytes = new byte[count];

        return bytes[..stream.ReadAtLeast(bytes, count, throwOnEndOfStream: false)];
    }

    /// <summary>Null when the input was refused; any other exception is a failure.</summary>
    static int? Try(Func<int> decode, string why)
    {
        try
        {
            return decode();
        }
        catch (ZstdException)
        {
            return null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(why, e);
        }
    }

    static byte[] Mutate(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(1, 4); changes > 0; changes--)
        {
            var at = random.Next(2) == 0 ? random.Next(bytes.Count) : random.Next(Math.Min(bytes.Count, 80));
            switch (random.Next(6))
            {
                case 0:
                    bytes.RemoveRange(at, random.Next(1, Math.Min(9, bytes.Count - at + 1)));
                    break;
                case 1:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 2:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 3:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }

            if (bytes.Count == 0) { break; }
        }

        return [.. bytes];
    }
}
