using System.Text;
using TokenGovernance.Zstandard;

namespace TokenGovernance.Tests.Zstandard;

public class XxHash64Tests
{
    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void KnownTextsHaveTheirHash(string text, ulong hash) => Hash(Encoding.ASCII.GetBytes(text)).Should().Be(hash);

    [Fact]
    public void PiecesHashLikeTheWhole()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var bytes = new byte[random.Next(300)];
            random.NextBytes(bytes);
            var pieces = new XxHash64();

            for (var at = 0; at < bytes.Length;)
            {
                var count = Math.Min(random.Next(70), bytes.Length - at);
                pieces.Append(bytes.AsSpan(at, count));
                at += count;
            }

            pieces.Digest().Should().Be(Hash(bytes), "seed {0}", seed);
        }
    }

    static ulong Hash(byte[] bytes)
    {
        var hash = new XxHash64();
        hash.Append(bytes);

        return hash.Digest();
    }
}
