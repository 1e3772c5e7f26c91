using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>A column of `usage_events`: what it holds and where its value comes from.</summary>
sealed class EventColumn
{
    EventColumn(string name, EventColumnType type, EventColumnOrigin origin)
    {
        Name = name;
        Type = type;
        Origin = origin;
    }

    public string Name { get; }

    public EventColumnType Type { get; }

    public EventColumnOrigin Origin { get; }

    /// <summary>Later evidence replaces an attribution that is stored, instead of only filling one that is unknown.</summary>
    public bool IsReplaceable { get; private init; }

    /// <summary>Binds the value of an event to a parameter; NULL for a column whose value the event does not hold.</summary>
    public Action<RawStatement, int, UsageEvent>? Bind { get; private init; }

    /// <summary>The value by all that is known of the session: a string, a long or NULL. NULL for a column of the event.</summary>
    public Func<SessionRow, object?>? OfSession { get; private init; }

    /// <summary>The value as far as the session's metadata says it, without what its key implies.</summary>
    public Func<SessionRow, object?>? OfMetadata { get; private init; }

    public override string ToString() => Name;

    /// <summary>A column that the store fills by itself.</summary>
    public static EventColumn StoreColumn(string name, EventColumnType type) => new(name, type, EventColumnOrigin.Store);

    public static EventColumn TextColumn(string name, Func<UsageEvent, string?> value, EventColumnOrigin origin = EventColumnOrigin.Response) =>
        new(name, EventColumnType.Text, origin) { Bind = (statement, at, usage) => statement.Bind(at, value(usage)) };

    public static EventColumn CountColumn(string name, Func<UsageEvent, long?> value, EventColumnOrigin origin = EventColumnOrigin.Response) =>
        new(name, EventColumnType.Count, origin) { Bind = (statement, at, usage) => statement.Bind(at, value(usage)) };

    public static EventColumn DollarsColumn(string name, Func<UsageEvent, double?> value) =>
        new(name, EventColumnType.Dollars, EventColumnOrigin.Response) { Bind = (statement, at, usage) => statement.Bind(at, value(usage)) };

    public static EventColumn TimeColumn(string name, Func<UsageEvent, long?> value) => new(name, EventColumnType.Time, EventColumnOrigin.Response)
    {
        Bind = (statement, at, usage) =>
        {
            if (value(usage) is { } ms)
            {
                Span<byte> text = stackalloc byte[UtcTime.TextLength];
                UtcTime.Write(ms, text);
                statement.BindText(at, text);
            }
            else
            {
                statement.BindNull(at);
            }
        },
    };

    public static EventColumn KeyColumn(string name, Func<UsageEvent, EventKey> value) => new(name, EventColumnType.Key, EventColumnOrigin.Response)
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
        new(name, type, EventColumnOrigin.Session) { OfSession = value };

    /// <summary>A column of what is known of the session, which can become better.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="value">Its value for events.</param>
    /// <param name="metadata">What metadata says alone, where <paramref name="value" /> falls back on the session's key.</param>
    /// <param name="isReplaceable">See <see cref="IsReplaceable" />.</param>
    public static EventColumn AttributionColumn(
        string name, Func<SessionRow, string?> value, Func<SessionRow, string?>? metadata = null, bool isReplaceable = false) =>
        new(name, EventColumnType.Text, EventColumnOrigin.Attribution)
        {
            OfSession = value,
            OfMetadata = metadata ?? value,
            IsReplaceable = isReplaceable,
        };

    public static EventColumn TriggerColumn(string name) => new(name, EventColumnType.Text, EventColumnOrigin.Trigger);
}

/// <summary>What a column holds.</summary>
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
