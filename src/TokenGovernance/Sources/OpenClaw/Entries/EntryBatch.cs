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

    /// <summary>Lines that were no JSON object, or ended in something that is none.</summary>
    public int BadLines { get; private set; }

    public string? FirstBadLine { get; private set; }

    /// <summary>Takes in a line: one entry, or several that a writer glued together when it was killed before a newline.</summary>
    /// <param name="json">The line without white space around it.</param>
    /// <param name="textHash">As for <see cref="EntryParser.TryParse" />.</param>
    /// <param name="lineNo">Its number in the file.</param>
    public void Add(ReadOnlySpan<byte> json, ReadOnlySpan<byte> textHash, long lineNo)
    {
        if (!EntryParser.MayMatter(json))
        {
            if (json is not [(byte)'{', .., (byte)'}'])
            {
                AddBad(lineNo);
            }

            return;
        }

        while (!json.IsEmpty)
        {
            if (!parser.TryParse(json, textHash, state, session, sourceFile, lineNo, out var usage, out var length))
            {
                AddBad(lineNo);

                return;
            }

            if (usage is not null)
            {
                _events.Add(usage);
            }

            json = json[length..].TrimStart(" \t\r\n"u8);
            textHash = [];
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
