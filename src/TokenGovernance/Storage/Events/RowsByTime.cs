using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Events;

/// <summary>The rows of a table in the order of their time: where they are is read first, piece by piece, then the rows one by one.</summary>
abstract class RowsByTime : IDisposable
{
    /// <summary>The current row; see <see cref="Find" />.</summary>
    public abstract TableRows Rows { get; }

    /// <summary>Returns where rows are, in the order of time, in pieces that memory has room for. Those without a time come first, in an open range only.</summary>
    /// <param name="range">Which.</param>
    /// <param name="isWanted">Of these only those whose time (in ms since 1970) is wanted.</param>
    public abstract IEnumerable<RowPlace[]> ReadPlaces(TimeRange range, Func<long, bool> isWanted);

    /// <summary>Goes to a row.</summary>
    public abstract void Find(long id);

    public abstract void Dispose();
}

/// <summary>Where a row is.</summary>
/// <param name="Ms">Its time in ms since 1970, or <see cref="Unknown" />.</param>
readonly record struct RowPlace(long Ms, long Id) : IComparable<RowPlace>
{
    /// <summary>No time is known; before all that are.</summary>
    public const long Unknown = long.MinValue;

    /// <summary>Times that every time zone can show: days of the years 1 to 9999, but for the first two and the last.</summary>
    public const long First = -62_135_596_800_000 + (2 * QuarterHour.DayMs), Last = 253_402_300_799_999 - (2 * QuarterHour.DayMs);

    /// <summary>The place of a row whose time may be none.</summary>
    public static RowPlace Of(long? ms, long id) => new(ms is >= First and <= Last ? ms.Value : Unknown, id);

    public int CompareTo(RowPlace other) => Ms != other.Ms ? Ms.CompareTo(other.Ms) : Id.CompareTo(other.Id);
}
