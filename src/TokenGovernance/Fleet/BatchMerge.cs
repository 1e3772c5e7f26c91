using Npgsql;
using NpgsqlTypes;

namespace TokenGovernance.Fleet;

/// <summary>Merges a batch into the fleet's tables, in the transaction of the caller.</summary>
/// <remarks>
///     Few rows are parameters of the statements themselves; many go by COPY into a table of this transaction first, which costs the
///     database's catalogue an entry.
/// </remarks>
/// <param name="connection">The fleet's database.</param>
/// <param name="node">Whose rows they are.</param>
/// <param name="fewRows">Up to how many are few.</param>
sealed class BatchMerge(NpgsqlConnection connection, FleetNode node, int fewRows = BatchMerge.FewRows)
{
    /// <summary>From here on a table in the catalogue is worth its while.</summary>
    public const int FewRows = 500;

    const string Stage = "tg_stage";

    static readonly MergeSql FromStage = new(Stage, first: 1);

    static readonly MergeSql FromArrays = new(UnnestSource.Sql(EventBatch.Columns), first: EventBatch.Columns.Count + 1);

    static readonly string MakeStage = $"""
        CREATE TEMP TABLE {Stage} ({string.Join(", ", EventBatch.Columns.Select(column => $"{FleetColumns.Quote(column.Name)} {column.SqlType}"))}) ON COMMIT DROP
        """;

    static readonly string CopyStage = $"COPY {Stage} ({FleetColumns.List(EventBatch.Columns)}) FROM STDIN (FORMAT binary)";

    static readonly string InsertSnapshots = $"""
        INSERT INTO provider_usage_snapshots AS p ({FleetColumns.List(FleetColumns.Snapshots)}, node_id)
        SELECT {FleetColumns.List(FleetColumns.Snapshots, "s")}, ${FleetColumns.Snapshots.Count + 1} FROM {UnnestSource.Sql(FleetColumns.Snapshots)} AS s
        ON CONFLICT (node_id, id) DO UPDATE SET {string.Join(", ", FleetColumns.Snapshots.Skip(1).Select(column => $"{FleetColumns.Quote(column.Name)} = excluded.{FleetColumns.Quote(column.Name)}"))}
        WHERE ({FleetColumns.List(FleetColumns.Snapshots.Skip(1), "p")}) IS DISTINCT FROM ({FleetColumns.List(FleetColumns.Snapshots.Skip(1), "excluded")})
        """;

    public async Task<MergeResult> RunAsync(EventBatch batch, RowBlock snapshots, CancellationToken stop)
    {
        var result = new MergeResult();
        if (batch.Removed.Count > 0)
        {
            result.Removed = await RemoveAsync([.. batch.Removed], stop);
        }

        if (batch.Calls.ToList() is { Count: > 0 } calls)
        {
            await FindTimesAsync(batch.Rows, calls, stop);
        }

        if (batch.Rows.Count > fewRows)
        {
            await connection.ExecuteAsync(MakeStage, stop);
            await using (var target = await connection.BeginRawBinaryCopyAsync(CopyStage, stop))
            {
                await BinaryCopy.WriteAsync(batch.Rows, target, stop);
            }

            await MergeAsync(FromStage, batch, inStage: true, result, stop);
        }
        else if (batch.Rows.Count > 0)
        {
            await MergeAsync(FromArrays, batch, inStage: false, result, stop);
        }

        if (snapshots.Count > 0)
        {
            await using var insert = new NpgsqlCommand(InsertSnapshots, connection);
            UnnestSource.AddTo(insert.Parameters, snapshots);
            insert.Parameters.Add(new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = node.Id });
            await insert.ExecuteNonQueryAsync(stop);
        }

        return result;
    }

    /// <summary>Takes rows of this node out. What another node says takes their place.</summary>
    /// <returns>How many rows are no longer this node's.</returns>
    public async Task<long> RemoveAsync(byte[][] keys, CancellationToken stop)
    {
        var removed = 0L;
        foreach (var sql in MergeSql.Remove)
        {
            await using var command = connection.Command(sql, node.Id, keys);
            removed += Math.Max(0, await command.ExecuteNonQueryAsync(stop));
        }

        return removed;
    }

    async Task MergeAsync(MergeSql sql, EventBatch batch, bool inStage, MergeResult result, CancellationToken stop)
    {
        await using (var insert = new NpgsqlCommand(sql.Insert, connection))
        {
            AddParameters(insert.Parameters, batch, inStage);
            result.Added = await insert.ExecuteNonQueryAsync(stop);
        }

        if (result.Added == batch.Rows.Count)
        {
            return;
        }

        // Few of many are looked up one by one: the planner knows nothing of a table that was made a moment ago.
        await connection.ExecuteAsync($"SET LOCAL enable_hashjoin = off; SET LOCAL enable_mergejoin = off; SET LOCAL jit = off{(inStage ? $"; ANALYZE {Stage}" : "")}", stop);
        var changed = new List<long>();
        foreach (var rest in sql.Rest)
        {
            await using var command = new NpgsqlCommand(rest, connection);
            AddParameters(command.Parameters, batch, inStage);
            changed.Add(Math.Max(0, await command.ExecuteNonQueryAsync(stop)));
        }

        (result.Changed, result.Shared) = (changed[1] + changed[3], changed[2]);
    }

    void AddParameters(NpgsqlParameterCollection parameters, EventBatch batch, bool inStage)
    {
        if (!inStage)
        {
            UnnestSource.AddTo(parameters, batch.Rows);
        }

        parameters.Add(new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = node.Id });
        parameters.Add(new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer, TypedValue = node.Generation });
    }

    /// <summary>Gives calls the time by which all nodes find them: the first that was told.</summary>
    async Task FindTimesAsync(RowBlock rows, List<(int Place, DateTime Time)> calls, CancellationToken stop)
    {
        var keys = calls.ConvertAll(call => rows.ValueAt(call.Place, FleetColumns.KeyIndex, out _).ToArray()).ToArray();
        await using (var insert = new NpgsqlCommand(
            "INSERT INTO tg_call_times (event_key, event_ts) SELECT * FROM unnest($1::bytea[], $2::timestamptz[]) AS t (k, ts) ORDER BY k ON CONFLICT DO NOTHING", connection))
        {
            insert.Parameters.Add(new NpgsqlParameter<byte[][]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, TypedValue = keys });
            insert.Parameters.Add(new NpgsqlParameter<DateTime[]>
            {
                NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
                TypedValue = [.. calls.Select(call => call.Time)],
            });
            if (await insert.ExecuteNonQueryAsync(stop) == keys.Length)
            {
                return;
            }
        }

        var places = calls.Select((call, i) => (Key: Convert.ToHexString(keys[i]), call.Place)).ToDictionary(call => call.Key, call => call.Place);
        await using var select = connection.Command("SELECT event_key, event_ts FROM tg_call_times WHERE event_key = ANY ($1)", (object)keys);
        await using var reader = await select.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            rows.SetTime(places[Convert.ToHexString(reader.GetFieldValue<byte[]>(0))], FleetColumns.TimeIndex, reader.GetDateTime(1));
        }
    }
}

/// <summary>What a batch did.</summary>
sealed class MergeResult
{
    public long Added { get; set; }

    public long Changed { get; set; }

    public long Shared { get; set; }

    public long Removed { get; set; }

    public long SetAside { get; set; }
}
