namespace TokenGovernance.Configuration;

/// <summary>The least and the most that a number may be.</summary>
readonly record struct Limits(double Least, double Most)
{
    /// <summary>False for what is no number.</summary>
    public bool Contain(double number) => number >= Least && number <= Most;
}
