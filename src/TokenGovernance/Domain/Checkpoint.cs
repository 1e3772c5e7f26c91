namespace TokenGovernance.Domain;

/// <summary>How far a source has been read: all before it is in the store.</summary>
/// <param name="Key">What is being read, such as `log:/home/me/.openclaw/agents/main/sessions/x.jsonl`.</param>
/// <param name="Value">Compact JSON that only the source understands; NULL forgets the checkpoint.</param>
readonly record struct Checkpoint(string Key, string? Value);
