using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>How far one session has been read, as it is kept in memory: a large home has a hundred thousand of them.</summary>
/// <remarks>What is only compared is kept as a hash; 0 stands for what is not known.</remarks>
sealed class ReadSession
{
    /// <summary>Of a session of which nothing has been read.</summary>
    public static readonly ReadSession Empty = new("", SessionCursor.Empty);

    readonly ulong _generation, _lastRow, _lastHash, _lastResponse;
    readonly long _lastMs;
    readonly string? _lastResponses;

    ReadSession(string id, SessionCursor cursor)
    {
        Id = id;
        _generation = HashOf(cursor.Generation);
        _lastRow = HashOf(cursor.LastRow);
        _lastHash = HashOf(cursor.LastHash);
        (Seq, StartedMs, IsFork, Provider, Model) = (cursor.Seq, cursor.StartedMs ?? long.MinValue, cursor.IsFork, cursor.Provider, cursor.Model);
        if (!TranscriptState.TryParseOne(cursor.LastResponses, out _lastMs, out _lastResponse))
        {
            _lastResponses = cursor.LastResponses;
        }
    }

    /// <summary>The session's id, one string wherever it is needed.</summary>
    public string Id { get; }

    /// <summary>The last row read.</summary>
    public long Seq { get; }

    public long StartedMs { get; }

    public bool IsFork { get; }

    public string? Provider { get; }

    public string? Model { get; }

    /// <summary>Nothing has been read.</summary>
    public bool IsEmpty => Seq == long.MinValue;

    public static ReadSession Of(string id, SessionCursor cursor) => new(id, cursor);

    public bool HasGeneration(string? generation) => HashOf(generation) == _generation;

    /// <summary>False if the row in the place of the last one is sure to be another.</summary>
    public bool MayBeAt(LastRow row) =>
        (_lastRow == 0 || _lastRow == HashOf(row.Mark)) && (_lastHash == 0 || row.Hash is null || _lastHash == HashOf(row.Hash));

    public TranscriptState ToState() => new()
    {
        Provider = Provider,
        Model = Model,
        LastResponses = _lastResponses ?? (_lastMs == 0 ? null : TranscriptState.One(_lastMs, _lastResponse)),
    };

    /// <summary>FNV-1a.</summary>
    static ulong HashOf(string? text)
    {
        if (text is null)
        {
            return 0;
        }

        var hash = 14_695_981_039_346_656_037UL;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 1_099_511_628_211UL;
        }

        return hash == 0 ? 1 : hash;
    }
}
