using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>What a report groups by, filters by and sorts by.</summary>
sealed record ReportQuery
{
    /// <summary>Group by these; never empty.</summary>
    public required IReadOnlyList<Dimension> By { get; init; }

    /// <summary>Which events: those whose call started in it.</summary>
    public TimeRange Range { get; init; }

    /// <summary>The time zone of days, weeks, months and hours.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The time, in ms since 1970, where the report shall say what the period before came to and what this one will.</summary>
    public long? NowMs { get; init; }

    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>Also asks for the sums of the last days.</summary>
    public bool WithDays { get; init; }

    /// <summary>How many rows; the others are added up. NULL: all.</summary>
    public int? Top { get; init; }

    /// <summary>NULL: by time, then name, if a dimension is a span of time; else by cost.</summary>
    public SortBy? Sort { get; init; }
}

/// <summary>Which number rows are sorted by, largest first.</summary>
enum SortBy
{
    Cost,
    Tokens,
    Events,
}

/// <summary>A filter: events whose name is one of <paramref name="Names" />, or none of them.</summary>
/// <param name="Dimension">A dimension that is no span of time.</param>
/// <param name="Names">The names; <see cref="Unknown" /> stands for an unknown name.</param>
/// <param name="IsNot">Exclude events with these names instead.</param>
sealed record NameFilter(Dimension Dimension, IReadOnlySet<string> Names, bool IsNot = false)
{
    /// <summary>Stands for an unknown name; no real name is empty.</summary>
    public const string Unknown = "";

    public bool Accepts(string? name) => Names.Contains(name ?? Unknown) != IsNot;

    /// <summary>Reads `agent=main` or `agent!=main`; NULL if it is neither.</summary>
    public static NameFilter? Parse(string text)
    {
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1)
        {
            return null;
        }

        var isNot = text[sign - 1] == '!';

        return Dimensions.Find(text[..(isNot ? sign - 1 : sign)]) is { } dimension && !dimension.IsTime()
            ? new NameFilter(dimension, new HashSet<string>(StringComparer.Ordinal) { text[(sign + 1)..] }, isNot)
            : null;
    }

    /// <summary>Merges filters of one dimension and kind into one that accepts any of their names.</summary>
    public static IReadOnlyList<NameFilter> Join(IEnumerable<NameFilter> filters) =>
    [
        .. filters.GroupBy(filter => (filter.Dimension, filter.IsNot)).Select(same => new NameFilter(
            same.Key.Dimension, same.SelectMany(filter => filter.Names).ToHashSet(StringComparer.Ordinal), same.Key.IsNot)),
    ];
}
