using TokenGovernance.Collection;
using TokenGovernance.Sources;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;
using TokenGovernance.Sources.OpenClaw.Transcripts;

namespace TokenGovernance.Diagnostics;

/// <summary>Looks at a home: which agents are there, in which form, and what the next pass would read.</summary>
/// <param name="checkpoints">Those of the store.</param>
/// <param name="claudeProjects">Where Claude Code keeps its sessions, if those are collected.</param>
/// <param name="time">The clock.</param>
sealed class HomeExaminer(Dictionary<string, string> checkpoints, string? claudeProjects, TimeProvider time)
{
    public IReadOnlyList<Finding> Examine(string path)
    {
        var home = new OpenClawHome(path);
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        var agents = home.FindAgents(now, new PassReport());
        var elsewhere = home.FindSessionFolders(now, new PassReport()).ExceptBy(agents.Select(agent => agent.Sessions.Path), folder => folder.Path).ToList();

        return home.FindObstacle() is { } obstacle
            ?
            [
                new Finding("home", home.Path, true, $"{obstacle}. Name OpenClaw's state directory with --openclaw-home."),
            ]
            :
            [
                new Finding("home", home.Path, false, agents.Count == 1 ? "1 agent" : $"{agents.Count} agents"),
                .. ExamineFileSystem(home.Path),
                .. agents.Select(ExamineAgent),
                .. elsewhere.Select(ExamineElsewhere),
                .. ExamineSources(path),
            ];
    }

    /// <summary>A home whose changes the system does not tell of costs more to watch.</summary>
    static IEnumerable<Finding> ExamineFileSystem(string home) => FileSystemType.FindSilent(home) is { } type
        ? [new Finding("home", home, false, $"on {type}, where the system does not tell of all changes: a daemon looks at every file in every pass")]
        : [];

    static Finding ExamineAgent(AgentFolder agent)
    {
        var parts = new List<string>();
        var needsAttention = false;
        var logs = CountLogs(agent.Sessions.Path);
        if (logs > 0)
        {
            parts.Add($"JSONL era: {logs} {(logs == 1 ? "file" : "files")}");
        }

        if (File.Exists(agent.Database))
        {
            try
            {
                var survey = DatabaseSurvey.Read(agent.Database);
                parts.Add(survey.HasTranscripts
                    ? $"SQLite era: schema {survey.SchemaVersion}{(survey.AppVersion is { } app ? $", OpenClaw {app}" : "")}"
                    : $"database without transcripts (schema {survey.SchemaVersion})");
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                needsAttention = true;
                parts.Add($"its database cannot be read: {e.Message}");
            }
        }

        return new Finding("agent", agent.AgentId, needsAttention, parts.Count == 0 ? "nothing to read yet" : string.Join("; ", parts));
    }

    /// <summary>A folder that the configuration names.</summary>
    static Finding ExamineElsewhere(SessionFolder folder)
    {
        var logs = CountLogs(folder.Path);

        return new Finding("sessions", folder.Path, false, $"{logs} {(logs == 1 ? "file" : "files")}; session.store puts them there");
    }

    static int CountLogs(string folder)
    {
        try
        {
            return Directory.EnumerateFiles(folder)
                .Count(path => TranscriptName.Parse(Path.GetFileName(path)) is { Kind: not TranscriptKind.Trajectory });
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    /// <summary>Looks for what the next pass would read, without reading it.</summary>
    IEnumerable<Finding> ExamineSources(string home)
    {
        var report = new PassReport();
        var news = new SourceGuard(report).Poll(new Homes([home]) { ClaudeProjects = claudeProjects }.OpenSources(new StoredCheckpoints(checkpoints), time));
        var changed = news.Readers.Count;

        yield return new Finding("sources", home, false, changed == 0
            ? "all that is there has been read"
            : $"{changed} {(changed == 1 ? "source has" : "sources have")} something new: the next pass reads it");
        foreach (var (source, reason) in report.Failures)
        {
            yield return new Finding("sources", source, true, $"cannot be read: {reason}");
        }
    }
}
