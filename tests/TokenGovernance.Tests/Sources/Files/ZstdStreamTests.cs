using System.Text;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Sources.Files;

public class ZstdStreamTests
{
    public static TheoryData<string> Folders => ZstdVector.Folders;

    [Theory]
    [MemberData(nameof(Folders))]
    public void FramesDecodeToWhatWasCompressed(string folder)
    {
        foreach (var vector in ZstdVector.In(folder))
        {
            using var stream = new ZstdStream(new MemoryStream(vector.Frame));
            using var output = new MemoryStream();
            stream.CopyTo(output);

            ZstdVector.Hash(output.ToArray()).Should().Be(vector.Sha256, vector.Name);
        }
    }

    [Theory]
    [InlineData("jsonl-140k-3")]
    [InlineData("mixed-300k-piped-19")]
    [InlineData("skippable-frames")]
    [InlineData("two-frames")]
    [InlineData("empty-frames")]
    [InlineData("window-1k")]
    public void ReadsOfAnySizeFromASourceOfAnySizeGiveTheSame(string name)
    {
        var vector = ZstdVector.Named(name);
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

            ZstdVector.Hash(output.ToArray()).Should().Be(vector.Sha256, "seed {0}", seed);
            stream.Read(buffer).Should().Be(0);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1_000)]
    [InlineData(100_000)]
    public void AllContentOfTheBlocksBeforeAnErrorIsGivenBeforeTheError(int readSize)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2_000).Select(n => $"line {n}\n")));
        var frame = RawFrame.WithoutSize(text, block: 1_000);
        const int good = 7;
        frame[6 + (good * 1_003)] = 0x07; // the eighth block has the kind that is reserved

        using var stream = new ZstdStream(new MemoryStream(frame));
        using var output = new MemoryStream();
        var buffer = new byte[readSize];
        var read = () =>
        {
            for (var count = 1; count > 0;)
            {
                count = stream.Read(buffer);
                output.Write(buffer, 0, count);
            }
        };

        read.Should().Throw<ZstdException>();
        output.ToArray().Should().Equal(text[..(good * 1_000)]);
        read.Should().Throw<ZstdException>();
    }

    [Fact]
    public void AllContentBeforeTheCutIsGivenBeforeTheError()
    {
        var vector = ZstdVector.Named("jsonl-140k-3");
        using var stream = new ZstdStream(new MemoryStream(vector.Frame[..^10]));
        using var output = new MemoryStream();

        var read = () => stream.CopyTo(output);

        read.Should().Throw<ZstdException>().WithMessage("*cut short*");
        output.Length.Should().BeGreaterThanOrEqualTo(128 * 1024);
    }

    [Fact]
    public void AnEmptySourceIsAnError()
    {
        using var stream = new ZstdStream(new MemoryStream());
        var read = () => stream.ReadByte();

        read.Should().Throw<ZstdException>();
    }

    [Fact]
    public void ATooLargeWindowIsRefused()
    {
        // A window of 256 MiB for three bytes.
        using var stream = new ZstdStream(new MemoryStream([0x28, 0xB5, 0x2F, 0xFD, 0x00, 18 << 3, (3 << 3) | 1, 0, 0, 1, 2, 3]));
        var read = () => stream.ReadByte();

        read.Should().Throw<ZstdException>();
    }

    [Fact]
    public void TheSourceStaysOpen()
    {
        using var source = new MemoryStream(RawFrame.Of("x"));
        new ZstdStream(source).Dispose();

        source.CanRead.Should().BeTrue();
    }

    /// <summary>Returns at most so many bytes a read as a function says.</summary>
    sealed class DribblingStream(byte[] bytes, Func<int> most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most()));

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(buffer.Length, most())]);
    }
}
