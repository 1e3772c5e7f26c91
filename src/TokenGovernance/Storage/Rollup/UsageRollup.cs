using Microsoft.Data.Sqlite;
using SQLitePCL;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Reads all events added up, and keeps the sums of full blocks of ids for the next reader.</summary>
/// <remarks>
///     Ids only grow, so a full block changes only when events in it do, and then a trigger of the schema deletes its sums. They are
///     a cache: without them every answer is the same, only later.
/// </remarks>
/// <param name="connection">The store.</param>
/// <param name="busyTimeout">How long the store's other writes wait for a lock.</param>
sealed class UsageRollup(SqliteConnection connection, TimeSpan busyTimeout)
{
    /// <summary>Events of a block: `id &gt;&gt; BlockBits` is its number, as in the schema's triggers.</summary>
    public const int BlockBits = 14;

    const int PatienceMs = 100;

    /// <summary>Adds up full blocks that nobody has added up yet, each in a short transaction of its own.</summary>
    /// <param name="most">How many at most.</param>
    /// <returns>How many. Fewer, and no error, if the store cannot be written just now.</returns>
    public int Refresh(int most = int.MaxValue)
    {
        var done = 0;
        foreach (var block in FindMissing().Take(most))
        {
            if (!TryStore(block))
            {
                break;
            }

            done++;
        }

        return done;
    }

    /// <summary>Returns the sums of all events of a range of time.</summary>
    /// <param name="range">By the start of the call. Events without a time belong to an open range only.</param>
    public IEnumerable<UsageBlock> Read(TimeRange range)
    {
        using var scan = new BlockScan(connection);
        using var sums = new SqliteRows(
            connection,
            $"SELECT first_quarter, last_quarter, sums FROM usage_rollup WHERE block = ?1 AND version = {BlockCodec.Version}");
        foreach (var block in FindBlocks())
        {
            sums.Reset();
            sums.Bind(1, block);
            if (sums.Next())
            {
                var (first, last) = (sums.GetInteger(0), sums.GetInteger(1));
                if (IsOutside(range, first, last))
                {
                    continue;
                }

                if (!IsCut(range.FromMs, first, last) && !IsCut(range.BeforeMs, first, last))
                {
                    yield return BlockCodec.Decode(sums.GetBlob(2), FirstOf(range), EndOf(range));

                    continue;
                }
            }

            yield return scan.Read(FirstId(block), LastId(block), range);
        }
    }

    static long FirstId(long block) => block << BlockBits;

    static long LastId(long block) => FirstId(block + 1) - 1;

    static int FirstOf(TimeRange range) => range.FromMs is { } ms ? QuarterHour.Of(ms) : range.BeforeMs is null ? int.MinValue : int.MinValue + 1;

    static int EndOf(TimeRange range) => range.BeforeMs is { } ms ? QuarterHour.Of(ms) : int.MaxValue;

    static bool IsOutside(TimeRange range, long first, long last) =>
        (range.FromMs is { } from && QuarterHour.Of(from) > last) || (range.BeforeMs is { } before && before <= QuarterHour.Ms * first);

    /// <summary>True if a bound lies inside of a quarter that the block has events in: then sums cannot tell them apart.</summary>
    static bool IsCut(long? bound, long first, long last) =>
        bound is { } ms && !QuarterHour.IsStart(ms) && QuarterHour.Of(ms) >= first && QuarterHour.Of(ms) <= last;

    /// <summary>Blocks beyond which there are ids already, without sums.</summary>
    List<long> FindMissing() => List($"""
        WITH RECURSIVE block (number) AS (
          SELECT first >> {BlockBits} FROM (SELECT min(id) AS first FROM usage_events) WHERE first IS NOT NULL
          UNION ALL SELECT number + 1 FROM block WHERE number < (SELECT max(id) >> {BlockBits} FROM usage_events))
        SELECT number FROM block
        WHERE number < (SELECT seq >> {BlockBits} FROM sqlite_sequence WHERE name = 'usage_events')
          AND NOT EXISTS (SELECT 1 FROM usage_rollup WHERE block = number AND version = {BlockCodec.Version})
        """);

    List<long> FindBlocks() => List($"""
        WITH RECURSIVE block (number) AS (
          SELECT first >> {BlockBits} FROM (SELECT min(id) AS first FROM usage_events) WHERE first IS NOT NULL
          UNION ALL SELECT number + 1 FROM block WHERE number < (SELECT max(id) >> {BlockBits} FROM usage_events))
        SELECT number FROM block
        """);

    List<long> List(string sql)
    {
        using var rows = new SqliteRows(connection, sql);
        var list = new List<long>();
        while (rows.Next())
        {
            list.Add(rows.GetInteger(0));
        }

        return list;
    }

    bool TryStore(long block)
    {
        // Reading and writing are one transaction, so that no event can change in between. ADO.NET would wait for a lock by itself.
        var patience = connection.QueryInt("PRAGMA busy_timeout");
        raw.sqlite3_busy_timeout(connection.Handle, PatienceMs);
        try
        {
            if (raw.sqlite3_exec(connection.Handle, "BEGIN IMMEDIATE") != raw.SQLITE_OK)
            {
                return false;
            }

            Store(block);

            return raw.sqlite3_exec(connection.Handle, "COMMIT") == raw.SQLITE_OK;
        }
        catch (SqliteException e) when (e.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_READONLY or raw.SQLITE_FULL or raw.SQLITE_IOERR)
        {
            return false;
        }
        finally
        {
            if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            {
                _ = raw.sqlite3_exec(connection.Handle, "ROLLBACK");
            }

            raw.sqlite3_busy_timeout(connection.Handle, (int)busyTimeout.TotalMilliseconds);
        }
    }

    void Store(long block)
    {
        using var scan = new BlockScan(connection);
        var sums = scan.Read(FirstId(block), LastId(block));
        var known = sums.Rows.Where(row => row.Quarter != QuarterHour.Unknown).ToList();
        using var insert = connection.Prepare("""
            INSERT INTO usage_rollup (block, version, first_quarter, last_quarter, sums) VALUES ($p0, $p1, $p2, $p3, $p4)
            ON CONFLICT (block) DO UPDATE SET
              version = excluded.version, first_quarter = excluded.first_quarter, last_quarter = excluded.last_quarter, sums = excluded.sums
            """);
        insert.With(
            block,
            BlockCodec.Version,
            known.Count > 0 ? known[0].Quarter : 0,
            known.Count > 0 ? known[^1].Quarter : -1,
            BlockCodec.Encode(sums)).ExecuteNonQuery();
    }
}
