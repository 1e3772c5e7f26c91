using TokenGovernance.Domain;

namespace TokenGovernance.Reports;

/// <summary>What is asked for.</summary>
sealed record ReportQuery
{
    /// <summary>What rows are made of; never empty.</summary>
    public required IReadOnlyList<Dimension> By { get; init; }

    /// <summary>Which events, by the start of the call.</summary>
    public TimeRange Range { get; init; }

    /// <summary>Whose days, weeks, months and hours.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>How many rows; the rest is added up in one.</summary>
    public int? Top { get; init; }

    /// <summary>NULL: by time, then name, if a dimension is a span of time; else by cost.</summary>
    public SortBy? Sort { get; init; }
}

/// <summary>What comes first: the largest.</summary>
enum SortBy
{
    Cost,
    Tokens,
    Events,
}

/// <summary>Events whose name is one of some, or none of them.</summary>
/// <param name="Dimension">No span of time.</param>
/// <param name="Names">NULL stands for "unknown".</param>
/// <param name="IsNot">The names are those to leave out.</param>
sealed record NameFilter(Dimension Dimension, IReadOnlySet<string> Names, bool IsNot = false)
{
    /// <summary>The name that stands for "unknown": no real one is empty.</summary>
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

    /// <summary>Joins filters of one dimension: any of the names will do.</summary>
    public static IReadOnlyList<NameFilter> Join(IEnumerable<NameFilter> filters) =>
    [
        .. filters.GroupBy(filter => (filter.Dimension, filter.IsNot)).Select(same => new NameFilter(
            same.Key.Dimension, same.SelectMany(filter => filter.Names).ToHashSet(StringComparer.Ordinal), same.Key.IsNot)),
    ];
}
