namespace TokenGovernance.Configuration;

/// <summary>The configuration file cannot be used as it is.</summary>
/// <param name="problems">What is wrong, one line each: `path:line: what`.</param>
sealed class ConfigurationException(IReadOnlyList<string> problems) : Exception(string.Join('\n', problems));
