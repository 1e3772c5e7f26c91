
namespace TokenGovernance.Domain;

/// <summary>One reading of a quota or a running total at one moment. Never summed: the next reading repeats it.</summary>
/// <remarks>NULL is "not said". A failed reading is one snapshot of kind <see cref="SnapshotKind.Error" /> without a provider.</remarks>
sealed record QuotaSnapshot
{
    const double MaxPercent = 1e6, MaxAmount = 1e15;

    /// <summary>When OpenClaw answered, in ms since 1970, UTC.</summary>
    public required long TakenMs { get; init; }

    public SnapshotKind Kind { get; init; }

    /// <summary>The provider's id as OpenClaw wrote it; ids change between its versions, <c>v_provider_usage</c> joins them.</summary>
    public string? Provider { get; init; }

    public string? DisplayName { get; init; }

    /// <summary>The plan's name; OpenClaw 2026.2.9 puts a balance into it, as in `plus ($7.25)`, and there it stays.</summary>
    public string? Plan { get; init; }

    /// <summary>`5h`, `Week`, `Opus`, …; of a billing entry its label, if it has one.</summary>
    public string? WindowLabel { get; init; }

    /// <summary>What several windows belong to, such as a family of models.</summary>
    public string? GroupLabel { get; init; }

    /// <summary>0 to 100, with fractions.</summary>
    public double? UsedPercent { get; init; }

    /// <summary>When the window, spend or budget starts anew, in ms since 1970.</summary>
    public long? ResetAtMs { get; init; }

    /// <summary>The balance, what was spent, or what of a budget is used.</summary>
    public double? Amount { get; init; }

    /// <summary>The budget.</summary>
    public double? AmountLimit { get; init; }

    /// <summary>What amounts are counted in: `USD`, `credits`, …</summary>
    public string? Unit { get; init; }

    /// <summary>`month`, `day`, …: what a spend or budget is for.</summary>
    public string? Period { get; init; }

    /// <summary>E-mail of the provider's account: personal, so only a salted hash of it is ever stored.</summary>
    public string? AccountEmail { get; init; }

    /// <summary>The agent that was asked for; NULL is OpenClaw's default.</summary>
    public string? AgentId { get; init; }

    /// <summary>What the provider, or the whole reading, failed with: one line.</summary>
    public string? Error { get; init; }

    /// <summary>Full path of the state directory.</summary>
    public required string Home { get; init; }

    /// <summary>Cuts off a percentage that is beyond all reason.</summary>
    public static double? BoundPercent(double? percent) => percent is { } known ? Math.Clamp(known, 0, MaxPercent) : null;

    /// <summary>Cuts off an amount that is beyond all reason; what is overdrawn is below zero.</summary>
    public static double? BoundAmount(double? amount) => amount is { } known ? Math.Clamp(known, -MaxAmount, MaxAmount) : null;
}

/// <summary>What a snapshot is a reading of.</summary>
enum SnapshotKind
{
    /// <summary>The share of a quota that is used.</summary>
    Window,

    /// <summary>Money or credits that are left.</summary>
    Balance,

    /// <summary>Money or credits that were spent in a period.</summary>
    Spend,

    /// <summary>What is used of a limit in a period.</summary>
    Budget,

    /// <summary>There was no answer.</summary>
    Error,
}
