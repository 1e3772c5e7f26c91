using System.Globalization;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Spikes in words.</summary>
static class SpikeText
{
    /// <summary>Stands behind a day that is a spike.</summary>
    public const string Mark = "!";

    /// <summary>Such as "! 2026-11-19: $3.10, usual are $0.40 to $1.90. 93 % by agent research, 81 % by model mistral-large."</summary>
    public static string Of(Spike spike)
    {
        string Amount(double value) => spike.IsCost ? NumberFormat.Dollars((decimal)value) : NumberFormat.Tokens(value);
        var causes = string.Join(", ", spike.Causes.Select(cause =>
            $"{(100 * cause.Share).ToString("0", CultureInfo.InvariantCulture)} % by {cause.Dimension.NameOf()} {PrintableText.Of(RowNames.Short(cause.Dimension, new DimensionValue(cause.Name, null, 0)))}"));

        return $"{Mark} {spike.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)}: {Amount(spike.Value)}{(spike.IsCost ? "" : " tokens")},"
            + $" usual are {Amount(spike.UsualLow)} to {Amount(spike.UsualHigh)}.{(causes.Length > 0 ? $" {causes}." : "")}";
    }
}
