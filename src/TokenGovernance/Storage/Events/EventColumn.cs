using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>A column of `usage_events`: what it holds, where its value comes from and in which table it is.</summary>
sealed class EventColumn
{
    EventColumn(string name, EventColumnType type, EventColumnOrigin origin, EventTable table)
    {
        Name = name;
        Type = type;
        Origin = origin;
        Table = table;
        StoredName = name;
    }

    public string Name { get; }

    public EventColumnType Type { get; }

    public EventColumnOrigin Origin { get; }

    public EventTable Table { get; }

    /// <summary>Its name in <see cref="Table" />, where that holds it in another form.</summary>
    public string StoredName { get; private init; }

    /// <summary>Later evidence replaces an attribution that is stored, instead of only filling one that is unknown.</summary>
    public bool IsReplaceable { get; private init; }

    /// <summary>Binds the value of an event to a parameter; NULL for a column that is not in the row of the event, or not of the response.</summary>
    public Action<RawStatement, int, UsageEvent>? Bind { get; private init; }

    /// <summary>The name that many events share; NULL for other columns.</summary>
    public Func<UsageEvent, string?>? Shared { get; private init; }

    /// <summary>The value by all that is known of the session: a string, a long or NULL. NULL for a column of the event.</summary>
    public Func<SessionRow, object?>? OfSession { get; private init; }

    /// <summary>The value as far as the session's metadata says it, without what its key implies.</summary>
    public Func<SessionRow, object?>? OfMetadata { get; private init; }

    public override string ToString() => Name;

    /// <summary>A column that the store fills by itself.</summary>
    public static EventColumn StoreColumn(string name, EventColumnType type, string? storedName = null) =>
        new(name, type, EventColumnOrigin.Store, EventTable.Facts) { StoredName = storedName ?? name };

    /// <summary>A text that many events share, in a table of its own.</summary>
    public static EventColumn SharedColumn(string name, EventTable table, Func<UsageEvent, string?> value) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Response, table) { Shared = value };

    /// <summary>The file that an event was read from.</summary>
    public static EventColumn FileColumn(string name, Func<UsageEvent, string?> value) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Place, EventTable.Files) { StoredName = "path", Shared = value };

    /// <summary>An id; see <see cref="CompactId" />.</summary>
    public static EventColumn IdentifierColumn(string name, Func<UsageEvent, string?> value) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Response, EventTable.Facts)
        {
            Bind = (statement, at, usage) => CompactId.Bind(statement, at, value(usage)),
        };

    public static EventColumn CountColumn(string name, Func<UsageEvent, long?> value, EventColumnOrigin origin = EventColumnOrigin.Response) =>
        new(name, EventColumnType.Count, origin, EventTable.Facts) { Bind = (statement, at, usage) => statement.Bind(at, value(usage)) };

    public static EventColumn DollarsColumn(string name, Func<UsageEvent, double?> value) =>
        new(name, EventColumnType.Dollars, EventColumnOrigin.Response, EventTable.Facts)
        {
            Bind = (statement, at, usage) => CompactCost.Bind(statement, at, value(usage)),
        };

    /// <param name="name">Its name.</param>
    /// <param name="storedName">The column that holds the number.</param>
    /// <param name="value">What that column holds of an event, in ms.</param>
    public static EventColumn TimeColumn(string name, string storedName, Func<UsageEvent, long?> value) =>
        new(name, EventColumnType.Time, EventColumnOrigin.Response, EventTable.Facts)
        {
            StoredName = storedName,
            Bind = (statement, at, usage) => statement.Bind(at, value(usage)),
        };

    public static EventColumn KeyColumn(string name, Func<UsageEvent, EventKey> value) =>
        new(name, EventColumnType.Key, EventColumnOrigin.Response, EventTable.Facts)
        {
            Bind = (statement, at, usage) =>
            {
                Span<byte> bytes = stackalloc byte[EventKey.Size];
                value(usage).WriteTo(bytes);
                statement.BindBlob(at, bytes);
            },
        };

    /// <summary>A column that names the session.</summary>
    public static EventColumn SessionColumn(string name, Func<SessionRow, object?> value, EventColumnType type = EventColumnType.Text) =>
        new(name, type, EventColumnOrigin.Session, EventTable.Attributions) { OfSession = value, OfMetadata = value };

    /// <summary>A column of what is known of the session, which can become better.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value for events.</param>
    /// <param name="metadata">What metadata says alone, where <paramref name="value" /> falls back on the session's key.</param>
    /// <param name="isReplaceable">See <see cref="IsReplaceable" />.</param>
    public static EventColumn AttributionColumn(
        string name, Func<SessionRow, string?> value, Func<SessionRow, string?>? metadata = null, bool isReplaceable = false) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Attribution, EventTable.Attributions)
        {
            OfSession = value,
            OfMetadata = metadata ?? value,
            IsReplaceable = isReplaceable,
        };

    public static EventColumn TriggerColumn(string name) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Trigger, EventTable.Attributions);
}

/// <summary>What a column of `usage_events` holds.</summary>
enum EventColumnType
{
    Text,

    /// <summary>UTC text to the millisecond.</summary>
    Time,

    /// <summary>A whole number that is not negative.</summary>
    Count,

    /// <summary>US dollars.</summary>
    Dollars,

    /// <summary>The 16 bytes of an <see cref="EventKey" />.</summary>
    Key,

    /// <summary>The id of a row.</summary>
    Id,
}

/// <summary>Where a column's value comes from, and so when it can change.</summary>
enum EventColumnOrigin
{
    /// <summary>The store: never changes.</summary>
    Store,

    /// <summary>The model response: never changes.</summary>
    Response,

    /// <summary>Where the response was read: changes when the event moves to its owner.</summary>
    Place,

    /// <summary>The session itself: changes when the event moves to its owner.</summary>
    Session,

    /// <summary>What is known of the session: changes with the owner, and is filled by later evidence.</summary>
    Attribution,

    /// <summary>What started the run: decided anew by <see cref="TriggerRule" /> whenever evidence arrives.</summary>
    Trigger,
}

/// <summary>The table that holds a column of `usage_events`.</summary>
enum EventTable
{
    /// <summary>`event_facts`: one row an event.</summary>
    Facts,

    /// <summary>`event_attributions`.</summary>
    Attributions,

    /// <summary>`event_models`.</summary>
    Models,

    /// <summary>`event_outcomes`.</summary>
    Outcomes,

    /// <summary>`event_files`.</summary>
    Files,

    /// <summary>`event_turns`.</summary>
    Turns,
}
