using System.Globalization;
using System.Runtime.InteropServices;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Sources;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;
using TokenGovernance.Sources.OpenClaw.Status;
using TokenGovernance.Sources.OpenClaw.Transcripts;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Diagnostics;

/// <summary>Looks at everything a support answer would ask for, and changes nothing.</summary>
sealed class Doctor(string storePath, IReadOnlyList<string> homePaths, string? openClawBin, string version, TimeProvider time)
{
    const int EarliestYear = 2024;
    static readonly TimeSpan Future = TimeSpan.FromMinutes(5);
    static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    /// <summary>State directories that are there and not among those examined.</summary>
    public IReadOnlyList<string> OtherHomes { get; init; } = [];

    /// <summary>Examines program, store, homes and daemon, in the order a person would ask.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop)
    {
        var findings = new List<Finding>
        {
            new("program", $"token-governance {version}", false, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription.Trim()}"),
        };
        using var store = OpenStore(findings);
        findings.AddRange(ExamineDaemon(store));
        var checkpoints = store?.ReadCheckpoints() ?? [];
        foreach (var path in homePaths)
        {
            ExamineHome(path, checkpoints, findings);
        }

        findings.AddRange(OtherHomes.Select(path => new Finding(
            "home", path, false, "a profile of OpenClaw, not collected unless it is named with --openclaw-home as well")));
        findings.Add(await ExamineOpenClawAsync(stop));
        findings.Add(ExamineClock(store));

        return findings;
    }

    UsageStore? OpenStore(List<Finding> findings)
    {
        try
        {
            var store = UsageStore.OpenExisting(storePath, time);
            if (store.Adoption is { } adoption)
            {
                findings.Add(new Finding("store", storePath, false, adoption.ToString()));
            }

            findings.Add(ExamineStore(store));

            return store;
        }
        catch (UserFacingException e)
        {
            findings.Add(new Finding("store", storePath, true, e.Message));

            return null;
        }
    }

    static Finding ExamineStore(UsageStore store)
    {
        var health = store.Check();
        var size = NumberFormat.Bytes(new FileInfo(store.Path).Length);
        var facts = string.Create(
            CultureInfo.InvariantCulture,
            $"{size}, schema {Schema.Latest}, SQLite {health.SqliteVersion}, {health.Events:#,##0} events"
                + $"{(health.Newest is { } newest ? $", newest {newest}" : "")}");

        return health.Problem is { } problem
            ? new Finding("store", store.Path, true, $"{facts}; damaged: {problem}. Stop the daemon, keep a copy and restore a backup.")
            : IsReadableByOthers(store.Path)
                ? new Finding("store", store.Path, true, $"{facts}; others may read it. Take that right away: chmod 600 {store.Path}")
                : new Finding("store", store.Path, false, $"{facts}, intact");
    }

    static bool IsReadableByOthers(string path) =>
        !OperatingSystem.IsWindows()
        && (File.GetUnixFileMode(path) & (UnixFileMode.GroupRead | UnixFileMode.OtherRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)) != 0;

    IEnumerable<Finding> ExamineDaemon(UsageStore? store)
    {
        var isRunning = DaemonLock.IsTaken(storePath);
        var last = store?.ReadLastPass();
        var text = last is null ? "no pass yet" : $"last pass {last}";
        var isStale = isRunning && UtcTime.TryParse(last, out var ms)
            && time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(ms) > Stale;

        yield return new Finding(
            "daemon", isRunning ? "running" : "not running", isStale,
            isStale ? $"{text}: it stands still. Look at its log." : text);
    }

    void ExamineHome(string path, Dictionary<string, string> checkpoints, List<Finding> findings)
    {
        var home = new OpenClawHome(path);
        var report = new PassReport();
        var agents = home.FindAgents(time.GetUtcNow().ToUnixTimeMilliseconds(), report);
        if (agents.Count == 0)
        {
            findings.Add(new Finding(
                "home", home.Path, true, $"{OpenClawHome.FindObstacle(home.Path)}. Name OpenClaw's state directory with --openclaw-home."));

            return;
        }

        findings.Add(new Finding("home", home.Path, false, agents.Count == 1 ? "1 agent" : $"{agents.Count} agents"));
        findings.AddRange(agents.Select(agent => ExamineAgent(home, agent)));
        findings.AddRange(ExamineSources(path, checkpoints));
    }

    static Finding ExamineAgent(OpenClawHome home, string agent)
    {
        var folder = Path.Combine(home.AgentsFolder, agent);
        var parts = new List<string>();
        var needsAttention = false;
        var logs = CountLogs(Path.Combine(folder, "sessions"));
        if (logs > 0)
        {
            parts.Add($"JSONL era: {logs} {(logs == 1 ? "file" : "files")}");
        }

        var database = Path.Combine(folder, "agent", "openclaw-agent.sqlite");
        if (File.Exists(database))
        {
            try
            {
                var survey = DatabaseSurvey.Read(database);
                parts.Add(survey.HasTranscripts
                    ? $"SQLite era: schema {survey.SchemaVersion}{(survey.AppVersion is { } app ? $", OpenClaw {app}" : "")}"
                    : $"database without transcripts (schema {survey.SchemaVersion})");
            }
            catch (IOException e)
            {
                needsAttention = true;
                parts.Add($"its database cannot be read: {e.Message}");
            }
        }

        return new Finding("agent", agent, needsAttention, parts.Count == 0 ? "nothing to read yet" : string.Join("; ", parts));
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
    IEnumerable<Finding> ExamineSources(string home, Dictionary<string, string> checkpoints)
    {
        var report = new PassReport();
        var changed = 0;
        foreach (var source in new Homes([home]).OpenSources(new StoredCheckpoints(checkpoints), time))
        {
            _ = source.ReadSessions(report).Count();
            changed += source.FindChanged(report).Count;
        }

        yield return new Finding("sources", home, false, changed == 0
            ? "all that is there has been read"
            : $"{changed} {(changed == 1 ? "source has" : "sources have")} something new: the next pass reads it");
        foreach (var (source, reason) in report.Failures)
        {
            yield return new Finding("sources", source, true, $"cannot be read: {reason}");
        }
    }

    /// <summary>Without it there are no quota snapshots; usage is collected all the same.</summary>
    async Task<Finding> ExamineOpenClawAsync(CancellationToken stop)
    {
        var (program, answers, text) = await OpenClawProbe.AskAsync(openClawBin, time, stop);

        return program is null
            ? new Finding("openclaw", "not found", false, $"{text}: no quota snapshots. Name it with --openclaw-bin, or collect with --no-status.")
            : new Finding("openclaw", program, !answers, text);
    }

    Finding ExamineClock(UsageStore? store)
    {
        var now = time.GetUtcNow();
        var newest = UtcTime.TryParse(store?.Check().Newest, out var ms) ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : now;
        var text = UtcTime.Format(now);

        return now.Year < EarliestYear ? new Finding("clock", text, true, "this machine's clock is years behind; set it")
            : newest - now > Future ? new Finding("clock", text, true, $"events lie in the future (up to {UtcTime.Format(newest)}): this clock or OpenClaw's is wrong")
            : new Finding("clock", text, false, $"local time zone {TimeZoneInfo.Local.Id}");
    }
}
