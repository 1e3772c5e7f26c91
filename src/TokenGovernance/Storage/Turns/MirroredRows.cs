using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Storage.Turns;

/// <summary>The `mirrored_rows` table: accounts of turns that OpenClaw wrote, and the events that stand for them.</summary>
/// <remarks>
///     As long as no call of its turn is known, an account is an event of scope `turn`. Then it gives way: what it says beyond the
///     calls is an event of scope `remainder`; where nothing remains there is none.
/// </remarks>
sealed class MirroredRows : IDisposable
{
    const string Copied = """
        event_ms, call_ms, outcome_id, file_id, source_line_no, cost_input, cost_output, cost_cache_read, cost_cache_write, cost_total,
        entry_id, response_id, run_id
        """;

    /// <summary>The columns of counts, in the order of <see cref="ReadCounts" />.</summary>
    public const string Counts =
        "input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, reasoning_tokens, cache_write_1h_tokens";

    readonly EventFacts _facts;
    readonly SqliteCommand _contains, _add, _ofTurn, _setEvent, _insert, _update, _findModel, _insertModel;

    public MirroredRows(SqliteConnection connection, EventFacts facts)
    {
        _facts = facts;
        _contains = connection.Prepare("SELECT EXISTS (SELECT 1 FROM mirrored_rows WHERE event_key = $p0)");
        _add = connection.Prepare($"""
            INSERT INTO mirrored_rows (event_key, event_id, turn_ref, model_id, {Counts}, {Copied})
            SELECT event_key, id, turn_ref, model_id, {Counts}, {Copied} FROM event_facts WHERE id = $p0
            """);
        _ofTurn = connection.Prepare($"""
            SELECT r.event_key, r.event_id, r.model_id, e.event_key, a.session_ref, coalesce(coalesce(r.event_ms, 0) - r.call_ms, r.event_ms),
              coalesce(r.cost_total > 0, 0), t.thread_id, {Prefix("r", Counts)}, {Prefix("e", Counts)}
            FROM event_turns AS t
            CROSS JOIN mirrored_rows AS r ON r.turn_ref = t.id
            LEFT JOIN event_facts AS e ON e.id = r.event_id
            LEFT JOIN event_attributions AS a ON a.id = e.attribution_id
            WHERE t.turn_id = $p1 AND t.runtime = $p0
            ORDER BY r.event_ms, r.event_key
            """);
        _setEvent = connection.Prepare("UPDATE mirrored_rows SET event_id = $p1 WHERE event_key = $p0");
        _insert = connection.Prepare($"""
            INSERT INTO event_facts (event_key, attribution_id, model_id, {Counts}, ingest_ms, turn_ref, {Copied})
            SELECT $p1, $p2, $p3, $p4, $p5, $p6, $p7, $p8, $p9, $p10, $p11, turn_ref, {Copied} FROM mirrored_rows WHERE event_key = $p0
            RETURNING id
            """);
        _update = connection.Prepare($"""
            UPDATE event_facts SET event_key = $p1, model_id = $p2, ({Counts}) = ($p3, $p4, $p5, $p6, $p7, $p8, $p9) WHERE id = $p0
            """);
        const string model = "model_provider, model, api, response_model, runtime";
        _findModel = connection.Prepare($"""
            SELECT r.id FROM event_models AS m JOIN event_models AS r
              ON {string.Join(" AND ", model.Split(", ").Select(column => $"r.{column} IS m.{column}"))} AND r.scope = $p1
            WHERE m.id = $p0 LIMIT 1
            """);
        _insertModel = connection.Prepare($"""
            INSERT INTO event_models ({model}, scope) SELECT {model}, $p1 FROM event_models WHERE id = $p0 RETURNING id
            """);
    }

    public bool Contains(EventKey key) => (long)_contains.With(key.ToBytes()).ExecuteScalar()! != 0;

    /// <summary>Makes a stored event of scope `turn` the account of its turn.</summary>
    public void Add(long eventId) => _add.With(eventId).ExecuteNonQuery();

