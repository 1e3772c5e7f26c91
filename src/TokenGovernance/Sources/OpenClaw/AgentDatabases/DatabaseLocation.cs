using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Where a database is, whose it is, and the keys of its checkpoints.</summary>
/// <param name="Path">Full path of the file.</param>
/// <param name="Home">The state directory.</param>
/// <param name="AgentId">Its agent.</param>
sealed record DatabaseLocation(string Path, string Home, string AgentId)
{
    /// <summary>Key of the checkpoint of the database as a whole.</summary>
    public string Key => $"store:{Path}";

    public string ArchiveKeys => $"archive:{Path}#";

    public SessionIdentity Session(string sessionId) => new(Home, AgentId, sessionId);

    public string KeyOf(string sessionId) => $"store:{Path}#{sessionId}";

    public string RunKeyOf(string sessionId) => $"runs:{Path}#{sessionId}";
}
