namespace TokenGovernance.Domain;

/// <summary>OpenClaw says in which of its sessions a thread of another runtime answers, or one turn of that thread.</summary>
/// <param name="Session">The session.</param>
/// <param name="Runtime">The runtime.</param>
/// <param name="Turn">The thread, and the turn where that is said.</param>
/// <param name="Ms">When it was said, in ms since 1970.</param>
/// <param name="RunId">OpenClaw's run.</param>
sealed record ThreadSighting(SessionIdentity Session, string Runtime, RuntimeTurn Turn, long? Ms, string? RunId);
