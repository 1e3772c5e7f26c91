using System.Security.Cryptography;
using System.Text;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

public sealed class EventKeyTests
{
    [Fact]
    public void SameIdAndInstantAreOneKey() =>
        EventKey.FromEntry("a5ceb8fe", 1_795_291_390_480).Should().Be(EventKey.FromEntry("a5ceb8fe", 1_795_291_390_480));

    [Fact]
    public void AnotherInstantOrAnotherIdIsAnotherKey()
    {
        var key = EventKey.FromEntry("a5ceb8fe", 1_795_291_390_480);

        EventKey.FromEntry("a5ceb8fe", 1_795_291_390_481).Should().NotBe(key);
        EventKey.FromEntry("a5ceb8ff", 1_795_291_390_480).Should().NotBe(key);
    }

    [Fact]
    public void TextIsKnownByItsBytesWhetherHashedAtOnceOrInPieces()
    {
        var text = """{"type":"message"}"""u8;

        EventKey.FromTextHash(SHA256.HashData(text), 5).Should().Be(EventKey.FromText(text, 5));
        EventKey.FromText("""{"type":"message" }"""u8, 5).Should().NotBe(EventKey.FromText(text, 5));
    }

    [Fact]
    public void AnIdIsNeverMistakenForText()
    {
        var id = "raw:" + new string('x', 32);

        EventKey.FromEntry(id, 1).Should().NotBe(EventKey.FromText(Encoding.UTF8.GetBytes(id), 1));
    }

    [Fact]
    public void IdsOfAnyLengthAndScriptDiffer()
    {
        string[] ids = ["", "a", new('a', 255), new('a', 256), new('a', 257), new('a', 100_000), "ключ", "キー"];

        ids.Select(id => EventKey.FromEntry(id, 1)).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public void BytesOfAKeyBeginWithItsTime()
    {
        var bytes = new byte[EventKey.Size];

        EventKey.FromEntry("x", 0x0102_0304_0506).WriteTo(bytes);

        bytes.Should().StartWith(new byte[] { 1, 2, 3, 4, 5, 6 });
        bytes[6..].Should().Contain(b => b != 0);
    }

    [Theory]
    [InlineData(long.MinValue)]
    [InlineData(-1)]
    [InlineData(1L << 48)]
    [InlineData(long.MaxValue)]
    public void ATimeThatDoesNotFitStillGivesAKey(long ms)
    {
        var bytes = new byte[EventKey.Size];

        EventKey.FromEntry("x", ms).WriteTo(bytes);

        bytes.Should().StartWith(new byte[] { 0, 0, 0, 0, 0, 0 });
    }
}
