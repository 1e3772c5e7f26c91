using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Sessions;

namespace TokenGovernance.Storage.Events;

/// <summary>The `event_attributions` table. A session has one row, or a few where what is known of its events differs.</summary>
/// <remarks>Events with the same attribution share its row, so what is learned of all of them is one change.</remarks>
sealed class AttributionTable : IDisposable
{
    public static readonly IReadOnlyList<EventColumn> Columns = EventColumns.Of(EventTable.Attributions);

    readonly Dictionary<SessionRow, List<Attribution>> _known = [];
    readonly object?[] _wanted = new object?[Columns.Count];
    readonly SqliteCommand _read, _find, _insert, _update, _count;

    public AttributionTable(SqliteConnection connection)
    {
        var names = EventColumns.Names(Columns);
        _read = connection.Prepare($"SELECT id, {names} FROM event_attributions WHERE session_ref = $p0");
        _find = connection.Prepare($"SELECT id, {names} FROM event_attributions WHERE id = $p0");
        _insert = connection.Prepare(
            $"INSERT INTO event_attributions ({names}) VALUES ({string.Join(", ", Columns.Select((_, i) => $"$p{i}"))})");
        _update = connection.Prepare(
            $"UPDATE event_attributions SET {string.Join(", ", Columns.Select((column, i) => $"{column} = $p{i + 1}"))} WHERE id = $p0");
        _count = connection.Prepare("SELECT count(*) FROM event_facts WHERE attribution_id = $p0");
    }

    /// <summary>Is called before an attribution gets other values: the sums of its events must be whole then.</summary>
    public Action? Changing { get; set; }

    /// <summary>Forgets what is cached; whenever session rows are forgotten.</summary>
    public void Clear() => _known.Clear();

    /// <summary>Returns the attributions of a session's events.</summary>
    public IReadOnlyList<Attribution> Of(SessionRow row) => Load(row);

    /// <summary>Returns the attribution with an id.</summary>
    public Attribution Find(long id)
    {
        using var reader = _find.With(id).ExecuteReader();

        return reader.Read() ? Read(reader) : throw new InvalidOperationException($"The store has no attribution {id}.");
    }

    /// <summary>Returns the attribution by all that is known of a session now, made if it is new.</summary>
    /// <param name="row">The session.</param>
    /// <param name="trigger">What started the run.</param>
    public Attribution Get(SessionRow row, string? trigger)
    {
        for (var i = 0; i < _wanted.Length; i++)
        {
            _wanted[i] = Columns[i].Origin is EventColumnOrigin.Trigger ? trigger : Columns[i].OfSession!(row);
        }

        return Get(row, _wanted);
    }

    /// <summary>Returns the attribution of a session with some values, made if it is new.</summary>
    public Attribution Get(SessionRow row, ReadOnlySpan<object?> values)
    {
        var known = Load(row);
        foreach (var attribution in known)
        {
            if (values.SequenceEqual(attribution.Values))
            {
                return attribution;
            }
        }

        var made = new Attribution(_insert.Insert(values), values.ToArray());
        known.Add(made);

        return made;
    }

    /// <summary>Gives an attribution other values; all its events have them then.</summary>
    /// <returns>How many events that are.</returns>
    public int Update(Attribution attribution, object?[] values)
    {
        Changing?.Invoke();
        attribution.Values = values;
        _update.With([attribution.Id, .. values]).ExecuteNonQuery();

        return CountEvents(attribution);
    }

    public int CountEvents(Attribution attribution) => (int)(long)_count.With(attribution.Id).ExecuteScalar()!;

    public void Dispose()
    {
        foreach (var command in new[] { _read, _find, _insert, _update, _count })
        {
            command.Dispose();
        }
    }

    List<Attribution> Load(SessionRow row)
    {
        if (!_known.TryGetValue(row, out var known))
        {
            known = [];
            using var reader = _read.With(row.Id).ExecuteReader();
            while (reader.Read())
            {
                known.Add(Read(reader));
            }

            _known.Add(row, known);
        }

        return known;
    }

    static Attribution Read(SqliteDataReader reader) => new(
        reader.GetInt64(0),
        [.. Columns.Select((_, i) => reader.IsDBNull(i + 1) ? null : reader.GetValue(i + 1))]);
}
