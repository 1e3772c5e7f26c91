using System.Collections.Concurrent;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources;

/// <summary>What one pass met besides events. Safe to use from several readers at once.</summary>
sealed class PassReport
{
    readonly ConcurrentDictionary<string, string> _failures = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, string> _notes = new(StringComparer.Ordinal);

    public IReadOnlyList<SourceFailure> Failures =>
        [.. _failures.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => new SourceFailure(f.Key, f.Value))];

    /// <summary>Things a person should know although all was read, by source.</summary>
    public IReadOnlyList<SourceFailure> Notes =>
        [.. _notes.OrderBy(n => n.Key, StringComparer.Ordinal).Select(n => new SourceFailure(n.Key, n.Value))];

    /// <summary>True once more evidence waits for the next call than this pass may read.</summary>
    public bool MoreRuns { get; set; }

    public void Note(string source, string text) => _notes[source] = text;

    public void Fail(string source, string reason) => _failures[source] = reason;

    public void Fail(string source, Exception error) => Fail(source, Describe(error));

    /// <summary>Says in a few words, without the path, why something could not be read.</summary>
    static string Describe(Exception error) => error switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "it is not there",
        _ => error.Message,
    };
}
