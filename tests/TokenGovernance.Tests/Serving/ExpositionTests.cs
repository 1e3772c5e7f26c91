using System.Text;
using TokenGovernance.Serving.Metrics;

namespace TokenGovernance.Tests.Serving;

/// <summary>Metrics as text, to the letter.</summary>
public sealed class ExpositionTests
{
    [Fact]
    public void TextHasTheWholeNameInItsHead() => Write(isOpen: false).Should().Be("""
        # HELP token_governance_tokens_total Tokens.
        # TYPE token_governance_tokens_total counter
        token_governance_tokens_total{agent="a\"b\\c\nd",job=""} 9223372036854775807
        # HELP token_governance_cost_usd_total Cost.
        # TYPE token_governance_cost_usd_total counter
        token_governance_cost_usd_total 9223372036.854775807
        # HELP token_governance_ratio Ratio.
        # TYPE token_governance_ratio gauge
        token_governance_ratio 0.1
        # HELP token_governance_build_info Build.
        # TYPE token_governance_build_info gauge
        token_governance_build_info{version="1"} 1

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void OpenMetricsNamesTheFamilySaysWhenItBeganAndEnds() => Write(isOpen: true).Should().Be("""
        # HELP token_governance_tokens Tokens.
        # TYPE token_governance_tokens counter
        token_governance_tokens_total{agent="a\"b\\c\nd",job=""} 9223372036854775807
        token_governance_tokens_created{agent="a\"b\\c\nd",job=""} 1795860000.5
        # HELP token_governance_cost_usd Cost.
        # TYPE token_governance_cost_usd counter
        token_governance_cost_usd_total 9223372036.854775807
        # HELP token_governance_ratio Ratio.
        # TYPE token_governance_ratio gauge
        token_governance_ratio 0.1
        # HELP token_governance_build Build.
        # TYPE token_governance_build info
        token_governance_build_info{version="1"} 1
        # EOF

        """.ReplaceLineEndings("\n"));

    static string Write(bool isOpen)
    {
        var to = new ExpositionWriter(isOpen);
        to.Counter("tokens", "Tokens.");
        to.Add(long.MaxValue, ("agent", "a\"b\\c\nd"), ("job", ""));
        to.Created(1_795_860_000_500, ("agent", "a\"b\\c\nd"), ("job", ""));
        to.Counter("cost_usd", "Cost.");
        to.AddDollars(long.MaxValue);
        to.Gauge("ratio", "Ratio.");
        to.Add(0.1);
        to.Info("build", "Build.", ("version", "1"));

        return Encoding.UTF8.GetString(to.Finish());
    }
}
