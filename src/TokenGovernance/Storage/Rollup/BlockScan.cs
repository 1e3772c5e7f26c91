using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Rollup;

/// <summary>Adds up plain events, row by row.</summary>
sealed class BlockScan : IDisposable
{
    const int FirstName = 1, Names = 10;

    // Names first, in the order of UsageKey.
    const string Sql = """
        SELECT coalesce(started_ts, event_ts),
          agent_id, session_id, session_key, channel, chat_type, model_provider, model, trigger, job_id, job_name,
          cost_source, stop_reason, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens, total_tokens, cost_total
        FROM usage_events WHERE id BETWEEN ?1 AND ?2
        """;

    static readonly byte[] Failed = Encoding.UTF8.GetBytes(UsageEvent.Failed);

    readonly SqliteRows _rows;
    readonly NameColumn[] _columns;
    readonly List<string?> _names = [null];
    readonly Dictionary<string, int> _indexes = new(StringComparer.Ordinal);
    readonly Dictionary<UsageKey, int> _keys = [];
    readonly Dictionary<(int Quarter, int Key), (UsageCounts Counts, Money Cost)> _sums = [];
    readonly EventTime _time = new();
    readonly Func<string, int> _intern;
    UsageKey _lastKey;
    int _lastKeyIndex = -1;

    public BlockScan(SqliteConnection connection)
    {
        _rows = new SqliteRows(connection, Sql);
        _intern = Intern;
        _columns = [.. Enumerable.Range(0, Names).Select(_ => new NameColumn())];
    }

    /// <summary>Adds up the events of a range of ids.</summary>
    /// <param name="fromId">The first id.</param>
    /// <param name="toId">The last id.</param>
    /// <param name="range">Which of them, by the start of the call.</param>
    public UsageBlock Read(long fromId, long toId, TimeRange range = default)
    {
        Clear();
        _rows.Reset();
        _rows.Bind(1, fromId);
        _rows.Bind(2, toId);
        while (_rows.Next())
        {
            if (_time.IsIn(range, _rows.GetText(0), out var quarter))
            {
                AddRow(quarter);
            }
        }

        _rows.Reset();

        return new UsageBlock(
            [.. _names],
            [.. _keys.Keys],
            [.. _sums.Select(pair => new UsageRow(pair.Key.Quarter, pair.Key.Key, pair.Value.Counts, pair.Value.Cost)).OrderBy(row => row.Quarter).ThenBy(row => row.Key)]);
    }

    public void Dispose() => _rows.Dispose();

    void Clear()
    {
        _names.RemoveRange(1, _names.Count - 1);
        _indexes.Clear();
        _keys.Clear();
        _sums.Clear();
        _lastKeyIndex = -1;
        foreach (var column in _columns)
        {
            column.Clear();
        }
    }

    void AddRow(int quarter)
    {
        var total = _rows.GetInteger(18);
        var cost = _rows.GetReal(19);
        var key = FindKey(new UsageKey(
            Name(0), Name(1), Name(2), Name(3), Name(4), Name(5), Name(6), Name(7), Name(8), Name(9),
            CostRule.Classify(_rows.GetText(11), total, cost)));

        ref var sums = ref CollectionsMarshal.GetValueRefOrAddDefault(_sums, (quarter, key), out _);
        sums.Counts.Add(new UsageCounts
        {
            Events = 1,
            Errors = _rows.GetText(12).SequenceEqual(Failed) ? 1 : 0,
            Input = _rows.GetInteger(13),
            Output = _rows.GetInteger(14),
            CacheRead = _rows.GetInteger(15),
            CacheWrite = _rows.GetInteger(16),
            Reasoning = _rows.GetInteger(17),
            ReasoningSaid = _rows.TypeOf(17) is CellType.Null ? 0 : 1,
            Total = total,
        });
        sums.Cost += Money.FromDollars(cost);
    }

    int FindKey(in UsageKey key)
    {
        if (_lastKeyIndex < 0 || key != _lastKey)
        {
            ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_keys, key, out var known);
            index = known ? index : _keys.Count - 1;
            (_lastKey, _lastKeyIndex) = (key, index);
        }

        return _lastKeyIndex;
    }

    int Name(int column) => _columns[column].Find(_rows, FirstName + column, _intern);

    int Intern(string name)
    {
        ref var index = ref CollectionsMarshal.GetValueRefOrAddDefault(_indexes, name, out var known);
        if (!known)
        {
            index = _names.Count;
            _names.Add(name);
        }

        return index;
    }

    /// <summary>The names of one column by their UTF-8: most rows repeat the one before them.</summary>
    sealed class NameColumn
    {
        readonly Dictionary<byte[], int> _indexes;
        readonly Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> _lookup;
        byte[] _last = [];
        int _lastIndex;

        public NameColumn()
        {
            _indexes = new(Utf8Comparer.Instance);
            _lookup = _indexes.GetAlternateLookup<ReadOnlySpan<byte>>();
        }

        public void Clear()
        {
            _indexes.Clear();
            (_last, _lastIndex) = ([], 0);
        }

        public int Find(SqliteRows rows, int column, Func<string, int> intern)
        {
            var text = rows.GetText(column);
            if (_lastIndex > 0 && text.SequenceEqual(_last))
            {
                return _lastIndex;
            }

            if (text.IsEmpty && rows.TypeOf(column) is CellType.Null)
            {
                return 0;
            }

            if (!_lookup.TryGetValue(text, out var index))
            {
                index = intern(rows.GetString(column)!);
                _lookup[text] = index;
            }

            _lookup.TryGetValue(text, out _last!, out _lastIndex);

            return index;
        }
    }
}
