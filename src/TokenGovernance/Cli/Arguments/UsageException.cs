namespace TokenGovernance.Cli.Arguments;

/// <summary>The command line was wrong, in a way that only shows once its options are known together.</summary>
sealed class UsageException(string message) : Exception(message);
