using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Events;

/// <summary>The text of a cost source in the store.</summary>
static class CostSourceText
{
    /// <summary>NULL where there is no cost.</summary>
    public static string? Of(CostSource source) => source switch
    {
        CostSource.Recorded => "recorded",
        CostSource.ProviderBilled => "provider-billed",
        CostSource.NoneRecorded => "none-recorded",
        _ => null,
    };
}
