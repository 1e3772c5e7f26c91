using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>One file of a session of Claude Code: the session's own, or that of a subagent.</summary>
/// <param name="path">The file.</param>
/// <param name="threadId">The session.</param>
/// <param name="owner">The agent it works for, without a session.</param>
/// <param name="workspace">Only what was done in this folder or below counts; NULL if OpenClaw named the session.</param>
sealed class ClaudeFile(string path, string threadId, SessionIdentity owner, string? workspace) : WatchedFile<ClaudeCheckpoint>(path)
{
    public const string Extension = ".jsonl";

    public string ThreadId => threadId;

    public SessionIdentity Owner => owner;

    /// <summary>When it was written last, as far as anybody looked; ms since 1970.</summary>
    public long WrittenMs => Stat.ModifiedNs / 1_000_000;

    /// <summary>Key of its checkpoint in the store.</summary>
    public string CheckpointKey => KeyOf(Path);

    public static string KeyOf(string path) => "claude:" + path;

    /// <summary>True of the name of a file of lines.</summary>
    public static bool IsName(string name) => name.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>The file of one of the session's subagents.</summary>
    public ClaudeFile Subagent(string path) => new(path, threadId, owner, workspace);

    /// <summary>True if calls made in a folder are the agent's.</summary>
    public bool IsOfAgent(string? folder) =>
        workspace is null || (folder is not null && (folder == workspace || folder.StartsWith(workspace + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)));
}
