using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Changes;

/// <summary>The `change_epochs` table: which writers there were, and where in the feed each began.</summary>
/// <remarks>
///     A backup that is restored has the epochs until it was made, and the next writer begins one of a new name. So of each token
///     can be told whether what it has seen is part of what this file has seen.
/// </remarks>
static class ChangeEpochs
{
    const string LastPosition = """
        SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event_facts'), 0),
          coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event_changes'), 0)
        """;

    const string LastEpoch = "SELECT id, name FROM change_epochs ORDER BY id DESC LIMIT 1";

    const string FirstEpoch = "SELECT name FROM change_epochs WHERE id = 1";

    const string FindEpoch = "SELECT name FROM change_epochs WHERE id = ?1";

    const string NextEpoch = "SELECT last_event_id, last_change FROM change_epochs WHERE id > ?1 ORDER BY id LIMIT 1";

    /// <summary>All that this class asks, by what for: a test looks at their plans.</summary>
    public static IReadOnlyDictionary<string, string> Queries { get; } = new Dictionary<string, string>
    {
        ["last position"] = LastPosition,
        ["last epoch"] = LastEpoch,
        ["first epoch"] = FirstEpoch,
        ["find epoch"] = FindEpoch,
        ["next epoch"] = NextEpoch,
    };

    /// <summary>How far the store is.</summary>
    public static ChangePosition ReadPosition(SqliteConnection connection)
    {
        using var rows = new SqliteRows(connection, LastPosition);
        rows.Next();

        return new ChangePosition(rows.GetInteger(0), rows.GetInteger(1));
    }

    /// <summary>Begins an epoch: a writer is about to have changed the store.</summary>
    /// <param name="connection">The store, in the transaction that changes it.</param>
    /// <param name="before">How far it was before.</param>
    public static void Begin(SqliteConnection connection, ChangePosition before)
    {
        using var insert = connection.Prepare("INSERT INTO change_epochs (name, last_event_id, last_change) VALUES (randomblob(8), $p0, $p1)");
        insert.With(before.EventId, before.Change).ExecuteNonQuery();
    }

    /// <summary>The token of somebody who has read nothing: changes of before do not concern him.</summary>
    public static ChangeToken MakeFirst(SqliteConnection connection)
    {
        var seen = ReadPosition(connection);
        var (id, name) = ReadLast(connection);

        return new ChangeToken(ReadName(connection, FirstEpoch)!.Value, id, name, seen, seen with { EventId = 0 }, Within: default);
    }

    /// <summary>Makes a token one of now, if this file has seen all that it has seen.</summary>
    /// <exception cref="InvalidChangeTokenException">It has not.</exception>
    public static ChangeToken Renew(SqliteConnection connection, ChangeToken token)
    {
        if (ReadName(connection, FirstEpoch) != token.Store)
        {
            throw new InvalidChangeTokenException(ChangeTokenProblem.OtherStore);
        }

        var now = ReadPosition(connection);
        if (ReadName(connection, FindEpoch, token.EpochId) != token.EpochName || token.Seen.IsBeyond(ReadEnd(connection, token.EpochId) ?? now))
        {
            throw new InvalidChangeTokenException(ChangeTokenProblem.OtherHistory);
        }

        var (id, name) = ReadLast(connection);

        return token with { EpochId = id, EpochName = name, Seen = now };
    }

    /// <summary>Where the next epoch began; NULL if there is none.</summary>
    static ChangePosition? ReadEnd(SqliteConnection connection, long epochId)
    {
        using var rows = new SqliteRows(connection, NextEpoch);
        rows.Bind(1, epochId);

        return rows.Next() ? new ChangePosition(rows.GetInteger(0), rows.GetInteger(1)) : null;
    }

    static (long Id, long Name) ReadLast(SqliteConnection connection)
    {
        using var rows = new SqliteRows(connection, LastEpoch);
        rows.Next();

        return (rows.GetInteger(0), ToNumber(rows.GetBlob(1)));
    }

    static long? ReadName(SqliteConnection connection, string sql, long? id = null)
    {
        using var rows = new SqliteRows(connection, sql);
        if (id is { } number)
        {
            rows.Bind(1, number);
        }

        return rows.Next() ? ToNumber(rows.GetBlob(0)) : null;
    }

    static long ToNumber(ReadOnlySpan<byte> name) => BinaryPrimitives.ReadInt64BigEndian(name);
}
