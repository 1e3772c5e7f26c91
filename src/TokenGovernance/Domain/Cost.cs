namespace TokenGovernance.Domain;

/// <summary>US dollars as OpenClaw recorded them, not computed here; cut off where no response can cost so much.</summary>
/// <param name="Class">What it is worth to somebody who adds up.</param>
readonly record struct Cost(double? Input, double? Output, double? CacheRead, double? CacheWrite, double? Total, CostClass Class)
{
    public static Cost Unknown => default;

    /// <summary>Of a response that a plan pays for.</summary>
    public static Cost PlanPaid => new(null, null, null, null, null, CostClass.PlanPaid);

    /// <summary>Of an answer of which nothing was measured.</summary>
    public static Cost NotMeasured => new(null, null, null, null, null, CostClass.NotMeasured);

    /// <summary>An amount is written, or the provider said that there is none.</summary>
    public bool AnySaid => Class is CostClass.ProviderBilled || Total > 0 || Input > 0 || Output > 0 || CacheRead > 0 || CacheWrite > 0;

    /// <summary>The cost of a response by what was written of it. Without a total, or with one below zero, there is none.</summary>
    public static Cost Of(
        double? input, double? output, double? cacheRead, double? cacheWrite, double? total, bool isBilled, TokenCounts tokens)
    {
        if (total is not >= 0)
        {
            return Unknown;
        }

        var anyPart = total > 0 || input > 0 || output > 0 || cacheRead > 0 || cacheWrite > 0;

        return new Cost(
            Clamp(input), Clamp(output), Clamp(cacheRead), Clamp(cacheWrite), Clamp(total), CostRule.Classify(isBilled, anyPart, total.Value, tokens));
    }

    static double? Clamp(double? dollars) => dollars is { } known ? Money.Clamp(known) : null;
}
