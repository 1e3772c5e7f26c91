using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Metrics;
using TokenGovernance.Storage.Pruning;
using TokenGovernance.Storage.Quotas;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage;

/// <summary>The store for everybody who only reads: nothing is written, upgraded, or made beside it.</summary>
sealed class StoreReader : IStoreReader
{
    const int Attempts = 5;
    static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(10);

    readonly SqliteConnection _connection;

    internal StoreReader(SqliteConnection connection, string path)
    {
        _connection = connection;
        Path = path;
    }

    /// <summary>Full path of the file.</summary>
    public string Path { get; }

    internal SqliteConnection Connection => _connection;

    /// <summary>All events added up, for reports.</summary>
    public RollupReader OpenRollup() => new(_connection);

    /// <summary>What quarter-hours cost.</summary>
    public QuarterCosts OpenQuarterCosts() => new(_connection);

    IRollup IStoreReader.OpenRollup() => OpenRollup();

    IQuarterCosts IStoreReader.OpenQuarterCosts() => OpenQuarterCosts();

    IResponses IStoreReader.OpenResponses() => OpenResponses();

    IReadOnlyList<string> IStoreReader.ReadNodesWithoutKeys() => [];

    ChangeFeed? IStoreReader.OpenChanges() => OpenChanges();

    string IStoreReader.ReadIdentity()
    {
        using var feed = OpenChanges();

        return $"{(ulong)feed.ReadEnd().Store:x16}";
    }

    /// <summary>How far the store is.</summary>
    public ChangePosition ReadPosition() => ChangeEpochs.ReadPosition(_connection);

    /// <summary>True if usage of before a moment is other than it was.</summary>
    /// <param name="since">What is known already.</param>
    /// <param name="beforeMs">The moment, in ms since 1970.</param>
    public bool HasEarlierChanges(ChangePosition since, long beforeMs) => EarlierChanges.Any(_connection, since, beforeMs);

    /// <summary>What is kept of weeks of spending for some settings; NULL: nothing.</summary>
    public SpendingHistory? FindHistory(string settings) => SpendingHistory.Find(_connection, settings);

    /// <summary>What was added, changed and removed, in order.</summary>
    public ChangeFeed OpenChanges() => new(_connection);

    /// <summary>The rows of a table in the order of their time.</summary>
    /// <param name="table">`usage_events`, by the start of the call, or `provider_usage_snapshots`.</param>
    public RowsByTime OpenByTime(string table) => table switch
    {
        "usage_events" => new EventsByTime(_connection),
        "provider_usage_snapshots" => new SnapshotsByTime(_connection),
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no such table"),
    };

    /// <summary>Single responses, for what the roll-up cannot say.</summary>
    public ResponseReader OpenResponses() => new(_connection);

    /// <summary>Reads something from the store that must be there, all of one moment.</summary>
    /// <remarks>
    ///     Not in a process that has the store open for writing, there <see cref="UsageStore.Read" />: this opens the file apart from SQLite,
    ///     and whoever closes a file on Unix gives up all locks that his process has on it.
    /// </remarks>
    /// <param name="path">The store.</param>
    /// <param name="read">Reads. It may be called again, where somebody began to write meanwhile: so it may show nothing yet.</param>
    /// <exception cref="UserFacingException">There is no store, or it cannot be read, or only by another version; the message says why.</exception>
    public static T Read<T>(string path, Func<StoreReader, T> read)
    {
        path = System.IO.Path.GetFullPath(path);
        for (var attempt = 1; ; attempt++)
        {
            if (TryRead(path, read, isLast: attempt == Attempts, out var result))
            {
                return result;
            }
        }
    }

    /// <summary>The different values of a column of `event_attributions`, `event_models` or `sessions`, sorted; without NULL.</summary>
    /// <param name="table">One of these.</param>
    /// <param name="column">Its column.</param>
    public IReadOnlyList<string> ReadNames(string table, string column)
    {
        using var rows = new SqliteRows(_connection, $"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY 1");
        var names = new List<string>();
        while (rows.Next())
        {
            names.Add(rows.GetString(0)!);
        }

        return names;
    }

    /// <summary>True if there is at least one model response, or the sum of one.</summary>
    public bool HasEvents() => _connection.QueryInt("SELECT EXISTS (SELECT 1 FROM usage_group_days)") != 0;

