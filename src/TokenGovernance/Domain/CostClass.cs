namespace TokenGovernance.Domain;

/// <summary>Which totals the cost of an event belongs to.</summary>
enum CostClass : byte
{
    /// <summary>No cost was written.</summary>
    Unknown,

    /// <summary>A zero that only means "no price known": none configured, or a plan pays.</summary>
    NoneRecorded,

    /// <summary>OpenClaw computed it from its price list at the time.</summary>
    Recorded,

    /// <summary>The provider said what it charged.</summary>
    ProviderBilled,

    /// <summary>A recorded zero for zero tokens of a call that failed: nothing was used, so that says nothing about a price.</summary>
    Idle,

    /// <summary>A successful answer without tokens and without cost: nobody measured what it used.</summary>
    NotMeasured,

    /// <summary>No cost was written, and the runtime says that a plan pays: a kind of "not known", said more exactly.</summary>
    PlanPaid,
}
