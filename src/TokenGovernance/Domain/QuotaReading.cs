namespace TokenGovernance.Domain;

/// <summary>One stored reading of a quota, a balance or an error.</summary>
/// <param name="Series">What it is a reading of.</param>
/// <param name="TakenMs">When, in ms since 1970.</param>
sealed record QuotaReading(
    QuotaSeries Series, long TakenMs, string? DisplayName, string? Plan, double? UsedPercent, long? ResetAtMs, double? Amount,
    double? AmountLimit, string? Error);

/// <summary>What the readings of one quota have in common.</summary>
sealed record QuotaSeries(
    string? Home, string? Agent, string? Provider, string? Account, string Kind, string? Group, string? Window, string? Unit, string? Period);
