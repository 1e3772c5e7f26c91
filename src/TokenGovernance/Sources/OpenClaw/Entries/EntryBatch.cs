using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Entries;

/// <summary>Collects the events among the entries of one transcript, wherever its entries come from.</summary>
/// <param name="parser">Understands one entry.</param>
/// <param name="state">What earlier entries of the transcript said.</param>
/// <param name="session">The transcript's session.</param>
/// <param name="sourceFile">The file the entries are in.</param>
/// <param name="name">What to call the transcript in a message; the file, if it holds only this one.</param>
sealed class EntryBatch(EntryParser parser, TranscriptState state, SessionIdentity session, string sourceFile, string? name = null)
{
    readonly List<UsageEvent> _events = [];

    public IReadOnlyList<UsageEvent> Events => _events;

    /// <summary>Entries that were no JSON object.</summary>
    public int BadLines { get; private set; }

    public string? FirstBadLine { get; private set; }

    /// <summary>Takes in one entry.</summary>
    /// <param name="json">The entry without white space around it.</param>
    /// <param name="textHash">As for <see cref="EntryParser.TryParse" />.</param>
    /// <param name="lineNo">Its line in the file.</param>
    public void Add(ReadOnlySpan<byte> json, ReadOnlySpan<byte> textHash, long lineNo)
    {
        UsageEvent? usage = null;
        var isGood = json is [(byte)'{', .., (byte)'}']
            && (!EntryParser.MayMatter(json) || parser.TryParse(json, textHash, state, session, sourceFile, lineNo, out usage));
        if (!isGood)
        {
            AddBad(lineNo);
        }
        else if (usage is not null)
        {
            _events.Add(usage);
        }
    }

    /// <summary>Counts an entry that cannot be understood.</summary>
    public void AddBad(long lineNo)
    {
        BadLines++;
        FirstBadLine ??= $"{name ?? sourceFile}:{lineNo}";
    }

    /// <summary>The batch so far.</summary>
    public Batch ToBatch(SessionInfo info, Checkpoint checkpoint, long bytesRead) => new()
    {
        Sessions = [info],
        Events = _events,
        Checkpoints = [checkpoint],
        BytesRead = bytesRead,
        BadLines = BadLines,
        FirstBadLine = FirstBadLine,
    };
}
