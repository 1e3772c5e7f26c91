namespace TokenGovernance.Domain;

/// <summary>Decides whether the cost of a response is known: the one rule for the parser, the store, its views, and reports.</summary>
static class CostRule
{
    /// <summary>The class of a cost that has a total.</summary>
    /// <param name="isBilled">The provider said what it charged.</param>
    /// <param name="anyPart">The total, or a part of it, is more than zero.</param>
    /// <param name="total">US dollars.</param>
    /// <param name="tokens">What was used.</param>
    public static CostClass Classify(bool isBilled, bool anyPart, double total, TokenCounts tokens) =>
        isBilled ? CostClass.ProviderBilled
        : anyPart || !tokens.AnyUsed ? RecordedOrIdle(tokens.Total ?? 0, total)
        : CostClass.NoneRecorded;

    /// <summary>
    ///     Usage as it may be stored. An answer that succeeded used tokens; where neither tokens nor a cost are written, OpenClaw did not
    ///     measure them, and its zeros are none.
    /// </summary>
    /// <param name="tokens">Tokens as they are written.</param>
    /// <param name="cost">The cost as it is written.</param>
    /// <param name="stopReason">How the call ended.</param>
    public static (TokenCounts Tokens, Cost Cost) Measured(in TokenCounts tokens, in Cost cost, string? stopReason) =>
        stopReason is UsageEvent.Failed or UsageEvent.Aborted || tokens.AnySaid || cost.AnySaid ? (tokens, cost) : (default, Cost.NotMeasured);

    /// <summary>True if the amount may be added to others: OpenClaw computed it from a price, or the provider said it.</summary>
    public static bool IsKnown(CostClass cost) => cost is CostClass.Recorded or CostClass.ProviderBilled;

    /// <summary>How a class is written in the store. An idle call is recorded; no cost is NULL.</summary>
    public static string? TextOf(CostClass cost) => cost switch
    {
        CostClass.Recorded or CostClass.Idle => "recorded",
        CostClass.NoneRecorded => "none-recorded",
        CostClass.ProviderBilled => "provider-billed",
        CostClass.NotMeasured => "not-measured",
        CostClass.PlanPaid => "plan-paid",
        _ => null,
    };

    static CostClass RecordedOrIdle(long totalTokens, double total) =>
        totalTokens == 0 && total == 0 ? CostClass.Idle : CostClass.Recorded;
}
