using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>A session of a database that has rows past its cursor, or other rows than before.</summary>
/// <param name="Session">The session.</param>
/// <param name="From">Where to go on; an empty cursor reads it from its first row.</param>
/// <param name="Generation">Its generation now.</param>
/// <param name="MaxSeq">Its last row now.</param>
/// <param name="IsOther">It is not the session that was read under this id: restored from a backup, or made anew.</param>
sealed record ChangedSession(SessionIdentity Session, ReadSession From, string? Generation, long MaxSeq, bool IsOther)
{
    public long Rows => From.IsEmpty ? MaxSeq + 1 : MaxSeq - From.Seq;
}
