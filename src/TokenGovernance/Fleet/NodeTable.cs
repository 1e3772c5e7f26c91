using System.Globalization;
using Npgsql;
using NpgsqlTypes;
using TokenGovernance.Domain;

namespace TokenGovernance.Fleet;

/// <summary>The table `tg_nodes`, in the transaction of a batch.</summary>
sealed class NodeTable(NpgsqlConnection connection)
{
    const string Columns = "node_id, name, store_id, token, former_token, generation, is_resyncing, keeps_untold, columns, snapshot_id";

    /// <summary>The node of a name, for nobody else until the transaction ends; NULL if there is none.</summary>
    public async Task<FleetNode?> LockAsync(string name, CancellationToken stop)
    {
        await using var command = connection.Command($"SELECT {Columns} FROM tg_nodes WHERE name = $1 FOR UPDATE", name);
        await using var reader = await command.ExecuteReaderAsync(stop);

        return await reader.ReadAsync(stop)
            ? new FleetNode(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4),
                reader.GetInt32(5), reader.GetBoolean(6), reader.GetBoolean(7), reader.GetString(8) is "all", reader.GetInt64(9))
            : null;
    }

    /// <summary>Adds a node, unless there is one of the name.</summary>
    public async Task AddAsync(string name, string storeId, bool allColumns, CancellationToken stop)
    {
        await using var command = connection.Command(
            "INSERT INTO tg_nodes (node_id, name, store_id, columns) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO NOTHING",
            Guid.NewGuid(), name, storeId, ColumnsText(allColumns));
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Gives a node another store, and its present name: what the former store had stays.</summary>
    /// <returns>False if there is no such node.</returns>
    /// <exception cref="UserFacingException">The present name is another node's.</exception>
    public async Task<bool> TakeOverAsync(string former, string name, string storeId, CancellationToken stop)
    {
        if (former != name && await LockAsync(name, stop) is not null)
        {
            throw new UserFacingException($"There is a node '{name}' already: it cannot take the place of '{former}' as well. Give this machine another name in [fleet].");
        }

        await using var command = connection.Command(
            """
            UPDATE tg_nodes SET name = $2, store_id = $3, token = NULL, former_token = NULL, generation = generation + 1, is_resyncing = true,
              keeps_untold = true, oldest_ts = NULL, snapshot_id = 0
            WHERE name = $1
            """,
            former, name, storeId);

        return await command.ExecuteNonQueryAsync(stop) > 0;
    }

    /// <summary>Begins at the beginning of the feed.</summary>
    public async Task<FleetNode> RestartAsync(FleetNode node, bool isOtherHistory, bool allColumns, CancellationToken stop)
    {
        await using var command = connection.Command(
            $"""
            UPDATE tg_nodes SET former_token = {(isOtherHistory ? "token" : "former_token")}, token = NULL, generation = generation + 1, is_resyncing = true,
              keeps_untold = false, oldest_ts = NULL, snapshot_id = {(isOtherHistory ? "0" : "snapshot_id")}, columns = $2
            WHERE node_id = $1
            """,
            node.Id, ColumnsText(allColumns));
        await command.ExecuteNonQueryAsync(stop);

        return (await LockAsync(node.Name, stop))!;
    }

    /// <summary>Notes how far the node is: the checkpoint of the batch.</summary>
    public async Task NoteAsync(FleetNode node, BatchNote note, CancellationToken stop)
    {
        await using var command = connection.Command(
            """
            UPDATE tg_nodes SET token = $2, snapshot_id = $3, behind = $4, passed_over = passed_over + $5, oldest_ts = least(oldest_ts, $6::timestamptz), is_resyncing = $7,
              last_push = now(), version = $8, last_error = coalesce($9::text, last_error), last_error_ts = coalesce($10::timestamptz, last_error_ts)
            WHERE node_id = $1
            """,
            node.Id, note.Token, note.SnapshotId, note.Behind, note.PassedOver, note.Oldest, note.IsResyncing, note.Version, note.LastError, note.LastErrorAt);
        await command.ExecuteNonQueryAsync(stop);
    }

    /// <summary>Other names under which the same store is pushed.</summary>
    public async Task<IReadOnlyList<string>> FindTwinsAsync(FleetNode node, CancellationToken stop)
    {
        await using var command = connection.Command("SELECT name FROM tg_nodes WHERE store_id = $1 AND node_id <> $2 ORDER BY 1", node.StoreId, node.Id);
        await using var reader = await command.ExecuteReaderAsync(stop);
        var names = new List<string>();
        while (await reader.ReadAsync(stop))
        {
            names.Add(reader.GetString(0));
        }

        return names;
    }

    /// <summary>The text that names a store.</summary>
    public static string StoreIdOf(long store) => store.ToString("x16", CultureInfo.InvariantCulture);

    static string ColumnsText(bool all) => all ? "all" : "no-peer-ids";
}

/// <summary>What is noted of a node with a batch.</summary>
sealed record BatchNote(
    string Token, long SnapshotId, long Behind, long PassedOver, DateTime? Oldest, bool IsResyncing, string Version, string? LastError, DateTime? LastErrorAt);

static class CommandExtensions
{
    /// <summary>A command with its parameters, each of the type that its value has.</summary>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(value switch
            {
                Guid id => new NpgsqlParameter<Guid> { NpgsqlDbType = NpgsqlDbType.Uuid, TypedValue = id },
                long number => new NpgsqlParameter<long> { NpgsqlDbType = NpgsqlDbType.Bigint, TypedValue = number },
                int number => new NpgsqlParameter<int> { NpgsqlDbType = NpgsqlDbType.Integer, TypedValue = number },
                bool flag => new NpgsqlParameter<bool> { NpgsqlDbType = NpgsqlDbType.Boolean, TypedValue = flag },
                DateTime time => new NpgsqlParameter<DateTime> { NpgsqlDbType = NpgsqlDbType.TimestampTz, TypedValue = time },
                byte[][] keys => new NpgsqlParameter<byte[][]> { NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bytea, TypedValue = keys },
                string text => new NpgsqlParameter<string> { NpgsqlDbType = NpgsqlDbType.Text, TypedValue = text },
                _ => new NpgsqlParameter { Value = DBNull.Value },
            });
        }

        return command;
    }
}
