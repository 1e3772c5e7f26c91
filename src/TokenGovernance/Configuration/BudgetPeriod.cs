using System.Globalization;

namespace TokenGovernance.Configuration;

/// <summary>What a limit is for: a span of the local calendar, or the last so many hours.</summary>
/// <param name="Span">Which kind.</param>
/// <param name="Hours">Of a rolling one: how long it reaches back.</param>
readonly record struct BudgetPeriod(BudgetSpan Span, int Hours = 0)
{
    public const string Forms = "hour, day, week, month, or a length such as 5h, 7d or 2w";

    const int MostHours = 24 * 366;

    public bool IsRolling => Span is BudgetSpan.Rolling;

    /// <summary>Reads a period; NULL if it is none.</summary>
    public static BudgetPeriod? Parse(string text)
    {
        if (Enum.GetValues<BudgetSpan>().Where(span => span != BudgetSpan.Rolling).Cast<BudgetSpan?>()
                .FirstOrDefault(span => text == NameOf(span!.Value)) is { } calendar)
        {
            return new BudgetPeriod(calendar);
        }

        var hours = text.Length == 0 ? 0 : text[^1] switch { 'h' => 1, 'd' => 24, 'w' => 7 * 24, _ => 0 };

        return hours > 0 && int.TryParse(text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            && count > 0 && count <= MostHours / hours
            ? new BudgetPeriod(BudgetSpan.Rolling, count * hours)
            : null;
    }

    public override string ToString() =>
        !IsRolling ? NameOf(Span)
        : Hours % 24 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{Hours / 24}d")
        : string.Create(CultureInfo.InvariantCulture, $"{Hours}h");

    static string NameOf(BudgetSpan span) => span.ToString().ToLowerInvariant();
}

/// <summary>Kinds of periods.</summary>
enum BudgetSpan
{
    Hour,
    Day,

    /// <summary>From Monday on.</summary>
    Week,
    Month,

    /// <summary>The last hours, whenever it is.</summary>
    Rolling,
}
