namespace TokenGovernance.Domain;

/// <summary>Something that somebody wanted to hear of, as it is stored: it fires once.</summary>
sealed record Alert
{
    /// <summary>The row's number; 0 before it is stored.</summary>
    public long Id { get; init; }

    public required AlertKind Kind { get; init; }

    /// <summary>The budget's name, a provider's window, or `runaway`.</summary>
    public required string Budget { get; init; }

    /// <summary>The agent, job, … that it is about; empty: the budget as a whole.</summary>
    public required string Instance { get; init; }

    /// <summary>When the period began, in ms since 1970; of what has no period, when it happened.</summary>
    public required long PeriodStartMs { get; init; }

    /// <summary>When it ends; NULL if nobody knows yet.</summary>
    public long? PeriodEndMs { get; init; }

    /// <summary>Percent of the limit.</summary>
    public required int Threshold { get; init; }

    public required double Limit { get; init; }

    public required double Value { get; init; }

    /// <summary>`USD`, `tokens`, `output-tokens`, `responses` or `%`.</summary>
    public required string Unit { get; init; }

    /// <summary>Responses without a price that the value does not hold.</summary>
    public long UnpricedEvents { get; init; }

    /// <summary>Dollars of the value that are estimated at list prices; NULL: none.</summary>
    public double? EstimatedUsd { get; init; }

    public required long FiredMs { get; init; }

    /// <summary>When it was over; NULL while it is not.</summary>
    public long? ResolvedMs { get; init; }

    /// <summary>What people read: one or a few sentences.</summary>
    public required string Text { get; init; }
}

/// <summary>What an alert is about.</summary>
enum AlertKind
{
    /// <summary>A threshold of a budget was reached.</summary>
    Budget,

    /// <summary>A budget will probably be exceeded.</summary>
    Forecast,

    /// <summary>A provider's window is used up to a threshold.</summary>
    Quota,

    /// <summary>Spending is out of control.</summary>
    Runaway,
}

/// <summary>A message that is due: the claim on it is stored, so that nobody else sends it too.</summary>
/// <param name="Attempt">From 1.</param>
/// <param name="IsResolution">It says that the alert is over.</param>
/// <param name="IsRepeat">Whoever tried before did not live to say what came of it: perhaps it was delivered.</param>
sealed record DueDelivery(Alert Alert, string Destination, bool IsResolution, int Attempt, bool IsRepeat);
