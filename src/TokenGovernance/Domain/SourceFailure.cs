namespace TokenGovernance.Domain;

/// <summary>A source that could not be read in this pass; the others were.</summary>
/// <param name="Reason">What was wrong, in words a person can act on.</param>
sealed record SourceFailure(string Source, string Reason);
