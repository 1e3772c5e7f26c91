namespace TokenGovernance.Sources;

/// <summary>A source was written while it was read as if nobody would: no failure, the next pass reads it as it is then.</summary>
sealed class SourceChangedException(Exception? inner = null) : IOException("it changed while it was read", inner);
