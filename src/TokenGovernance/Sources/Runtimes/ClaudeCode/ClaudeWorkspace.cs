using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.Runtimes.ClaudeCode;

/// <summary>Claude Code's folder for a folder that is an agent's workspace, or below it.</summary>
/// <param name="path">Claude Code's folder.</param>
/// <param name="folder">The workspace.</param>
/// <param name="owner">The agent, without a session.</param>
/// <param name="looks">What of it has to be looked at.</param>
sealed class ClaudeWorkspace(string path, string folder, SessionIdentity owner, FolderLooks looks)
{
    public string Path => path;

    public string Folder => folder;

    public SessionIdentity Owner => owner;

    public FolderLooks Looks => looks;

    public WatchedFolder Names { get; } = new(path);
}
