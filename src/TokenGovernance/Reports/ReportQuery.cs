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

    /// <summary>
    ///     The time, in ms since 1970, where the report shall say what the period before came to and what this one will; a whole minute, so that
    ///     everything that is asked in the same minute is compared with the same span.
    /// </summary>
    public long? NowMs { get; init; }

    public IReadOnlyList<NameFilter> Where { get; init; } = [];

    /// <summary>What else to say of each row.</summary>
    public RowDetail Detail { get; init; }

    /// <summary>Show session keys as they are, with the ids of people and groups.</summary>
    public bool WithIdentifiers { get; init; }

    /// <summary>Also look for days that cost far more than is usual.</summary>
    public bool WithSpikes { get; init; }

    /// <summary>Also asks for the sums of the last days.</summary>
    public bool WithDays { get; init; }

    /// <summary>How many rows; the others are added up. NULL: all.</summary>
    public int? Top { get; init; }

    /// <summary>NULL: by time, then name, if a dimension is a span of time; else by cost.</summary>
    public SortBy? Sort { get; init; }
}

/// <summary>What a report can say of each row beside its numbers.</summary>
enum RowDetail
{
    None,

    /// <summary>Model, start and end of a session.</summary>
    Session,

    /// <summary>How often a job ran.</summary>
    Job,
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

    /// <summary>People know jobs by name; one without a name they know by its id or, as reports show it, the beginning of its id.</summary>
    public bool Accepts(string? id, string? label) =>
        (Names.Contains(id ?? Unknown) || (label is null ? IsBeginningOfJob(id) : Names.Contains(label))) != IsNot;

    /// <summary>A session is known by its key, its id, or the beginning of its id.</summary>
    public bool AcceptsSession(string? id, string? key) =>
        (Names.Contains(id ?? Unknown) || (key is not null && Names.Contains(key)) || (id is not null && Names.Any(name => IsBeginning(name, id)))) != IsNot;

    bool IsBeginningOfJob(string? id) => Dimension is Dimension.Job && Guid.TryParse(id, out _) && Names.Any(name => IsBeginning(name, id!));

    /// <summary>Short ids are shown with eight characters or more.</summary>
    static bool IsBeginning(string name, string id) => name.Length >= 8 && id.StartsWith(name, StringComparison.Ordinal);

    /// <summary>Reads `agent=main` or `agent!=main`; NULL if it is neither.</summary>
    public static NameFilter? Parse(string text)
    {
        var sign = text.IndexOf('=', StringComparison.Ordinal);
        if (sign < 1)
        {
            return null;
        }

        var isNot = text[sign - 1] == '!';

        return Dimensions.Find(text[..(isNot ? sign - 1 : sign)]) is { } dimension && dimension.CanFilter() && ValueOf(dimension, text[(sign + 1)..]) is { } value
            ? new NameFilter(dimension, new HashSet<string>(StringComparer.Ordinal) { value }, isNot)
            : null;
    }

    /// <summary>The value as rows have it, also where it is written short, as `mon`; NULL where the dimension cannot have it.</summary>
    static string? ValueOf(Dimension dimension, string text) => dimension.ValuesOf() is { } values && text.Length > 0
        ? values.FirstOrDefault(value => string.Equals(value, text, StringComparison.OrdinalIgnoreCase) || (text.Length == 3 && value.StartsWith(text, StringComparison.OrdinalIgnoreCase)))
        : text;

    /// <summary>Merges filters of one dimension and kind into one that accepts any of their names.</summary>
    public static IReadOnlyList<NameFilter> Join(IEnumerable<NameFilter> filters) =>
    [
        .. filters.GroupBy(filter => (filter.Dimension, filter.IsNot)).Select(same => new NameFilter(
            same.Key.Dimension, same.SelectMany(filter => filter.Names).ToHashSet(StringComparer.Ordinal), same.Key.IsNot)),
    ];
}
