namespace TokenGovernance.Domain;

/// <summary>Responses and their tokens, counted. Tokens that were not said count as none.</summary>
struct UsageCounts
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

    /// <summary>The part of the cache writes that is kept for an hour.</summary>
    public long CacheWrite1h;

    /// <summary>One response.</summary>
    public static UsageCounts Of(UsageEvent usage) => new()
    {
        Events = 1,
        Errors = usage.StopReason is UsageEvent.Failed ? 1 : 0,
        Input = usage.Tokens.Input ?? 0,
        Output = usage.Tokens.Output ?? 0,
        CacheRead = usage.Tokens.CacheRead ?? 0,
        CacheWrite = usage.Tokens.CacheWrite ?? 0,
        Reasoning = usage.Tokens.Reasoning ?? 0,
        ReasoningSaid = usage.Tokens.Reasoning is null ? 0 : 1,
        Total = usage.Tokens.Total ?? 0,
        CacheWrite1h = usage.Tokens.CacheWrite1h ?? 0,
    };

    /// <summary>What takes these off a sum.</summary>
    public readonly UsageCounts Negative() => new()
    {
        Events = -Events,
        Errors = -Errors,
        Input = -Input,
        Output = -Output,
        CacheRead = -CacheRead,
        CacheWrite = -CacheWrite,
        Reasoning = -Reasoning,
        ReasoningSaid = -ReasoningSaid,
        Total = -Total,
        CacheWrite1h = -CacheWrite1h,
    };

    public void Add(in UsageCounts other)
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
        CacheWrite1h = Sum(CacheWrite1h, other.CacheWrite1h);
    }

    /// <summary>Adds counts; absurd ones end at the largest number instead of below zero.</summary>
    public static long Sum(long a, long b) => b > 0 && a > long.MaxValue - b ? long.MaxValue : a + b;
}
