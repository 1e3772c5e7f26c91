using System.Runtime.InteropServices;
using TokenGovernance.Sources.OpenClaw.Status;

namespace TokenGovernance.Diagnostics;

/// <summary>Examines everything that a support answer would ask for, and changes nothing.</summary>
/// <param name="version">The program's.</param>
/// <param name="store">The store and its daemon.</param>
/// <param name="homePaths">OpenClaw's state directories, full paths.</param>
/// <param name="openClawBin">The program `openclaw`; NULL looks for it on PATH.</param>
/// <param name="time">The clock.</param>
sealed class Doctor(string version, StoreExaminer store, IReadOnlyList<string> homePaths, string? openClawBin, TimeProvider time)
{
    /// <summary>State directories that are there and not among those examined.</summary>
    public IReadOnlyList<string> OtherHomes { get; init; } = [];

    /// <summary>Where Claude Code keeps its sessions, if those are collected; else NULL.</summary>
    public string? ClaudeProjects { get; init; }

    /// <summary>Examines program, store, daemon, homes, `openclaw` and clock, in this order.</summary>
    public async Task<IReadOnlyList<Finding>> ExamineAsync(CancellationToken stop)
    {
        var (findings, checkpoints, clock) = store.Examine();
        var homes = new HomeExaminer(checkpoints, ClaudeProjects, time);

        return
        [
            new("program", $"token-governance {version}", false, $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.OSDescription.Trim()}"),
            .. findings,
            .. homePaths.SelectMany(homes.Examine),
            .. OtherHomes.Select(path => new Finding(
                "home", path, false, "a profile of OpenClaw, not collected unless it is named with --openclaw-home as well")),
            await ExamineOpenClawAsync(stop),
            clock,
        ];
    }

    /// <summary>Without it there are no quota snapshots; usage is collected all the same.</summary>
    async Task<Finding> ExamineOpenClawAsync(CancellationToken stop)
    {
        var (program, answers, text) = await OpenClawProbe.AskAsync(openClawBin, time, stop);

        return program is null
            ? new Finding("openclaw", "not found", false, $"{text}: no quota snapshots. Name it with --openclaw-bin, or collect with --no-status.")
            : new Finding("openclaw", program, !answers, text);
    }
}
