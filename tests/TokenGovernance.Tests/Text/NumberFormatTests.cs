using System.Globalization;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Text;

/// <summary>Numbers for people: small ones keep two significant digits, unknown is a dash.</summary>
public sealed class NumberFormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData("0", "$0.0000")]
    [InlineData("1234.5", "$1,234.5000")]
    [InlineData("0.0042", "$0.0042")]
    [InlineData("0.00042", "$0.00042")]
    [InlineData("0.0000999", "$0.0001")]
    [InlineData("0.00000426", "$0.0000043")]
    [InlineData("0.000000000001", "$0.000000000001")]
    [InlineData("-0.004", "-$0.0040")]
    [InlineData("-0.00004", "-$0.00004")]
    public void Dollars(string? amount, string shown) =>
        NumberFormat.Dollars(amount is null ? null : decimal.Parse(amount, CultureInfo.InvariantCulture)).Should().Be(shown);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(-0.0, "0")]
    [InlineData(1234.567, "1,234.57")]
    [InlineData(0.5, "0.5")]
    [InlineData(0.054, "0.054")]
    [InlineData(0.0042, "0.0042")]
    [InlineData(-0.004, "-0.004")]
    [InlineData(1e-12, "0.000000000001")]
    [InlineData(4.2e-30, "4.2E-30")]
    [InlineData(double.NaN, "–")]
    public void Amounts(double amount, string shown) => NumberFormat.Amount(amount).Should().Be(shown);

    [Theory]
    [InlineData(null, "–")]
    [InlineData(80.56, "80.6 %")]
    [InlineData(12.0, "12 %")]
    [InlineData(0.04, "0.04 %")]
    [InlineData(0.0, "0 %")]
    public void Percentages(double? percent, string shown) => NumberFormat.Percentage(percent).Should().Be(shown);

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(116435, "113.7 KiB")]
    [InlineData(5L << 40, "5.0 TiB")]
    public void Bytes(long bytes, string shown) => NumberFormat.Bytes(bytes).Should().Be(shown);
}
