namespace TokenGovernance.Serving.Api;

/// <summary>A client asked for something that cannot be meant; the message says what, in the words of the command line.</summary>
sealed class BadQueryException(string message) : Exception(message);
