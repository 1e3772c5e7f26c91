using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet;

/// <summary>A column of a table of the fleet's database.</summary>
/// <param name="Name">Its name, in the store too.</param>
/// <param name="Type">What it holds.</param>
/// <param name="IsFact">It is of the response itself: what another node says otherwise of the same response is a conflict.</param>
/// <param name="NamesPeers">It can hold phone numbers and the like, or a path.</param>
sealed record FleetColumn(string Name, FleetType Type, bool IsFact = false, bool NamesPeers = false)
{
    /// <summary>The type in SQL.</summary>
    public string SqlType => Type switch
    {
        FleetType.Text => "text",
        FleetType.Number => "bigint",
        FleetType.Real => "double precision",
        FleetType.Time => "timestamptz",
        FleetType.Flag => "boolean",
        _ => "bytea",
    };

    public override string ToString() => Name;

    /// <summary>The column of an event's column.</summary>
    public static FleetColumn Of(EventColumn column) => new(
        column.Name,
        column.Type switch
        {
            EventColumnType.Text => FleetType.Text,
            EventColumnType.Time => FleetType.Time,
            EventColumnType.Dollars => FleetType.Real,
            EventColumnType.Key => FleetType.Bytes,
            _ => FleetType.Number,
        },
        IsFact: column.Type is EventColumnType.Count or EventColumnType.Dollars && column.Origin is EventColumnOrigin.Response,
        NamesPeers: EventColumns.NamesPeers(column.Name) || EventColumns.NamesPaths(column.Name));
}

/// <summary>What a column holds.</summary>
enum FleetType
{
    Text,
    Number,
    Real,

    Time,
    Bytes,
    Flag,
}