    /// <summary>What all events of before a time, in ms since 1970, add up to.</summary>
    public EventDigest Digest(long beforeMs) => EventDigest.Read(_connection, beforeMs);

    /// <summary>How many events lie below a floor, and of which days.</summary>
    /// <param name="floorMs">A midnight, UTC, in ms since 1970.</param>
    public PrunableUsage MeasureBelow(long floorMs) => PrunableDays.Sum(_connection, floorMs / QuarterHour.DayMs);

    /// <summary>When the oldest usage began that a follower of the change feed has not been told of, in ms since 1970; NULL: there is none.</summary>
    public long? FindOldestAfter(ChangePosition position) => EarlierChanges.FindOldest(_connection, position);

    /// <summary>The ids of old quota readings that say little: of each series and hour, all but the first, the last and the highest.</summary>
    /// <param name="beforeMs">Older than this, in ms since 1970.</param>
    /// <param name="lastId">What was stored after this one stays.</param>
    public IReadOnlyList<long> FindSurplusSnapshots(long beforeMs, long lastId) => SurplusSnapshots.Find(_connection, beforeMs, lastId);

    /// <summary>From when on single events are kept, and for how long they are to be.</summary>
    public RetentionState ReadRetention() => RetentionState.Read(_connection);

    /// <summary>When the last pass ended, or NULL.</summary>
    public string? ReadLastPass() => _connection.QueryText($"SELECT value FROM collector_state WHERE key = '{CheckpointTable.LastPass}'");

    /// <summary>Returns all checkpoints by key.</summary>
    public Dictionary<string, string> ReadCheckpoints() => CheckpointTable.Read(_connection);

    /// <summary>Returns all readings of quotas in the order of time.</summary>
    public IReadOnlyList<QuotaReading> ReadQuotas() => QuotaReadings.Read(_connection);

    /// <summary>The number of the last reading of quotas; 0 if there is none.</summary>
    public long ReadLastQuota() => _connection.QueryInt("SELECT coalesce(max(id), 0) FROM provider_usage_snapshots");

    /// <summary>Quota readings in the order they were stored.</summary>
    /// <param name="id">The number of the last one that is not wanted.</param>
    public TableRows ReadSnapshotsAfter(long id) => new StoredSnapshots(_connection, id);

    /// <summary>How many events were stored after one.</summary>
    public long CountEventsAfter(long id) => _connection.QueryLong(string.Create(CultureInfo.InvariantCulture, $"SELECT count(*) FROM event_facts WHERE id > {id}")) ?? 0;

    /// <summary>When the first event after another one was stored, in ms since 1970; NULL if there is none.</summary>
    public long? FindStoredAfter(long id) =>
        _connection.QueryLong(string.Create(CultureInfo.InvariantCulture, $"SELECT ingest_ms FROM event_facts WHERE id > {id} ORDER BY id LIMIT 1"));

    /// <summary>Returns the counters of metrics, and how the collector is.</summary>
    public MetricReading ReadMetrics() => MetricReading.Read(_connection);

    /// <summary>Returns the last alerts, newest first.</summary>
    public IReadOnlyList<Alert> ReadAlerts(int most) => new AlertTable(_connection).FindLast(most);

    /// <summary>Returns the rows of a table in the order they came, all columns.</summary>
    /// <param name="table">`usage_events`, by the start of the call, or `provider_usage_snapshots`.</param>
    /// <param name="range">Which rows.</param>
    public TableRows ReadTable(string table, TimeRange range) => table switch
    {
        "usage_events" => ReadEvents(range),
        "provider_usage_snapshots" => new StoredSnapshots(_connection, range),
        _ => throw new ArgumentOutOfRangeException(nameof(table), table, "no such table"),
    };

