namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Reads a part of one database.</summary>
interface IDatabaseReader : IEventReader
{
    /// <summary>True once all of its part has been read as it is.</summary>
    bool IsDone { get; }
}
