using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Fleet;

/// <summary>Rows on their way to the fleet's database, in one piece of memory, each as PostgreSQL's binary COPY takes it: length and bytes of each value.</summary>
/// <remarks>No value is an object of its own: a push of years needs the memory of one batch, and uses it again for the next one.</remarks>
/// <param name="columns">What they hold.</param>
sealed class RowBlock(IReadOnlyList<FleetColumn> columns)
{
    const int Least = 16 * 1024, LengthSize = 4;

    static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    readonly List<(int Start, int End)> _rows = [];
    byte[] _bytes = [];
    int _length;

    public IReadOnlyList<FleetColumn> Columns { get; } = columns;

    /// <summary>How many rows there are.</summary>
    public int Count { get; private set; }

    /// <summary>The places of the rows, in order; a row keeps its place.</summary>
    public IEnumerable<int> Places => Enumerable.Range(0, _rows.Count).Where(place => _rows[place].End > _rows[place].Start);

    /// <summary>Takes all rows out; the memory stays.</summary>
    public void Clear()
    {
        _rows.Clear();
        (_length, Count) = (0, 0);
    }

    /// <summary>Begins a row; a value for each column follows, then <see cref="End" />.</summary>
    /// <returns>Its place.</returns>
    public int Begin()
    {
        _rows.Add((_length, _length));
        BinaryPrimitives.WriteInt16BigEndian(Take(sizeof(short)), (short)Columns.Count);

        return _rows.Count - 1;
    }

    /// <summary>Ends a row: now it is there.</summary>
    public void End()
    {
        _rows[^1] = (_rows[^1].Start, _length);
        Count++;
    }

    /// <summary>Takes a row out.</summary>
    public void Remove(int place)
    {
        _rows[place] = (_rows[place].Start, _rows[place].Start);
        Count--;
    }

    public void AddNull() => AddLength(-1);

    public void Add(bool flag) => Value(sizeof(bool))[0] = flag ? (byte)1 : (byte)0;

    /// <param name="time">UTC; NULL: unknown.</param>
    public void Add(DateTime? time)
    {
        if (time is { } known)
        {
            WriteTime(Value(sizeof(long)), known);
        }
        else
        {
            AddNull();
        }
    }

    /// <summary>Adds a value as the store has it; NULL if it is none of the column's type.</summary>
    public void Add(FleetColumn column, Cell cell)
    {
        switch (cell.Kind, column.Type)
        {
            case (CellKind.Integer, FleetType.Number):
                BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long)), cell.Integer);
                break;
            case (CellKind.Real, FleetType.Number):
                BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long)), (long)cell.Real);
                break;
            case (CellKind.Integer, FleetType.Real):
                BinaryPrimitives.WriteDoubleBigEndian(Value(sizeof(double)), cell.Integer);
                break;
            case (CellKind.Real, FleetType.Real):
                BinaryPrimitives.WriteDoubleBigEndian(Value(sizeof(double)), cell.Real);
                break;
            case (CellKind.Text, FleetType.Time):
                Add(FleetValues.TimeOf(cell.Bytes));
                break;
            case (CellKind.Text, FleetType.Text):
                AddText(cell.Bytes);
                break;
            case (CellKind.Blob, FleetType.Bytes):
                cell.Bytes.CopyTo(Value(cell.Bytes.Length));
                break;
            default:
                AddNull();
                break;
        }
    }

    /// <summary>Gives a row another time in a column that has one.</summary>
    public void SetTime(int place, int column, DateTime time)
    {
        var (start, length) = Find(place, column);
        WriteTime(_bytes.AsSpan(start, length), time);
    }

    /// <summary>A value's bytes, and whether it is not NULL.</summary>
    public ReadOnlySpan<byte> ValueAt(int place, int column, out bool isThere)
    {
        var (start, length) = Find(place, column);
        isThere = length >= 0;

        return isThere ? _bytes.AsSpan(start, length) : default;
    }

    /// <summary>The values of a column, in the order of the rows; `default` for NULL.</summary>
    public T[] ValuesOf<T>(int column, ReadValue<T> read)
    {
        var values = new T[Count];
        var next = 0;
        foreach (var place in Places)
        {
            var bytes = ValueAt(place, column, out var isThere);
            values[next++] = isThere ? read(bytes) : default!;
        }

        return values;
    }

    /// <summary>Reads a time.</summary>
    public static DateTime ReadTime(ReadOnlySpan<byte> bytes) => Epoch.AddTicks(BinaryPrimitives.ReadInt64BigEndian(bytes) * TimeSpan.TicksPerMicrosecond);

    /// <summary>All rows: as few pieces of memory as there are.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Pieces()
    {
        var (from, to) = (0, 0);
        foreach (var place in Places)
        {
            var (start, end) = _rows[place];
            if (start != to && to > from)
            {
                yield return _bytes.AsMemory(from, to - from);
            }

            (from, to) = (start == to ? from : start, end);
        }

        if (to > from)
        {
            yield return _bytes.AsMemory(from, to - from);
        }
    }

    static void WriteTime(Span<byte> target, DateTime time) => BinaryPrimitives.WriteInt64BigEndian(target, (time - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>PostgreSQL's text is well-formed and holds any character but one.</summary>
    void AddText(ReadOnlySpan<byte> text)
    {
        if (!Utf8.IsValid(text) || text.Contains((byte)0))
        {
            text = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text).Replace('\0', '\uFFFD'));
        }

        text.CopyTo(Value(text.Length));
    }

    void AddLength(int length) => BinaryPrimitives.WriteInt32BigEndian(Take(LengthSize), length);

    Span<byte> Value(int length)
    {
        AddLength(length);

        return Take(length);
    }

    Span<byte> Take(int count)
    {
        if (_bytes.Length - _length < count)
        {
            Array.Resize(ref _bytes, Math.Max(Math.Max(_bytes.Length * 2, Least), _length + count));
        }

        _length += count;

        return _bytes.AsSpan(_length - count, count);
    }

    (int Start, int Length) Find(int place, int column)
    {
        var at = _rows[place].Start + sizeof(short);
        for (var i = 0; ; i++)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(_bytes.AsSpan(at));
            at += LengthSize;
            if (i == column)
            {
                return (at, length);
            }

            at += Math.Max(0, length);
        }
    }
}

/// <summary>Reads a value from its bytes.</summary>
delegate T ReadValue<out T>(ReadOnlySpan<byte> bytes);
