using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>Where `session.store` of OpenClaw's configuration puts indexes and transcripts: a folder for each agent, or one for all.</summary>
/// <param name="home">The state directory.</param>
sealed class SessionStore(string home)
{
    const string Agent = "{agentId}";

    /// <summary>The agent of sessions whose key names none.</summary>
    const string DefaultAgent = "main";

    readonly OpenClawConfiguration _configuration = new(home);
    string? _setting;
    WatchedFolder? _parent;

    /// <summary>What is set, made a full path, or NULL.</summary>
    public string? Pattern => _configuration.FindSessionStore() is { } setting ? TryExpand(setting) : null;

    /// <summary>Returns the folders that hold sessions there.</summary>
    public IReadOnlyList<SessionFolder> Find(long nowMs, PassReport report)
    {
        if (Pattern is not { } pattern)
        {
            return [];
        }

        var place = pattern.IndexOf(Agent, StringComparison.Ordinal);
        if (place < 0)
        {
            return FolderOf(pattern, DefaultAgent) is { } shared ? [shared with { IsShared = true }] : [];
        }

        // The folders that stand where the first {agentId} stands.
        var start = pattern.LastIndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], place) + 1;
        var end = pattern.IndexOfAny([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], place);
        var segment = pattern[start..(end < 0 ? pattern.Length : end)].Split(Agent);
        if (_parent is null || _setting != pattern)
        {
            (_parent, _setting) = (new WatchedFolder(Path.TrimEndingDirectorySeparator(pattern[..start])), pattern);
        }

        _parent.Refresh(nowMs, report);

        return
        [
            .. from name in _parent.Names
               where name.Length > segment[0].Length + segment[^1].Length
                   && name.StartsWith(segment[0], StringComparison.Ordinal) && name.EndsWith(segment[^1], StringComparison.Ordinal)
               let agentId = name[segment[0].Length..^segment[^1].Length]
               let folder = FolderOf(pattern.Replace(Agent, agentId, StringComparison.Ordinal), agentId)
               where folder is not null
               select folder,
        ];
    }

    SessionFolder? FolderOf(string index, string agentId) => Path.GetDirectoryName(index) is { Length: > 0 } folder
        ? new SessionFolder(home, agentId, folder) { Index = index }
        : null;

    string? TryExpand(string setting)
    {
        try
        {
            return Path.GetFullPath(OpenClawUser.ExpandTilde(setting, OpenClawUser.Folder()), home);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
