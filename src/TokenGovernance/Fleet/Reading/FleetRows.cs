using TokenGovernance.Domain;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet.Reading;

/// <summary>Rows of a table of the fleet, one at a time.</summary>
/// <param name="table">The table.</param>
/// <param name="cursor">Where they come from; NULL: rows are shown with <see cref="Show" />.</param>
sealed class FleetRows(FleetTable table, FleetCursor? cursor) : TableRows
{
    readonly byte[] _time = new byte[UtcTime.TextLength];
    List<object?[]> _page = [];
    object?[] _row = [];
    int _at = -1;

    public override IReadOnlyList<string> Columns => table.Columns;

    public override IReadOnlyList<EventColumnType> Types => table.Types;

    public override Cell this[int column] => _row[column] switch
    {
        null => default,
        long ms when Types[column] is EventColumnType.Time => TextOf(ms),
        long number => new Cell { Kind = CellKind.Integer, Integer = number },
        double number => new Cell { Kind = CellKind.Real, Real = number },
        byte[] bytes => new Cell { Kind = Types[column] is EventColumnType.Key ? CellKind.Blob : CellKind.Text, Bytes = bytes },
        var other => throw new InvalidOperationException($"no cell holds a {other.GetType().Name}"),
    };

    public override long? TimeAt(int column) => (long?)_row[column];

    public override bool Next()
    {
        if (++_at >= _page.Count)
        {
            (_page, _at) = (cursor?.Next(Types) ?? [], 0);
            if (_page.Count == 0)
            {
                return false;
            }
        }

        _row = _page[_at];

        return true;
    }

    /// <summary>Makes a row the current one.</summary>
    public void Show(object?[] row) => _row = row;

    public override void Dispose() => cursor?.Dispose();

    /// <summary>Valid until the next time is asked for.</summary>
    Cell TextOf(long ms)
    {
        UtcTime.Write(ms, _time);

        return new Cell { Kind = CellKind.Text, Bytes = _time };
    }
}
