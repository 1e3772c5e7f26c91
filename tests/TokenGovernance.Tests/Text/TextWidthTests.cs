using TokenGovernance.Text;

namespace TokenGovernance.Tests.Text;

public class TextWidthTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("main", 4)]
    [InlineData("Grüße", 5)]
    [InlineData("e\u0301", 1)]
    [InlineData("日本語", 6)]
    [InlineData("한국", 4)]
    [InlineData("ｗｉｄｅ", 8)]
    [InlineData("🦞", 2)]
    [InlineData("–…█", 3)]
    [InlineData("a\u200Bb", 2)]
    public void TheCellsOfATextAreCounted(string text, int cells) => TextWidth.WidthOf(text).Should().Be(cells);

    [Theory]
    [InlineData("research", 8, "research")]
    [InlineData("research", 5, "rese…")]
    [InlineData("日本語", 6, "日本語")]
    [InlineData("日本語", 5, "日本…")]
    [InlineData("日本語", 4, "日…")]
    [InlineData("日本語", 1, "…")]
    public void WhatDoesNotFitEndsInAnEllipsis(string text, int cells, string fitted)
    {
        TextWidth.Fit(text, cells).Should().Be(fitted);
        TextWidth.WidthOf(TextWidth.Fit(text, cells)).Should().BeLessThanOrEqualTo(cells);
    }
}
