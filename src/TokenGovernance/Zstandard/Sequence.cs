namespace TokenGovernance.Zstandard;

/// <summary>An instruction to copy literals, and then bytes that were decoded before (RFC 8878, 3.1.1.3.2).</summary>
/// <param name="Offset">How far back the match lies: may still be too far, or the invalid 0.</param>
readonly record struct Sequence(uint Offset, int LiteralLength, int MatchLength);
