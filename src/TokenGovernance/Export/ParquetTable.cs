using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Export.Parquet;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Export;

/// <summary>Moves rows of the store into the columns of a Parquet file.</summary>
sealed class ParquetTable
{
    readonly TableRows _rows;
    readonly bool[] _isKey, _isEmpty;
    readonly int _tokens, _cost;
    readonly DistinctBytes _keys = new();
    readonly List<byte[]> _masked = [];

    /// <param name="rows">The rows of a table.</param>
    /// <param name="withPeerIds">Whether keys of sessions are written as they are.</param>
    public ParquetTable(TableRows rows, bool withPeerIds)
    {
        _rows = rows;
        Columns = [.. rows.Columns.Zip(rows.Types, (name, type) => new ParquetColumn(name, TypeOf(type)))];
        _isKey = [.. rows.Columns.Select(name => !withPeerIds && EventColumns.NamesPeers(name))];
        _isEmpty = [.. rows.Columns.Select(name => !withPeerIds && EventColumns.NamesPaths(name))];
        (_tokens, _cost) = (Find("total_tokens"), Find("cost_total"));
    }

    public IReadOnlyList<ParquetColumn> Columns { get; }

    /// <summary>Copies the current row.</summary>
    /// <param name="file">Where to.</param>
    /// <param name="row">Which row of the row group it becomes.</param>
    public void Copy(ParquetWriter file, int row)
    {
        for (var column = 0; column < _isKey.Length; column++)
        {
            if (Columns[column].Type is ParquetType.Timestamp)
            {
                if (_rows.TimeAt(column) is { } ms)
                {
                    file[column].Set(row, ms * 1000);
                }
            }
            else if (!_isEmpty[column])
            {
                CopyCell(file[column], row, column);
            }
        }
    }

    /// <summary>Adds the current row to totals.</summary>
    public ParquetTotals AddTo(ParquetTotals totals) => new(
        totals.Rows + 1,
        totals.Tokens + (_tokens < 0 ? 0 : _rows[_tokens].Integer),
        totals.Cost + (_cost < 0 ? default : Money.FromDollars(_rows[_cost].Real)));

    static ParquetType TypeOf(EventColumnType type) => type switch
    {
        EventColumnType.Time => ParquetType.Timestamp,
        EventColumnType.Count or EventColumnType.Id => ParquetType.Integer,
        EventColumnType.Dollars => ParquetType.Double,
        EventColumnType.Key => ParquetType.Bytes,
        _ => ParquetType.Text,
    };

    int Find(string name) => _rows.Columns.ToList().IndexOf(name);

    void CopyCell(ColumnBuffer buffer, int row, int column)
    {
        var cell = _rows[column];
        switch (cell.Kind)
        {
            case CellKind.Integer:
                buffer.Set(row, cell.Integer);
                break;
            case CellKind.Real:
                buffer.Set(row, cell.Real);
                break;
            case CellKind.Text when _isKey[column]:
                buffer.Set(row, Mask(cell.Bytes));
                break;
            case CellKind.Text or CellKind.Blob:
                buffer.Set(row, cell.Bytes);
                break;
        }
    }

    byte[] Mask(ReadOnlySpan<byte> key)
    {
        var number = _keys.Find(key);
        if (number == _masked.Count)
        {
            _masked.Add(Encoding.UTF8.GetBytes(MaskedKey.Of(Encoding.UTF8.GetString(key))!));
        }

        return _masked[number];
    }
}

/// <summary>What rows add up to.</summary>
readonly record struct ParquetTotals(long Rows, Int128 Tokens, Money Cost);
