namespace TokenGovernance.Sources;

/// <summary>How many bytes may still be read in a pass.</summary>
sealed class ByteBudget(long bytes)
{
    public long Left { get; private set; } = bytes;

    public bool IsSpent => Left <= 0;

    public void Spend(long bytes) => Left -= bytes;
}