    /// <summary>Returns the accounts of a turn in the order of time.</summary>
    public IReadOnlyList<MirroredRow> Of(string runtime, string turnId)
    {
        var rows = new List<MirroredRow>();
        using var reader = _ofTurn.With(runtime, turnId).ExecuteReader();
        while (reader.Read())
        {
            rows.Add(new MirroredRow
            {
                Key = EventKey.Read(reader.GetFieldValue<byte[]>(0)),
                EventId = reader.GetNumber(1),
                ModelId = reader.GetInt64(2),
                StoredKey = reader.IsDBNull(3) ? null : EventKey.Read(reader.GetFieldValue<byte[]>(3)),
                SessionRef = reader.GetNumber(4),
                UsageMs = reader.GetNumber(5),
                HasCost = reader.GetInt64(6) != 0,
                ThreadId = reader.GetText(7),
                Tokens = ReadCounts(reader, 8),
                StoredTokens = ReadCounts(reader, 15),
            });
        }

        return rows;
    }

    /// <summary>Reads counts that follow each other, in the order of <see cref="Counts" />.</summary>
    public static TokenCounts ReadCounts(SqliteDataReader reader, int from) => new(
        reader.GetNumber(from), reader.GetNumber(from + 1), reader.GetNumber(from + 2), reader.GetNumber(from + 3), reader.GetNumber(from + 4),
        reader.GetNumber(from + 5))
    {
        CacheWrite1h = reader.GetNumber(from + 6),
    };

    /// <summary>The columns of counts of a table's alias.</summary>
    public static string CountsOf(string table) => Prefix(table, Counts);

    /// <summary>Lets an account stand for other tokens than now.</summary>
    /// <param name="row">The account.</param>
    /// <param name="tokens">What remains of its tokens; NULL for no event at all.</param>
    /// <param name="scope">What its event is to be.</param>
    /// <param name="attribution">Whose a new event is.</param>
    /// <param name="nowMs">When it is stored.</param>
    /// <returns>The event that stands for it now, or NULL.</returns>
    public long? Represent(MirroredRow row, TokenCounts? tokens, EventScope scope, Attribution attribution, long nowMs)
    {
        if (tokens is not { } counts)
        {
            _facts.Remove(row.EventId!.Value);
            _setEvent.With(row.Key.ToBytes(), null).ExecuteNonQuery();

            return null;
        }

        var key = scope is EventScope.Remainder ? row.Key.OfRemainder() : row.Key;
        var model = scope is EventScope.Remainder ? ModelOfRemainder(row.ModelId) : row.ModelId;
        _facts.Flush();
        if (row.EventId is { } id)
        {
            _update.With(
                id, key.ToBytes(), model, counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite, counts.Total,
                counts.Reasoning, counts.CacheWrite1h).ExecuteNonQuery();

            return id;
        }

        id = (long)_insert.With(
            row.Key.ToBytes(), key.ToBytes(), attribution.Id, model, counts.Input, counts.Output, counts.CacheRead, counts.CacheWrite,
            counts.Total, counts.Reasoning, counts.CacheWrite1h, nowMs).ExecuteScalar()!;
        _facts.AddStored(id);
        _setEvent.With(row.Key.ToBytes(), id).ExecuteNonQuery();

        return id;
    }

    public void Dispose()
    {
        foreach (var command in new[] { _contains, _add, _ofTurn, _setEvent, _insert, _update, _findModel, _insertModel })
        {
            command.Dispose();
        }
    }

    static string Prefix(string table, string columns) => string.Join(", ", columns.Split(", ").Select(column => $"{table}.{column}"));

    long ModelOfRemainder(long modelId) =>
        (long)(_findModel.With(modelId, EventScopeText.Of(EventScope.Remainder)).ExecuteScalar()
            ?? _insertModel.With(modelId, EventScopeText.Of(EventScope.Remainder)).ExecuteScalar()!);
}
