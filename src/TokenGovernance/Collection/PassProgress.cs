namespace TokenGovernance.Collection;

/// <summary>How far a pass has come.</summary>
/// <param name="SourcesDone">Sources read to their end.</param>
/// <param name="Sources">Sources that have something new.</param>
/// <param name="Bytes">Bytes stored so far.</param>
/// <param name="Events">Events met so far.</param>
readonly record struct PassProgress(int SourcesDone, int Sources, long Bytes, long Events);
