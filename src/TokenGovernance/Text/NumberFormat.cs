using System.Globalization;

namespace TokenGovernance.Text;

/// <summary>Numbers as people read them. Unknown is a dash, never a zero.</summary>
static class NumberFormat
{
    public const string Unknown = "–";

    static readonly char[] Ticks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    static readonly char[] Eighths = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];

    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    public static string Count(long? number) => number is { } known ? Count(known) : Unknown;

    /// <summary>Such as "1 response" or "17 responses".</summary>
    public static string Count(long number, string noun) => $"{Count(number)} {noun}{(number == 1 ? "" : "s")}";

    public static string Dollars(decimal? amount) => amount switch
    {
        null => Unknown,
        > 0 and < 0.00005m => "<$0.0001",
        { } known => $"${known.ToString("#,##0.0000", CultureInfo.InvariantCulture)}",
    };

    public static string Percent(double? share) =>
        share is { } known ? $"{(100 * known).ToString("0.0", CultureInfo.InvariantCulture)} %" : Unknown;

    /// <summary>Such as "113.7 KiB".</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} B",
        < 1024 * 1024 => $"{OneDecimal(bytes / 1024.0)} KiB",
        < 1024L * 1024 * 1024 => $"{OneDecimal(bytes / 1048576.0)} MiB",
        _ => $"{OneDecimal(bytes / 1073741824.0)} GiB",
    };

    static string OneDecimal(double number) => number.ToString("0.0", CultureInfo.InvariantCulture);

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
}
