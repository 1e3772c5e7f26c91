using System.Globalization;

namespace TokenGovernance.Text;

/// <summary>Numbers as people read them. Unknown is a dash, never a zero.</summary>
static class NumberFormat
{
    public const string Unknown = "–";

    /// <summary>Beyond that many an exponent is easier to read.</summary>
    const int MaxDecimals = 15;

    static readonly char[] Ticks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    static readonly char[] Eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Count(Int128 number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Count(long? number) => number is { } known ? Count(known) : Unknown;

    /// <summary>Such as "1 response" or "17 responses".</summary>
    public static string Count(long number, string noun) => $"{Count(number)} {noun}{(number == 1 ? "" : "s")}";

    /// <summary>US dollars to the hundredth of a cent, smaller amounts to two significant digits.</summary>
    public static string Dollars(decimal? amount)
    {
        if (amount is not { } known)
        {
            return Unknown;
        }

        var digits = new string('#', Math.Max(0, DecimalsFor((double)known) - 4));

        return $"{(known < 0 ? "-" : "")}${Math.Abs(known).ToString($"#,##0.0000{digits}", CultureInfo.InvariantCulture)}";
    }

    /// <summary>An amount to two decimals, smaller ones to two significant digits; no zeros at its end.</summary>
    public static string Amount(double amount) => Rounded(amount, 2);

    /// <summary>A percentage to one decimal, smaller ones to two significant digits.</summary>
    public static string Percentage(double? percent) => percent is { } known ? $"{Rounded(known, 1)} %" : Unknown;

    public static string Percent(double? share) =>
        share is { } known ? $"{(100 * known).ToString("0.0", CultureInfo.InvariantCulture)} %" : Unknown;

    /// <summary>A whole number of bytes, such as "113.7 KiB".</summary>
    public static string Bytes(long bytes)
    {
        string[] units = ["B", "KiB", "MiB", "GiB", "TiB"];
        var (size, unit) = ((double)bytes, 0);
        while (size >= 1024 && unit < units.Length - 1)
        {
            (size, unit) = (size / 1024, unit + 1);
        }

        return $"{size.ToString(unit == 0 ? "0" : "0.0", CultureInfo.InvariantCulture)} {units[unit]}";
    }

    /// <summary>An amount to the billionth, without zeros behind it.</summary>
    public static decimal Exact(decimal amount) => Math.Round(amount, 9) / 1.000000000000000000000000000000m;

    /// <summary>The part of a whole, or NULL where there is none.</summary>
    public static double? Share(decimal? part, decimal? whole) => part is { } known && whole is > 0 ? (double)(known / whole.Value) : null;

    /// <summary>A bar of at most a number of cells, to an eighth of a cell.</summary>
    public static string Bar(double share, int cells)
    {
        var eighths = (int)Math.Round(Math.Clamp(share, 0, 1) * cells * Eighths.Length);
        var rest = eighths % Eighths.Length;

        return new string(Eighths[^1], eighths / Eighths.Length) + (rest > 0 ? Eighths[rest - 1].ToString() : "");
    }

    /// <summary>One tick for each number: the largest is full, none is a gap.</summary>
    public static string Spark(IReadOnlyList<double> numbers)
    {
        var most = numbers.DefaultIfEmpty().Max();

        return string.Concat(numbers.Select(number =>
            number > 0 ? Ticks[(int)Math.Min(Ticks.Length - 1, number / most * Ticks.Length)] : ' '));
    }

    static string Rounded(double number, int decimals)
    {
        if (number == 0 || !double.IsFinite(number))
        {
            return number == 0 ? "0" : Unknown;
        }

        var needed = Math.Max(decimals, DecimalsFor(number));

        return needed > MaxDecimals
            ? number.ToString("0.#E+0", CultureInfo.InvariantCulture)
            : number.ToString($"#,##0.{new string('#', needed)}", CultureInfo.InvariantCulture);
    }

    /// <summary>How many decimals show two significant digits of a number below 1.</summary>
    static int DecimalsFor(double number) => number == 0 ? 0 : Math.Clamp(1 - (int)Math.Floor(Math.Log10(Math.Abs(number))), 0, 28);
}
