namespace TokenGovernance.Domain;

/// <summary>Sums over events that are alike. Tokens that were not said count as none.</summary>
struct UsageSums
{
    /// <summary>How many model responses.</summary>
    public long Events;

    /// <summary>How many of them failed (`stop_reason` is `error`).</summary>
    public long Errors;

    public long Input;
    public long Output;
    public long CacheRead;
    public long CacheWrite;

    /// <summary>A part of the output.</summary>
    public long Reasoning;

    /// <summary>How many responses say how much of their output was reasoning.</summary>
    public long ReasoningSaid;

    public long Total;

    /// <summary>What was recorded, whatever that is worth.</summary>
    public MoneySum Cost;

    public void Add(in UsageSums other)
    {
        Events += other.Events;
        Errors += other.Errors;
        Input = Sum(Input, other.Input);
        Output = Sum(Output, other.Output);
        CacheRead = Sum(CacheRead, other.CacheRead);
        CacheWrite = Sum(CacheWrite, other.CacheWrite);
        Reasoning = Sum(Reasoning, other.Reasoning);
        ReasoningSaid += other.ReasoningSaid;
        Total = Sum(Total, other.Total);
        Cost += other.Cost;
    }

    /// <summary>Adds counts that are not negative; absurd ones end at the largest number instead of below zero.</summary>
    static long Sum(long a, long b) => a > long.MaxValue - b ? long.MaxValue : a + b;
}