    /// <summary>Says how much is in the store, and whether the file is whole.</summary>
    /// <param name="isWhole">Whether to check the file: that reads all of it.</param>
    public StoreHealth Check(bool isWhole)
    {
        try
        {
            var answer = isWhole ? _connection.QueryText("PRAGMA quick_check(1)") : "ok";
            using var rollup = OpenRollup();

            return new StoreHealth(
                answer is "ok" ? null : answer,
                isWhole,
                rollup.CountEvents(),
                rollup.FindNewestMs() is { } newest ? UtcTime.Format(newest) : null,
                _connection.ServerVersion,
                WriteAheadLog.PendingBytes(Path),
                answer is "ok" ? ReadUnmeasured() : [])
            {
                Turns = answer is "ok" ? ReadTurns() : [],
                Remainders = answer is "ok" ? ReadRemainders() : default,
                PlanPaid = answer is "ok" ? ReadPlanPaid() : [],
            };
        }
        catch (SqliteException e)
        {
            return new StoreHealth(e.Message, isWhole, 0, null, _connection.ServerVersion, 0, []);
        }
    }

    /// <summary>Of how many responses nothing was measured, by model, most first.</summary>
    List<(string Model, long Responses)> ReadUnmeasured() => ReadCounts($"""
            SELECT coalesce(m.model_provider, '?') || '/' || coalesce(m.model, '?'), sum(u.events)
            FROM usage_group_days AS u LEFT JOIN event_models AS m ON m.id = u.model_id
            WHERE u.cost_class = {(int)CostClass.NotMeasured} GROUP BY 1 ORDER BY 2 DESC, 1
            """);

    /// <summary>How many rows stand for a turn of another runtime, by runtime, most first.</summary>
    List<(string Runtime, long Rows)> ReadTurns() => ReadCounts($"""
            SELECT m.runtime, sum(u.events) FROM usage_group_days AS u JOIN event_models AS m ON m.id = u.model_id
            WHERE m.scope <> '{EventScopeText.Of(EventScope.Call)}' GROUP BY 1 ORDER BY 2 DESC, 1
            """);

    (long Rows, long Tokens) ReadRemainders()
    {
        using var read = _connection.Prepare($"""
            SELECT coalesce(sum(u.events), 0), coalesce(sum(u.total_tokens), 0) FROM usage_group_days AS u JOIN event_models AS m ON m.id = u.model_id
            WHERE m.scope = '{EventScopeText.Of(EventScope.Remainder)}'
            """);
        using var reader = read.ExecuteReader();
        reader.Read();

        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>How many responses a plan pays for, by runtime, most first.</summary>
    List<(string Runtime, long Responses)> ReadPlanPaid() => ReadCounts($"""
            SELECT coalesce(m.runtime, '?'), sum(u.events) FROM usage_group_days AS u LEFT JOIN event_models AS m ON m.id = u.model_id
            WHERE u.cost_class = {(int)CostClass.PlanPaid} GROUP BY 1 ORDER BY 2 DESC, 1
            """);

    List<(string Name, long Count)> ReadCounts(string sql)
    {
        var counts = new List<(string Name, long Count)>();
        using var read = _connection.Prepare(sql);
        using var reader = read.ExecuteReader();
        while (reader.Read())
        {
            counts.Add((reader.GetString(0), reader.GetInt64(1)));
        }

        return counts;
    }

    EventRows ReadEvents(TimeRange range)
    {
        var isAll = range is { FromMs: null, BeforeMs: null };
        var rows = new EventRows(_connection, isAll ? "1" : $"{RollupTable.UsageMs} >= ?1 AND {RollupTable.UsageMs} < ?2");
        if (!isAll)
        {
            rows.Begin(range.FromMs ?? long.MinValue, range.BeforeMs ?? long.MaxValue);
        }

        return rows;
    }

    static bool TryRead<T>(string path, Func<StoreReader, T> read, bool isLast, out T result)
    {
        result = default!;
        StoreFile.RequireStore(path);
        ReadOnlyDatabase? database = null;
        try
        {
            database = ReadOnlyDatabase.Open(path, BusyTimeout);
            using var snapshot = database.Connection.BeginTransaction(deferred: true);
            Schema.RequireReadable(database.Connection, path);
            result = read(new StoreReader(database.Connection, path));
        }
        catch (SqliteException) when (!isLast && database?.IsStillValid() is false)
        {
            return false;
        }
        catch (SqliteException e)
        {
            throw StoreFailure.ExplainReading(path, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw StoreFailure.ExplainReading(path, e);
        }
        finally
        {
            database?.Dispose();
        }

        return database.IsStillValid() || (isLast ? throw StoreFailure.NeverAtRest(path) : false);
    }
}
