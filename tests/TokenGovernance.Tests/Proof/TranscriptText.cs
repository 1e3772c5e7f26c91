using System.Text;

namespace TokenGovernance.Tests.Proof;

/// <summary>What is in a log file.</summary>
/// <param name="Session">Whose it is, by its name.</param>
/// <param name="Bytes">All of it.</param>
sealed record TranscriptText(string Session, byte[] Bytes)
{
    /// <summary>What is still to come of its torn last line.</summary>
    public byte[] Rest { get; init; } = [];

    public bool ClaimsOwnership { get; init; } = true;

    /// <summary>False of a trajectory.</summary>
    public bool Counts { get; init; } = true;

    public IEnumerable<string> Lines => Encoding.UTF8.GetString(Bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Its entries with their lines as an editor numbers them. A torn one is nobody's text, so it needs no rule of its own.</summary>
    public IEnumerable<(long Number, string Text)> NumberedEntries(TranscriptWriter writer) =>
        Encoding.UTF8.GetString(Bytes).Split('\n').SelectMany((line, index) => writer.Split(line).DefaultIfEmpty("").Select(text => (index + 1L, text)));
}
