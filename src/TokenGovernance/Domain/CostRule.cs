namespace TokenGovernance.Domain;

/// <summary>Decides whether the cost of a response is known: the one rule for the parser, the store, its views, and reports.</summary>
static class CostRule
{
    /// <summary>How a class is written in the store. An idle call is recorded; no cost is NULL.</summary>
    static readonly (CostClass Class, string Text, byte[] Utf8)[] Texts =
    [
        (CostClass.Recorded, "recorded", "recorded"u8.ToArray()),
        (CostClass.NoneRecorded, "none-recorded", "none-recorded"u8.ToArray()),
        (CostClass.ProviderBilled, "provider-billed", "provider-billed"u8.ToArray()),
    ];

    /// <summary>The texts in the store of costs that are known.</summary>
    public static IEnumerable<string> KnownTexts => Texts.Where(text => IsKnown(text.Class)).Select(text => text.Text);

    /// <summary>The class of a cost that has a total.</summary>
    /// <param name="isBilled">The provider said what it charged.</param>
    /// <param name="anyPart">The total, or a part of it, is more than zero.</param>
    /// <param name="total">US dollars.</param>
    /// <param name="tokens">What was used.</param>
    public static CostClass Classify(bool isBilled, bool anyPart, double total, TokenCounts tokens) =>
        isBilled ? CostClass.ProviderBilled
        : anyPart || !tokens.AnyUsed ? RecordedOrIdle(tokens.Total ?? 0, total)
        : CostClass.NoneRecorded;

    /// <summary>The class of a cost that is stored.</summary>
    /// <param name="text">How it is written, in UTF-8; empty for NULL.</param>
    /// <param name="totalTokens">0 for unknown.</param>
    /// <param name="total">US dollars; 0 for unknown.</param>
    public static CostClass Classify(ReadOnlySpan<byte> text, long totalTokens, double total)
    {
        foreach (var known in Texts)
        {
            if (text.SequenceEqual(known.Utf8))
            {
                return known.Class is CostClass.Recorded ? RecordedOrIdle(totalTokens, total) : known.Class;
            }
        }

        return CostClass.Unknown;
    }

    public static string? TextOf(CostClass cost)
    {
        var written = cost is CostClass.Idle ? CostClass.Recorded : cost;

        return Array.Find(Texts, text => text.Class == written).Text;
    }

    /// <summary>Somebody said a price: the amount may be added.</summary>
    public static bool IsKnown(CostClass cost) => cost is CostClass.Recorded or CostClass.ProviderBilled;

    /// <summary>Something was used at an unknown price: that must be said wherever an amount stands.</summary>
    public static bool IsUnpriced(CostClass cost) => cost is CostClass.Unknown or CostClass.NoneRecorded;

    static CostClass RecordedOrIdle(long totalTokens, double total) =>
        totalTokens == 0 && total == 0 ? CostClass.Idle : CostClass.Recorded;
}
