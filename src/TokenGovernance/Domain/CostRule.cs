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

    /// <summary>How a class is written in the store. An idle call is recorded; no cost is NULL.</summary>
    public static string? TextOf(CostClass cost) => cost switch
    {
        CostClass.Recorded or CostClass.Idle => "recorded",
        CostClass.NoneRecorded => "none-recorded",
        CostClass.ProviderBilled => "provider-billed",
        _ => null,
    };

    static CostClass RecordedOrIdle(long totalTokens, double total) =>
        totalTokens == 0 && total == 0 ? CostClass.Idle : CostClass.Recorded;
}
