using System.Buffers;
using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Reports;

/// <summary>Tells which sessions are among the largest by small numbers only: a store may have a hundred thousand, and a report shows twenty.</summary>
/// <remarks>Names and totals of the others are never needed, so they are not read.</remarks>
sealed class LargestSessions
{
    const int UuidLength = 36;

    static readonly SearchValues<char> UuidCharacters = SearchValues.Create("0123456789abcdef-");

    readonly ReportQuery _query;
    readonly IRollup _rollup;
    readonly NameGroups _groups;
    readonly Dictionary<long, (int Group, int Session)> _attributions = [];
    readonly Dictionary<(int Group, int Session), int> _rows = [];
    readonly List<Rank> _ranks = [];
    Rank _least;

    LargestSessions(ReportQuery query, IRollup rollup)
    {
        (_query, _rollup) = (query, rollup);
        _groups = new NameGroups(
            query with { By = [.. query.By.Where(dimension => dimension is not Dimension.Session)], Detail = RowDetail.None }, rollup, trees: null);
    }

    /// <summary>How many rows the report would have.</summary>
    public int Count => _ranks.Count;

    /// <summary>How many of them may be among those that are shown: more than asked for only where some are equal.</summary>
    public int Shown { get; private set; }

    /// <summary>Names of agents that are in several homes.</summary>
    public IReadOnlyList<string> SharedAgents => _groups.SharedAgents;

    /// <summary>Finds the largest sessions; NULL where the query does not ask for such, or for more than their sums can tell.</summary>
    public static LargestSessions? Find(ReportQuery query, IRollup rollup)
    {
        var filters = query.Where.Select(filter => filter.Dimension).ToList();
        var isSimple = query.Top is > 0 && query.By.Contains(Dimension.Session)
            && !query.By.Any(dimension => dimension.IsTime() || dimension is Dimension.Parent or Dimension.Error)
            && !filters.Any(dimension => dimension.IsTime() || dimension is Dimension.Session or Dimension.Parent or Dimension.Error);
        if (!isSimple)
        {
            return null;
        }

        var sessions = new LargestSessions(query, rollup);
        sessions.RankAll(query.Top!.Value);

        return sessions;
    }

    /// <summary>Reads the usage that the filters accept, and whether it is of a session that may be shown.</summary>
    public IEnumerable<(RollupRow Row, bool IsShown)> Read()
    {
        foreach (var row in ReadRows())
        {
            if (FindRow(row) is { } at)
            {
                yield return (row, _ranks[at].CompareTo(_least) >= 0);
            }
        }
    }

    void RankAll(int top)
    {
        LearnSessions();

        // About as many rows will come: lists that grow leave as much again behind.
        _ranks.EnsureCapacity(_attributions.Count);
        _rows.EnsureCapacity(_attributions.Count);
        foreach (var row in ReadRows())
        {
            if (FindRow(row) is { } at)
            {
                CollectionsMarshal.AsSpan(_ranks)[at].Add(row);
            }
        }

        if (_ranks.Count > top)
        {
            var sort = _query.Sort ?? SortBy.Cost;
            var largest = new PriorityQueue<Rank, Rank>(top + 1);
            foreach (ref var rank in CollectionsMarshal.AsSpan(_ranks))
            {
                rank = rank.For(sort);
                if (largest.Count < top)
                {
                    largest.Enqueue(rank, rank);
                }
                else
                {
                    largest.EnqueueDequeue(rank, rank);
                }
            }

            _least = largest.Peek();
        }
        else
        {
            _least = new Rank { First = Int128.MinValue };
        }

        Shown = _ranks.Count(rank => rank.CompareTo(_least) >= 0);
    }

    /// <summary>Two agents may have sessions of one id: they are two. One session in two homes is one.</summary>
    void LearnSessions()
    {
        // Almost all are UUIDs, which as numbers take a fifth of the memory of texts.
        var agents = new Dictionary<string, int>(StringComparer.Ordinal);
        var uuids = new Dictionary<(int Agent, Guid Session), int>();
        var others = new Dictionary<(int Agent, string Session), int>();
        foreach (var (attribution, group, agentName, session) in _rollup.ReadSessions(_query.Range))
        {
            ref var agent = ref CollectionsMarshal.GetValueRefOrAddDefault(agents, agentName, out var isKnown);
            agent = isKnown ? agent : agents.Count;
            ref var number = ref UuidOf(session) is { } uuid
                ? ref CollectionsMarshal.GetValueRefOrAddDefault(uuids, (agent, uuid), out isKnown)
                : ref CollectionsMarshal.GetValueRefOrAddDefault(others, (agent, session), out isKnown);
            number = isKnown ? number : uuids.Count + others.Count;
            _attributions[attribution] = (checked((int)group), number);
        }
    }

    /// <summary>The UUID that is written as this text; NULL: it is another text, if only by a capital letter or a space, which the parser would let pass.</summary>
    static Guid? UuidOf(string text) =>
        text.Length == UuidLength && !text.AsSpan().ContainsAnyExcept(UuidCharacters) && Guid.TryParseExact(text, "D", out var uuid) ? uuid : null;

    IEnumerable<RollupRow> ReadRows() => _rollup.Read(RollupLevel.Attributions, _query.Range, _ => DayCut.Whole);

    /// <summary>The number of the row that usage belongs to; NULL: a filter leaves it out.</summary>
    int? FindRow(in RollupRow row)
    {
        var (group, session) = _attributions[row.Attribution];
        if (_groups.Find(group, row.Model) is not { } names)
        {
            return null;
        }

        ref var at = ref CollectionsMarshal.GetValueRefOrAddDefault(_rows, (names, session), out var isKnown);
        if (!isKnown)
        {
            at = _ranks.Count;
            _ranks.Add(default);
        }

        return at;
    }

    /// <summary>As much of totals as decides the order of rows; see <see cref="RowOrder.Largest" />.</summary>
    struct Rank : IComparable<Rank>
    {
        /// <summary>Billionths of the known cost; at last what is sorted by.</summary>
        public Int128 First;
        long _tokens, _events, _priced, _idle;

        public void Add(in RollupRow row)
        {
            _tokens = UsageCounts.Sum(_tokens, row.Counts.Total);
            _events += row.Counts.Events;
            if (CostRule.IsKnown(row.CostClass))
            {
                First += row.Cost.Billionths;
                _priced += row.Counts.Events;
            }
            else if (row.CostClass is CostClass.Idle)
            {
                _idle += row.Counts.Events;
            }
        }

        /// <summary>An unknown cost comes after every known one; where calls did nothing but fail, it is known to be zero.</summary>
        public readonly Rank For(SortBy sort) => this with
        {
            First = sort switch
            {
                SortBy.Cost => _priced > 0 || _idle == _events ? First : -1,
                SortBy.Events => _events,
                _ => 0,
            },
        };

        public readonly int CompareTo(Rank other) => First.CompareTo(other.First) is var order and not 0 ? order : _tokens.CompareTo(other._tokens);
    }
}
