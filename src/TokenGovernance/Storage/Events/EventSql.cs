using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>The statements that write whole events, made from <see cref="EventColumns" />, and the values of their parameters.</summary>
static class EventSql
{
    static readonly IReadOnlyList<EventColumn> OfSession = [.. EventColumns.All.Where(column => column.OfSession is not null)];
    static readonly IReadOnlyList<EventColumn> Attributions = [.. OfSession.Where(column => column.Origin is EventColumnOrigin.Attribution)];

    /// <summary>The columns of <see cref="Insert" />, one a parameter, in order.</summary>
    public static IReadOnlyList<EventColumn> Inserted { get; } = [.. EventColumns.All.Where(column => column.Name != "id")];

    /// <summary>Inserts an event unless its key is there.</summary>
    public static string Insert { get; } = $"""
        INSERT INTO usage_events ({EventColumns.Names(Inserted)})
        VALUES ({string.Join(", ", Inserted.Select(_ => "?"))})
        ON CONFLICT (event_key) DO NOTHING
        """;

    /// <summary>Gives an event to another session. Values: <see cref="MoveValues" />.</summary>
    public static string Move { get; } = $"""
        UPDATE usage_events SET {Assign(OfSession, first: 1, (_, value) => value)},
          {Assign(["trigger", "source_file", "source_line_no"], first: OfSession.Count + 1, (_, value) => value)}
        WHERE id = $p0
        """;

    /// <summary>Fills in the events of a session what was unknown. Values: <see cref="FillValues" />.</summary>
    public static string Fill { get; } = $"""
        UPDATE usage_events SET {Assign(Attributions, first: 1, FillOne)}
        WHERE session_ref = $p0 AND ({string.Join(" OR ", Attributions.Select((column, i) => IsFilled(column, $"$p{i + 1}")))})
        """;

    /// <summary>
    ///     Attributes an event that takes the place of an imported one (`o`, $p1): what is said of the session now wins; then what was
    ///     when the event was collected; last what the session's key implies. Values: <see cref="AttributeValues" />.
    /// </summary>
    public static string Attribute { get; } = $"""
        UPDATE usage_events AS e SET
          {Assign(OfSession, first: 2, (column, value) => column.Origin is EventColumnOrigin.Session ? value : $"coalesce({value}, o.{column}, {Implied(column)})")},
          {Assign(["trigger", "source_file", "source_line_no"], first: OfSession.Count + 2, (name, value) => $"coalesce({value}, o.{name})")}
        FROM usage_events AS o WHERE o.id = $p1 AND e.id = $p0
        """;

    public static object?[] MoveValues(long eventId, SessionRow to, string? trigger, string? file, long? line) =>
        [eventId, .. OfSession.Select(column => column.OfSession!(to)), trigger, file, line];

    public static object?[] FillValues(SessionRow row) => [row.Id, .. Attributions.Select(column => column.OfSession!(row))];

    /// <param name="eventId">The event.</param>
    /// <param name="importedId">The imported event whose place it takes; may be the event itself.</param>
    /// <param name="row">The session it belongs to.</param>
    /// <param name="trigger">What started its run.</param>
    /// <param name="file">Where it was read; NULL leaves what is stored.</param>
    /// <param name="line">The line there.</param>
    public static object?[] AttributeValues(long eventId, long importedId, SessionRow row, string? trigger, string? file, long? line) =>
    [
        eventId, importedId, .. OfSession.Select(column => (column.OfMetadata ?? column.OfSession)!(row)), trigger, file, line,
        .. Attributions.Select(column => column.OfSession!(row)),
    ];

    static string Assign<T>(IEnumerable<T> columns, int first, Func<T, string, string> value) =>
        string.Join(", ", columns.Select((column, i) => $"{column} = {value(column, $"$p{first + i}")}"));

    static string FillOne(EventColumn column, string value) =>
        column.IsReplaceable ? $"coalesce({value}, {column})" : $"coalesce({column}, {value})";

    static string IsFilled(EventColumn column, string value) => column.IsReplaceable
        ? $"({value} IS NOT NULL AND {column} IS NOT {value})"
        : $"({column} IS NULL AND {value} IS NOT NULL)";

    static string Implied(EventColumn column) => $"$p{OfSession.Count + 5 + Attributions.ToList().IndexOf(column)}";
}
