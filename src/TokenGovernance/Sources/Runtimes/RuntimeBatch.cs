using TokenGovernance.Domain;

namespace TokenGovernance.Sources.Runtimes;

/// <summary>Collects the calls among the lines of one file.</summary>
/// <param name="sourceFile">The file.</param>
abstract class RuntimeBatch(string sourceFile)
{
    readonly List<UsageEvent> _events = [];
    int _badLines;
    string? _firstBadLine;

    public int Count => _events.Count;

    protected string SourceFile => sourceFile;

    /// <summary>Takes in a line: one object, or several that a writer glued together when it was killed before a newline.</summary>
    public abstract void Add(ReadOnlySpan<byte> line, long lineNo);

    public Batch ToBatch(Checkpoint? checkpoint, long bytesRead) => new()
    {
        Events = _events,
        Checkpoints = checkpoint is { } value ? [value] : [],
        BytesRead = bytesRead,
        BadLines = _badLines,
        FirstBadLine = _firstBadLine,
    };

    protected void Add(UsageEvent usage) => _events.Add(usage);

    protected void AddBad(long lineNo)
    {
        _badLines++;
        _firstBadLine ??= $"{sourceFile}:{lineNo}";
    }
}
