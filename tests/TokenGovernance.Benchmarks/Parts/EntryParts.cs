using BenchmarkDotNet.Attributes;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Benchmarks.Parts;

/// <summary>From bytes to events.</summary>
public class EntryParts
{
    readonly byte[] _assistant = Samples.Line("assistant", 1_500);
    readonly byte[] _toolResult = Samples.Line("toolResult", 4_000);
    readonly byte[] _transcript = Samples.AllLines;
    readonly string _id = "0a1b2c3d";
    readonly EntryParser _parser = new();
    readonly TranscriptState _state = new();
    readonly SessionIdentity _session = new("home", "main", "session");

    [Benchmark]
    public object? ParseAnAssistantLine()
    {
        _parser.TryParse(_assistant, [], _state, _session, "file", 1, out var usage, out _);

        return usage;
    }

    [Benchmark]
    public bool SeeThatAToolResultOf4KBDoesNotMatter() => EntryParser.MayMatter(_toolResult);

    [Benchmark]
    public long CutATranscriptOf1000EventsIntoLines()
    {
        using var lines = new JsonLineReader(new MemoryStream(_transcript));
        while (lines.Next())
        {
        }

        return lines.Newlines;
    }

    [Benchmark]
    public object MakeAnEventKey() => EventKey.FromEntry(_id, 1_785_542_400_000);
}
