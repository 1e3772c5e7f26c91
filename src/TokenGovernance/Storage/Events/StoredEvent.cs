using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Events;

/// <summary>An event as it is in the store now.</summary>
/// <param name="Id">Its id: the order of storing.</param>
/// <param name="Key">What names the response.</param>
/// <param name="Values">
///     By <see cref="EventColumns.All" />: a string, a long (times are ms since 1970), a double (dollars), bytes (the key) or NULL where it is unknown.
/// </param>
sealed record StoredEvent(long Id, EventKey Key, IReadOnlyList<object?> Values)
{
    static readonly Dictionary<string, int> Indexes = EventColumns.All.Select((column, index) => (column.Name, index)).ToDictionary();

    /// <summary>The value of a column of `usage_events`.</summary>
    public object? this[string column] => Values[Indexes[column]];
}
