namespace TokenGovernance.Zstandard;

/// <summary>The last three different offsets, the latest first (RFC 8878, 3.1.1.5).</summary>
record struct RepeatedOffsets(uint First, uint Second, uint Third)
{
    public static RepeatedOffsets AtFrameStart => new(1, 4, 8);
}
