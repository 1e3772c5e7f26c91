using TokenGovernance.Domain;
using TokenGovernance.Sources;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.AgentDatabases;
using TokenGovernance.Sources.OpenClaw.Transcripts;
using TokenGovernance.Sources.Runtimes.ClaudeCode;
using TokenGovernance.Sources.Runtimes.Codex;
using TokenGovernance.Storage;

namespace TokenGovernance.Collection;

/// <summary>The state directories to collect from, and the sources in them.</summary>
sealed class Homes
{
    readonly IReadOnlyList<OpenClawHome> _homes;
    readonly LookRules _rules;

    /// <param name="paths">The directories; one named twice, or through a link, is one.</param>
    /// <param name="rules">How closely each pass looks.</param>
    public Homes(IEnumerable<string> paths, LookRules? rules = null)
    {
        _homes = [.. paths.Select(path => new OpenClawHome(path)).DistinctBy(home => home.Path)];
        _rules = rules ?? new LookRules();
    }

    Homes(IReadOnlyList<OpenClawHome> homes, LookRules rules) => (_homes, _rules) = (homes, rules);

    /// <summary>Where Claude Code keeps its sessions, if those are to be read: they lie outside of the homes. NULL leaves them alone.</summary>
    public string? ClaudeProjects { get; init; }

    /// <summary>The same homes, watched by the system's notices of changes.</summary>
    public Homes With(IFolderNotices notices) => new(_homes, _rules with { Notices = notices }) { ClaudeProjects = ClaudeProjects };

    /// <summary>Takes over what the system told of changes; called before each pass.</summary>
    /// <returns>True if something is sure to have been told.</returns>
    public bool CollectNotices() => _rules.Notices.Collect();

    /// <summary>Waits until the system tells of a change, but not longer than a time.</summary>
    /// <returns>True if it did.</returns>
    public Task<bool> WaitForNoticeAsync(TimeSpan longest, CancellationToken stop) => _rules.Notices.WaitAsync(longest, stop);

    /// <summary>Why changes are not told of, or not of all, or NULL.</summary>
    public string? NoticeLimit => _rules.Notices.Limit;

    /// <summary>True if at least one home holds agents.</summary>
    public bool AnyUsable => _homes.Any(home => home.FindObstacle() is null);

    /// <summary>Returns the full paths of the homes that hold agents.</summary>
    public IReadOnlyList<string> FindUsable() => [.. _homes.Where(home => home.FindObstacle() is null).Select(home => home.Path)];

    /// <summary>Says of each home without agents what was looked for and what to do.</summary>
    public IReadOnlyList<SourceFailure> FindUnusable() =>
    [
        .. from home in _homes
           let obstacle = home.FindObstacle()
           where obstacle is not null
           select new SourceFailure(home.Path, obstacle),
    ];

    /// <summary>A collector of these homes that goes on from the checkpoints of a store.</summary>
    public Collector OpenCollector(UsageStore store, bool rescan, TimeProvider time) =>
        new(store, checkpoints => OpenSources(checkpoints, time), rescan, time);

    public IReadOnlyList<IUsageSource> OpenSources(StoredCheckpoints checkpoints, TimeProvider time) =>
    [
        // A database's own words about its sessions rank before those of the files that a migration left.
        .. _homes.Select(home => new AgentDatabaseSource(home, checkpoints, _rules, time)),
        .. _homes.Select(home => new TranscriptSource(home, checkpoints, _rules, time)),
        .. _homes.Select(home => new CodexSource(home, checkpoints, _rules, time)),
        .. ClaudeProjects is { } projects ? _homes.Select(home => new ClaudeSource(home, projects, checkpoints, _rules, time)) : [],
    ];
}
