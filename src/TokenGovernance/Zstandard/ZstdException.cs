using System.Globalization;

namespace TokenGovernance.Zstandard;

/// <summary>The compressed input is malformed, cut short, or asks for more than this decoder gives.</summary>
/// <param name="reason">What is wrong, as a clause without a full stop.</param>
/// <param name="offset">Where in the compressed input, in bytes from its start.</param>
sealed class ZstdException(string reason, long offset)
    : IOException(string.Create(CultureInfo.InvariantCulture, $"Zstandard: {reason} (at input offset {offset})."))
{
    public long Offset { get; } = offset;
}
