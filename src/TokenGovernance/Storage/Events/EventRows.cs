using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Events;

/// <summary>Rows of `usage_events` by the order of their ids, without the view: what events share is read and decoded once.</summary>
sealed class EventRows : TableRows
{
    /// <summary>Longest text that is made of a number: a UUID.</summary>
    const int MaxMade = 36;

    static readonly IReadOnlyList<string> Names = [.. EventColumns.All.Select(column => column.Name)];
    static readonly IReadOnlyList<EventColumnType> TypesOfColumns = [.. EventColumns.All.Select(column => column.Type)];
    static readonly IReadOnlyList<EventColumn> OfFacts = EventColumns.Of(EventTable.Facts);
    static readonly (EventTable Table, string Reference)[] References =
    [
        (EventTable.Attributions, "attribution_id"), (EventTable.Models, "model_id"), (EventTable.Outcomes, "outcome_id"), (EventTable.Files, "file_id"),
        (EventTable.Turns, "turn_ref"),
    ];

    /// <summary>For each column of the view where its value is: which of the references leads there (-1: none), and the place in that row.</summary>
    static readonly (int Reference, int Index, EventColumnType Type)[] Places =
    [
        .. EventColumns.All.Select(column => (
            Array.FindIndex(References, reference => reference.Table == column.Table),
            EventColumns.Of(column.Table).ToList().IndexOf(column),
            column.Type)),
    ];

    static readonly string SelectFacts =
        $"SELECT {string.Join(", ", OfFacts.Select(column => $"e.{column.StoredName}"))}, {string.Join(", ", References.Select(r => $"e.{r.Reference}"))} FROM event_facts AS e";

    static readonly int IdIndex = Place("id"), KeyIndex = Place("event_key"), EventTimeIndex = Place("event_ts");

    /// <summary>Stepping over so few events is cheaper than looking one up.</summary>
    const int Near = 8;

    const string FromId = "e.id >= ?1";

    readonly SqliteRows _rows;
    readonly SharedRows[] _shared;
    readonly SharedRow[] _current = new SharedRow[References.Length];
    long _at = long.MaxValue;
    readonly byte[] _made = new byte[Places.Length * MaxMade];

    /// <param name="connection">The store.</param>
    /// <param name="condition">Which rows `e` of `event_facts`, in SQL; its parameters are given values by <see cref="Begin" />.</param>
    public EventRows(SqliteConnection connection, string condition)
    {
        _rows = new SqliteRows(connection, Select(condition));
        _shared = [.. References.Select(reference => new SharedRows(connection, reference.Table))];
    }

    /// <summary>For single events; see <see cref="Find" />.</summary>
    public static EventRows ById(SqliteConnection connection) => new(connection, FromId);

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } =
        References.ToDictionary(reference => $"shared {reference.Table}", reference => SharedRows.Select(reference.Table));

    public override IReadOnlyList<string> Columns => Names;

    public override IReadOnlyList<EventColumnType> Types => TypesOfColumns;

    /// <summary>The id of the current event.</summary>
    public long Id => _rows.GetInteger(IdIndex);

    /// <summary>The key of the current event.</summary>
    public EventKey Key => EventKey.Read(_rows.GetBlob(KeyIndex));

    public override Cell this[int column]
    {
        get
        {
            var (reference, index, type) = Places[column];
            if (reference >= 0)
            {
                return _current[reference][index];
            }

            return type switch
            {
                EventColumnType.Time => TimeOf(column),
                EventColumnType.Dollars => DollarsOf(index),
                EventColumnType.Text => IdentifierOf(index, column),
                _ => Stored(index),
            };
        }
    }

    /// <summary>The SQL of a condition.</summary>
    public static string Select(string condition) => $"{SelectFacts} WHERE {condition} ORDER BY e.id";

    /// <summary>Begins anew, with other values of the condition's parameters `?1`, `?2` …</summary>
    public void Begin(params ReadOnlySpan<long> values)
    {
        _rows.Reset();
        for (var i = 0; i < values.Length; i++)
        {
            _rows.Bind(i + 1, values[i]);
        }
    }

    /// <summary>Goes to an event that is there. Those of rising ids are found fastest.</summary>
    public void Find(long id)
    {
        if (id <= _at || id - _at > Near)
        {
            Begin(id);
            Next();
        }

        while ((_at = Id) < id)
        {
            Next();
        }
    }

    public override bool Next()
    {
        if (!_rows.Next())
        {
            return false;
        }

        for (var i = 0; i < _shared.Length; i++)
        {
            _current[i] = _shared[i].Find(_rows.GetInteger(OfFacts.Count + i));
        }

        return true;
    }

    public override long? TimeAt(int column) => MsOf(Places[column].Index) is { } ms && UtcTime.IsValid(ms) ? ms : null;

    /// <summary>The current event, to keep.</summary>
    public StoredEvent Read() => new(Id, Key, [.. Enumerable.Range(0, Places.Length).Select(ValueOf)]);

    public override void Dispose()
    {
        _rows.Dispose();
        foreach (var shared in _shared)
        {
            shared.Dispose();
        }
    }

    static int Place(string name) => OfFacts.ToList().FindIndex(column => column.Name == name);

    object? ValueOf(int column)
    {
        var (reference, index, type) = Places[column];
        if (reference >= 0)
        {
            return _current[reference].GetObject(index);
        }

        if (type is EventColumnType.Time)
        {
            return MsOf(index);
        }

        var cell = this[column];

        return cell.Kind switch
        {
            CellKind.Integer => cell.Integer,
            CellKind.Real => cell.Real,
            CellKind.Text => Encoding.UTF8.GetString(cell.Bytes),
            CellKind.Blob => cell.Bytes.ToArray(),
            _ => null,
        };
    }

    /// <summary>A time in ms; NULL if it is unknown.</summary>
    long? MsOf(int index) => _rows.TypeOf(index) is CellType.Null ? null
        : OfFacts[index].StoredName is "call_ms" ? _rows.GetInteger(EventTimeIndex) - _rows.GetInteger(index)
        : _rows.GetInteger(index);

    Cell TimeOf(int column)
    {
        if (TimeAt(column) is not { } ms)
        {
            return default;
        }

        var text = Made(column)[..UtcTime.TextLength];
        UtcTime.Write(ms, text);

        return new Cell { Kind = CellKind.Text, Bytes = text };
    }

    Cell DollarsOf(int index) => _rows.TypeOf(index) switch
    {
        CellType.Null => default,
        CellType.Integer => new Cell { Kind = CellKind.Real, Real = CompactCost.Decode(_rows.GetInteger(index)) },
        _ => new Cell { Kind = CellKind.Real, Real = _rows.GetReal(index) },
    };

    Cell IdentifierOf(int index, int column) => _rows.TypeOf(index) switch
    {
        CellType.Integer => new Cell { Kind = CellKind.Text, Bytes = CompactId.Write(_rows.GetInteger(index), Made(column)) },
        CellType.Blob => new Cell { Kind = CellKind.Text, Bytes = CompactId.Write(_rows.GetBlob(index), Made(column)) },
        _ => Stored(index),
    };

    Cell Stored(int index) => _rows.CellOf(index);

    Span<byte> Made(int column) => _made.AsSpan(column * MaxMade, MaxMade);
}
