using System.Text.RegularExpressions;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What a file name in a sessions folder says about the file.</summary>
/// <param name="BaseName">Name of the live file it is or was (`x.jsonl`); the index knows sessions by it.</param>
/// <param name="SessionId">The session by its name; the index may know better.</param>
/// <param name="Stem">What a transcript and its trajectory share: the base name without `.jsonl`.</param>
/// <param name="IsCompressed">It ends in `.zst`.</param>
sealed partial record TranscriptName(TranscriptKind Kind, string BaseName, string SessionId, string Stem, bool IsCompressed)
{
    const string Extension = ".jsonl";
    const string Trajectory = ".trajectory";

    /// <summary>Reads a name; NULL if the file is neither transcript nor trajectory.</summary>
    public static TranscriptName? Parse(string fileName)
    {
        var match = Form().Match(fileName);
        if (!match.Success || fileName.EndsWith(".tmp", StringComparison.Ordinal))
        {
            return null;
        }

        var stem = match.Groups["stem"].Value;
        var isCompressed = match.Groups["zst"].Success;
        var isArchive = match.Groups["archive"].Success;
        if (stem.EndsWith(Trajectory, StringComparison.Ordinal))
        {
            var owner = stem[..^Trajectory.Length];

            return new TranscriptName(TranscriptKind.Trajectory, stem + Extension, IdOf(owner), owner, isCompressed);
        }

        var checkpoint = Checkpoint().Match(stem);
        if (checkpoint.Success)
        {
            var owner = checkpoint.Groups["stem"].Value;

            return new TranscriptName(TranscriptKind.Checkpoint, owner + Extension, IdOf(owner), owner, isCompressed);
        }

        return new TranscriptName(
            isArchive ? TranscriptKind.Archive : TranscriptKind.Live, stem + Extension, IdOf(stem), stem, isCompressed);
    }

    /// <summary>Reads a name of the migration's import archive, `&lt;session key&gt;.&lt;original name&gt;.imported-&lt;ms&gt;`.</summary>
    /// <param name="fileName">The name in the archive folder.</param>
    /// <param name="originalName">The original name, where the migration's manifest tells it.</param>
    /// <param name="headerId">The id in the file's header, which tells names with dots apart from keys with dots.</param>
    public static TranscriptName? ParseImported(string fileName, string? originalName, string? headerId)
    {
        var match = Imported().Match(fileName);
        if (!match.Success)
        {
            return null;
        }

        if (originalName is not null && Parse(originalName) is { } known)
        {
            return known;
        }

        TranscriptName? longest = null;
        var rest = match.Groups["rest"].Value;
        for (var dot = rest.IndexOf('.', StringComparison.Ordinal); dot >= 0; dot = rest.IndexOf('.', dot + 1))
        {
            if (Parse(rest[(dot + 1)..]) is not { } candidate)
            {
                continue;
            }

            if (candidate.SessionId == headerId)
            {
                return candidate;
            }

            longest ??= candidate;
        }

        return longest;
    }

    /// <summary>Takes a fork's time and a topic's number off a name.</summary>
    static string IdOf(string stem) => Decoration().Match(stem).Groups["id"].Value;

    [GeneratedRegex(@"^(?<stem>.+?)\.jsonl(?<archive>\.(reset|deleted|bak)(\.[^/\\]+?)?)?(?<zst>\.zst)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<stem>.+)\.checkpoint\.[0-9A-Za-z-]+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Checkpoint();

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z_)?(?<id>.+?)(-topic-[^.]+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Decoration();

    [GeneratedRegex(@"^(?<rest>.+)\.imported-\d+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Imported();
}

/// <summary>What kind of transcript a file is.</summary>
enum TranscriptKind
{
    /// <summary>OpenClaw may still append to it.</summary>
    Live,

    /// <summary>Set aside by a reset, a deletion or a compaction.</summary>
    Archive,

    /// <summary>A copy from before a compaction: its events count if nothing else has them, its header proves nothing.</summary>
    Checkpoint,

    /// <summary>A record of runs that repeats usage: read for what started a run, never for usage.</summary>
    Trajectory,
}
