namespace TokenGovernance.Domain;

/// <summary>Names one OpenClaw session: the state directory it lives in, its agent, and its id there.</summary>
/// <param name="Home">Full path of the state directory (`~/.openclaw`).</param>
/// <param name="AgentId">Name of the folder below `agents/`.</param>
/// <param name="SessionId">Usually a UUID, not always (`sess-main-1`).</param>
sealed record SessionIdentity(string Home, string AgentId, string SessionId)
{
    /// <summary>The id that stands for a session which nothing names.</summary>
    public const string Unknown = "";

    /// <summary>Only the agent is known.</summary>
    public bool IsUnknown => SessionId.Length == 0;
}
