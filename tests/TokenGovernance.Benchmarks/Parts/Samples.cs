using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Parts;

/// <summary>Lines to measure on: those of one session of the reference corpus.</summary>
static class Samples
{
    static readonly byte[] Transcript = MakeTranscript();

    public static byte[] AllLines => Transcript;

    /// <summary>The line of a role whose length is nearest to the one asked for.</summary>
    public static byte[] Line(string role, int length)
    {
        var mark = System.Text.Encoding.UTF8.GetBytes($"\"message\":{{\"role\":\"{role}\"");
        byte[] best = [];
        foreach (var range in Transcript.AsSpan().Split((byte)'\n'))
        {
            var line = Transcript.AsSpan(range);
            if (line.IndexOf(mark) >= 0 && (best.Length == 0 || Math.Abs(line.Length - length) < Math.Abs(best.Length - length)))
            {
                best = line.ToArray();
            }
        }

        return best;
    }

    static byte[] MakeTranscript()
    {
        var corpus = new Corpus(CorpusSize.Reference with { Events = 1_000, Sessions = 1, Agents = 1 });
        using var writer = new TranscriptWriter(corpus.Pool, corpus.Size.TextBytes);

        return corpus.WriteTranscript(writer, corpus.Sessions[0]).ToArray();
    }
}
