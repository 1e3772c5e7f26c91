using TokenGovernance.Text;

namespace TokenGovernance.Tests.Text;

/// <summary>What was probably meant by a mistyped word.</summary>
public sealed class NearestWordTests
{
    [Theory]
    [InlineData("agnts", "agents")]
    [InlineData("MODEL", "models")]
    [InlineData("sesions", "sessions")]
    [InlineData("trned", "trend")]
    [InlineData("x", null)]
    [InlineData("weather", null)]
    [InlineData("", null)]
    public void TheNearestWordIsFewEditsAway(string text, string? nearest) =>
        NearestWord.Find(text, ["agents", "models", "sessions", "trend", "x1y"]).Should().Be(nearest);
}
