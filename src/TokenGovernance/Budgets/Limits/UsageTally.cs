using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>As much of a total as limits need: there may be a thousand limits for each row.</summary>
struct UsageTally
{
    Int128 _billionths, _tokens, _output;

    public long Events { get; private set; }

    /// <summary>Responses without a price.</summary>
    public long Unpriced { get; private set; }

    /// <summary>Responses of which nobody knows what they used.</summary>
    public long Unmeasured { get; private set; }

    public void Add(in UsageRow row)
    {
        Events += row.Counts.Events;
        _tokens += row.Counts.Total;
        _output += row.Counts.Output;
        switch (row.CostClass)
        {
            case CostClass.Recorded or CostClass.ProviderBilled:
                _billionths += row.Cost.Billionths;
                break;
            case CostClass.NotMeasured:
                Unmeasured += row.Counts.Events;
                break;
            case not CostClass.Idle:
                Unpriced += row.Counts.Events;
                break;
        }
    }

    public void Add(in UsageTally other)
    {
        _billionths += other._billionths;
        _tokens += other._tokens;
        _output += other._output;
        Events += other.Events;
        Unpriced += other.Unpriced;
        Unmeasured += other.Unmeasured;
    }

    /// <summary>What is known of it, in the unit of a limit.</summary>
    public readonly decimal ValueIn(AmountUnit unit) => unit switch
    {
        AmountUnit.Usd => new Money(_billionths).Dollars,
        AmountUnit.Tokens => (decimal)_tokens,
        AmountUnit.OutputTokens => (decimal)_output,
        _ => Events,
    };
}
