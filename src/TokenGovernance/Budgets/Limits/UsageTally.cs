using TokenGovernance.Budgets.Usage;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Limits;

/// <summary>As much of a total as limits need: there may be a thousand limits for each row.</summary>
record struct UsageTally
{
    Int128 _billionths, _estimated, _tokens, _output;

    public long Events { get; private set; }

    /// <summary>Responses without a price.</summary>
    public long Unpriced { get; private set; }

    /// <summary>Those of them that have no list price either.</summary>
    public long Inestimable { get; private set; }

    /// <summary>What the others would cost at list prices, in dollars.</summary>
    public readonly decimal Estimated => new Money(_estimated).Dollars;

    /// <summary>Responses of which nobody knows what they used.</summary>
    public long Unmeasured { get; private set; }

    /// <summary>Adds usage.</summary>
    /// <param name="row">The usage.</param>
    /// <param name="estimate">What it would cost at list prices, where it has no price of its own; NULL: nobody asks, or no list names it.</param>
    public void Add(in UsageRow row, Money? estimate = null)
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
                _estimated += estimate?.Billionths ?? 0;
                Inestimable += estimate is null ? row.Counts.Events : 0;
                break;
        }
    }

    public void Add(in UsageTally other)
    {
        _billionths += other._billionths;
        _estimated += other._estimated;
        _tokens += other._tokens;
        _output += other._output;
        Events += other.Events;
        Unpriced += other.Unpriced;
        Inestimable += other.Inestimable;
        Unmeasured += other.Unmeasured;
    }

    /// <summary>What is known of it, in the unit of a limit.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="withEstimate">Of dollars also what is estimated.</param>
    public readonly decimal ValueIn(AmountUnit unit, bool withEstimate) => unit switch
    {
        AmountUnit.Usd => new Money(withEstimate ? _billionths + _estimated : _billionths).Dollars,
        AmountUnit.Tokens => (decimal)_tokens,
        AmountUnit.OutputTokens => (decimal)_output,
        _ => Events,
    };
}
