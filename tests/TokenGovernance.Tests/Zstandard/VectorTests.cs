using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

/// <summary>What the zstd program compressed must come out again, whichever way it is decoded.</summary>
public class VectorTests
{
    public static TheoryData<string> Folders => new(Vector.Folders);

    [Theory]
    [MemberData(nameof(Folders))]
    public void FramesDecodeToWhatWasCompressed(string folder)
    {
        var decoder = new ZstdDecoder();
        byte[] destination = [];

        foreach (var vector in Vector.In(folder))
        {
            var count = decoder.Decompress(vector.Frame, ref destination);

            count.Should().Be(vector.Length, vector.Name);
            Vector.Hash(destination.AsSpan(0, count)).Should().Be(vector.Sha256, vector.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void FramesDecodeToTheSameAsAStream(string folder)
    {
        foreach (var vector in Vector.In(folder))
        {
            var output = Decoding.Stream(vector.Frame);

            Vector.Hash(output).Should().Be(vector.Sha256, vector.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void APrefixIsTheStartOfTheWhole(string folder)
    {
        var decoder = new ZstdDecoder();
        byte[] whole = [];

        foreach (var vector in Vector.In(folder))
        {
            var frame = vector.Frame;
            var count = decoder.Decompress(frame, ref whole);

            foreach (var length in new[] { 0, 1, 3, 17, 100, 512, 513, 4096, 131072, 140_001, count - 1, count, count + 1 })
            {
                var prefix = new byte[Math.Max(length, 0)];
                var filled = decoder.DecompressPrefix(frame, prefix);

                filled.Should().Be(Math.Min(prefix.Length, count), "{0}, {1}", vector.Name, length);
                prefix.AsSpan(0, filled).SequenceEqual(whole.AsSpan(0, filled)).Should().BeTrue("{0}, {1}", vector.Name, length);
            }
        }
    }

    [Fact]
    public void ThereAreManyVectors() => Vector.In(Vector.Committed).Should().HaveCountGreaterThan(100);
}
