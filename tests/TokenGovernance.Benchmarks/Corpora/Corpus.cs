namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>Sessions of invented content, the same each time, and the exact totals that a reader must find.</summary>
/// <remarks>
///     Of the kinds that real homes have: short and very long lines, uneven sessions, archives, copies beside the transcripts
///     (checkpoints), trajectories that repeat usage, and tool output that quotes a usage record and must not be counted.
/// </remarks>
sealed class Corpus
{
    static readonly (string? Channel, string ChatType)[] Channels =
    [
        ("telegram", "direct"), ("whatsapp", "direct"), ("discord", "channel"), ("slack", "group"), ("webchat", "direct"),
        ("heartbeat", "direct"), (null, "direct"),
    ];

    public Corpus(CorpusSize size)
    {
        Size = size;
        var random = new Random(size.Seed);
        Pool = new TextPool(random);
        Sessions = [.. SpreadEvents(size, random).Select((events, number) => Plan(size, number, events, random))];
    }

    public CorpusSize Size { get; }

    public TextPool Pool { get; }

    public IReadOnlyList<PlannedSession> Sessions { get; }

    /// <summary>What all transcripts hold together; complete once each was written.</summary>
    public Totals Expected { get; } = new();

    /// <summary>A generator for something of a session's, always the same.</summary>
    public Random RandomFor(PlannedSession session, int salt = 0) => new(unchecked((Size.Seed * 1_000_003 + session.Number) * 31 + salt));

    /// <summary>Writes the lines of a session and counts them.</summary>
    public ReadOnlySpan<byte> WriteTranscript(TranscriptWriter writer, PlannedSession session) =>
        writer.Write(session, RandomFor(session), Expected);

    /// <summary>Uneven sizes of a given sum.</summary>
    static int[] SpreadEvents(CorpusSize size, Random random)
    {
        var events = new int[size.Sessions];
        for (var i = 0; i < events.Length; i++)
        {
            events[i] = size.Events / size.Sessions + (i < size.Events % size.Sessions ? 1 : 0);
        }

        for (var i = 0; i < events.Length; i++)
        {
            var (from, to) = (random.Next(events.Length), random.Next(events.Length));
            var moved = events[from] / 2;
            events[from] -= moved;
            events[to] += moved;
        }

        return events;
    }

    static PlannedSession Plan(CorpusSize size, int number, int events, Random random)
    {
        var (channel, chatType) = Channels[number % Channels.Length];
        var bytes = new byte[16];
        random.NextBytes(bytes);
        bytes[7] = (byte)(bytes[7] & 0x0F | 0x40);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);

        // One session in ten is an archive, but never the first: the small corpora keep live ones.
        var archive = number == 0 || number % 10 != 0 ? null : random.Next(2) == 0 ? "reset" : "deleted";
        var agent = number % size.Agents == 0 ? "main" : $"agent{number % size.Agents}";

        return new PlannedSession(number, agent, new Guid(bytes), events, channel, chatType, archive);
    }
}
