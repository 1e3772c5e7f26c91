using System.Text.RegularExpressions;
using TokenGovernance.Domain;

namespace TokenGovernance.Storage.LegacyImport;

/// <summary>What the path of a transcript says, `&lt;home&gt;/agents/&lt;agent&gt;/sessions/&lt;file&gt;`, as the original stored it.</summary>
/// <param name="Home">The state directory; NULL if the path has another form.</param>
/// <param name="FileName">Its last part.</param>
/// <param name="Stem">What the original took for the session's id: the file name without `.jsonl`.</param>
/// <param name="SessionId">The session by the name: without a fork's time, a topic's number, a checkpoint's id.</param>
/// <param name="ForkedMs">When the fork was made, if the name says it is one.</param>
/// <param name="IsCheckpoint">A copy from before a compaction.</param>
/// <param name="IsTrajectory">A record of runs: what it says of usage is said in the transcript.</param>
sealed partial record LegacyPath(
    string? Home, string? AgentId, string FileName, string Stem, string SessionId, long? ForkedMs, bool IsCheckpoint, bool IsTrajectory)
{
    public static LegacyPath Parse(string? path)
    {
        var place = Place().Match(path ?? "");
        var name = place.Groups["file"].Value;
        var stem = name.EndsWith(".jsonl", StringComparison.Ordinal) ? name[..^".jsonl".Length] : name;
        var form = Form().Match(stem);

        return new LegacyPath(
            Known(place.Groups["home"]),
            Known(place.Groups["agent"]),
            name,
            stem,
            form.Groups["id"].Value,
            form.Groups["time"].Success ? ParseForkTime(form.Groups["time"].Value) : null,
            form.Groups["checkpoint"].Success,
            name.EndsWith(".trajectory.jsonl", StringComparison.Ordinal));
    }

    /// <summary>True if a file is this one, or became of it: an archive of it, or its copy that the migration keeps.</summary>
    public bool IsOriginOf(string sourceFile)
    {
        var name = sourceFile[(sourceFile.LastIndexOfAny(['/', '\\']) + 1)..];

        return FileName.Length > 0 && (name == FileName
            || name.StartsWith($"{FileName}.", StringComparison.Ordinal)
            || name.Contains($".{FileName}.", StringComparison.Ordinal));
    }

    static string? Known(Group group) => group is { Success: true, Value: { Length: > 0 } value } ? value : null;

    /// <summary>`2026-11-21T20-30-07-022Z`: colons and dots are not allowed in every file name.</summary>
    static long? ParseForkTime(string time) =>
        UtcTime.TryParse($"{time[..13]}:{time[14..16]}:{time[17..19]}.{time[20..]}", out var ms) ? ms : null;

    [GeneratedRegex(
        @"^((?<home>.*)[/\\]agents[/\\](?<agent>[^/\\]+)[/\\]sessions[/\\]|.*[/\\])?(?<file>[^/\\]*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Place();

    [GeneratedRegex(
        @"^((?<time>\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{1,7}Z)_)?(?<id>.*?)(?<checkpoint>\.checkpoint\.[0-9A-Za-z-]+)?(-topic-[^.]+)?$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex Form();
}
