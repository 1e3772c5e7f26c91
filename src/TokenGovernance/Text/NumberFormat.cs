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

    /// <summary>US dollars: in cents from one dollar on, smaller amounts to three significant digits.</summary>
    public static string Dollars(decimal? amount)
    {
        if (amount is not { } known)
        {
            return Unknown;
        }

        var size = Math.Abs(known);
        var decimals = size == 0 || Math.Round(size, 3) >= 1 ? 2 : Math.Max(2, DecimalsFor((double)size) + 1);

        return $"{(known < 0 ? "-" : "")}${size.ToString($"#,##0.00{new string('#', Math.Min(decimals, 28) - 2)}", CultureInfo.InvariantCulture)}";
    }

    /// <summary>A difference of US dollars, with its sign.</summary>
    public static string DollarsChange(decimal? amount) => amount > 0 ? $"+{Dollars(amount)}" : Dollars(amount);

    /// <summary>A number of tokens to four digits, such as "9,999", "618.3 k", "362.7 M" or "1.2 B".</summary>
    public static string Tokens(long number) => Tokens((double)number);

    /// <summary>A number of tokens to four digits; of an estimate.</summary>
    public static string Tokens(double number)
    {
        var (size, unit) = Math.Abs(number) switch
        {
            < 9_999.5 => (number, ""),
            < 999_950 => (number / 1e3, " k"),
            < 999_950_000 => (number / 1e6, " M"),
            < 999_950_000_000 => (number / 1e9, " B"),
            _ => (number / 1e12, " T"),
        };

        return size.ToString(unit.Length == 0 ? "#,##0" : "#,##0.0", CultureInfo.InvariantCulture) + unit;
    }

    /// <summary>A difference of tokens, with its sign.</summary>
    public static string TokensChange(Int128 number) => (number > 0 ? "+" : "") + Tokens((double)number);

    /// <summary>A difference of counts, with its sign.</summary>
    public static string CountChange(Int128 number) => (number > 0 ? "+" : "") + Count(number);

    /// <summary>By how much a number changed, such as "+33 %"; "new" where nothing was before, "gone" where nothing is now.</summary>
    public static string Change(double? before, double? now) => (before ?? 0, now ?? 0) switch
    {
        (0, 0) => Unknown,
        (0, _) => "new",
        (_, 0) => "gone",
        var (was, known) => Math.Round(100 * (known - was) / was) is var percent && percent > 0
            ? $"+{percent.ToString("#,##0", CultureInfo.InvariantCulture)} %"
            : $"{(percent + 0.0).ToString("#,##0", CultureInfo.InvariantCulture)} %",
    };

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
