using System.Text.RegularExpressions;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>What a file name in a sessions folder says about the file.</summary>
/// <param name="Kind">What kind of transcript it is.</param>
/// <param name="Stem">What stands before `.jsonl` (and before `.trajectory`): the whole may be a session's id.</param>
/// <param name="Owner">The stem of the transcript it is a copy of; of any other file its own.</param>
/// <param name="IsCompressed">It ends in `.zst`.</param>
sealed partial record TranscriptName(TranscriptKind Kind, string Stem, string Owner, bool IsCompressed)
{
    const string Extension = ".jsonl";
    const string Trajectory = ".trajectory";

    /// <summary>The session by the name alone: without a fork's time and a topic's number. Index and header may know better.</summary>
    public string SessionId => Decoration().Match(Owner).Groups["id"].Value;

    /// <summary>The name may also be the id of a session of its own: `daily-topic-digest`, `x.checkpoint.y`.</summary>
    public bool IsAmbiguous => Stem != SessionId && !Fork().IsMatch(Stem);

    /// <summary>Reads a name; NULL if the file is neither transcript nor trajectory.</summary>
    public static TranscriptName? Parse(string fileName)
    {
        var match = Form().Match(fileName);
        if (!match.Success)
        {
            return null;
        }

        var stem = match.Groups["stem"].Value;
        var isCompressed = match.Groups["zst"].Success;
        if (stem.EndsWith(Trajectory, StringComparison.Ordinal))
        {
            var owner = stem[..^Trajectory.Length];

            return owner.Length == 0 ? null : new TranscriptName(TranscriptKind.Trajectory, owner, owner, isCompressed);
        }

        var kind = match.Groups["archive"].Success ? TranscriptKind.Archive : match.Groups["copy"].Success ? TranscriptKind.Copy : TranscriptKind.Live;
        var checkpoint = Checkpoint().Match(stem);

        return checkpoint.Success
            ? new TranscriptName(TranscriptKind.Checkpoint, stem, checkpoint.Groups["owner"].Value, isCompressed)
            : new TranscriptName(kind, stem, stem, isCompressed);
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

            if (headerId is not null && (candidate.SessionId == headerId || candidate.Stem == headerId))
            {
                return candidate;
            }

            longest ??= candidate;
        }

        return longest;
    }

    /// <summary>Name of the live file with a stem, by which an index knows a session.</summary>
    public static string LiveName(string stem) => stem + Extension;

    // Whatever follows the first `.jsonl.` names a copy: versions invent new endings. `.tmp` is about to get its real name.
    [GeneratedRegex(
        @"^(?<stem>.+?)\.jsonl((?<archive>\.(reset|deleted|bak)(\.[^/\\]+?)?)|(?<copy>\.[^/\\]+?))?(?<zst>\.zst)?$(?<!\.(tmp|lock))",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex(@"^(?<owner>.+)\.checkpoint\.[0-9A-Za-z-]+$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Checkpoint();

    [GeneratedRegex(@"^(\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z_)?(?<id>.+?)(-topic-[^.]+)?$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Decoration();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d+Z_((?!-topic-)[^.])+$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Fork();

    [GeneratedRegex(@"^(?<rest>.+)\.imported-\d+$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Imported();
}

/// <summary>What kind of transcript a file is.</summary>
enum TranscriptKind
{
    /// <summary>OpenClaw may still append to it.</summary>
    Live,

    /// <summary>Set aside by a reset, a deletion or a compaction.</summary>
    Archive,

    /// <summary>Something that begins with a transcript's name; a copy of it if a transcript is in it.</summary>
    Copy,

    /// <summary>A copy from before a compaction: its events count if nothing else has them, its header proves nothing.</summary>
    Checkpoint,

    /// <summary>A record of runs that repeats usage: read for what started a run, never for usage.</summary>
    Trajectory,
}
