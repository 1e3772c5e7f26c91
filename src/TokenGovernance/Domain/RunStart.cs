namespace TokenGovernance.Domain;

/// <summary>The `session.started` record of a trajectory: what started a run, and in which session.</summary>
/// <param name="Trigger">`user`, `cron`, `heartbeat`, `memory`, … as OpenClaw wrote it.</param>
sealed record RunStart(SessionIdentity Session, string? RunId, long StartedMs, string Trigger);
