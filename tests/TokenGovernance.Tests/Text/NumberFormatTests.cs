using System.Globalization;
using TokenGovernance.Text;

namespace TokenGovernance.Tests.Text;

/// <summary>Numbers for people: small ones keep their significant digits, unknown is a dash.</summary>
public sealed class NumberFormatTests
{
    [Theory]
    [InlineData(null, "–")]
    [InlineData("0", "$0.00")]
    [InlineData("1234.5", "$1,234.50")]
    [InlineData("0.0042", "$0.0042")]
    [InlineData("0.00042", "$0.00042")]
    [InlineData("0.0000999", "$0.0000999")]
    [InlineData("0.00000426", "$0.00000426")]
    [InlineData("0.000000000001", "$0.000000000001")]
    [InlineData("-0.004", "-$0.004")]
    [InlineData("-0.00004", "-$0.00004")]
    [InlineData("0.61274", "$0.613")]
    [InlineData("0.5", "$0.50")]
    [InlineData("0.99961", "$1.00")]
    [InlineData("1.005", "$1.01")]
    public void Dollars(string? amount, string shown) =>
        NumberFormat.Dollars(amount is null ? null : decimal.Parse(amount, CultureInfo.InvariantCulture)).Should().Be(shown);

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9_999, "9,999")]
    [InlineData(10_000, "10.0 k")]
    [InlineData(618_347, "618.3 k")]
    [InlineData(999_949, "999.9 k")]
    [InlineData(999_950, "1.0 M")]
    [InlineData(362_712_345, "362.7 M")]
    [InlineData(1_234_567_890, "1.2 B")]
    [InlineData(long.MaxValue, "9,223,372.0 T")]
    public void Tokens(long number, string shown) => NumberFormat.Tokens(number).Should().Be(shown);

    [Theory]
    [InlineData(null, null, "–")]
    [InlineData(0.0, 5.0, "new")]
    [InlineData(5.0, 0.0, "gone")]
    [InlineData(4.0, 5.0, "+25 %")]
    [InlineData(5.0, 4.0, "-20 %")]
    [InlineData(5.0, 5.001, "0 %")]
    [InlineData(5.0, 4.999, "0 %")]
    [InlineData(1.0, 20.0, "+1,900 %")]
    public void Changes(double? before, double? now, string shown) => NumberFormat.Change(before, now).Should().Be(shown);

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
