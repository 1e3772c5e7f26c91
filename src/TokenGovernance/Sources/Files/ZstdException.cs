namespace TokenGovernance.Sources.Files;

/// <summary>Zstandard data is damaged, cut short, or asks for more than it may have.</summary>
/// <param name="reason">What is wrong, as a clause without a full stop.</param>
sealed class ZstdException(string reason) : IOException($"Zstandard: {reason}.")
{
    public static ZstdException CutShort() => new("the data is cut short");
}
