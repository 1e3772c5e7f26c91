namespace TokenGovernance.Sources.Json;

/// <summary>A line is so long, and so little of it JSON, that the file cannot be what its name says.</summary>
sealed class JsonLineException(long length) : IOException($"a line of it has no end after {length / (1024 * 1024)} MiB, and is no JSON");
