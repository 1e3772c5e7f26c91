namespace TokenGovernance.Storage.Metrics;

/// <summary>What tells one series from another; unknown is empty.</summary>
readonly record struct MetricLabels(string Agent, string Provider, string Model, string Channel, string Trigger)
{
    /// <summary>Series at most; what is beyond is counted in one.</summary>
    public const int MostSeries = 5000;

    /// <summary>Agents with jobs at most; what is beyond is counted in one.</summary>
    public const int MostJobs = 200;

    /// <summary>The value of every label of the series that takes the rest.</summary>
    public const string Other = "other";

    const int MaxLength = 120;

    public static MetricLabels Rest { get; } = new(Other, Other, Other, Other, Other);

    /// <summary>A name as a label: unknown is empty, and what is longer than any name is cut.</summary>
    public static string Of(string? name)
    {
        if (name is null || name.Length <= MaxLength)
        {
            return name ?? "";
        }

        return name[..(char.IsHighSurrogate(name[MaxLength - 1]) ? MaxLength - 1 : MaxLength)] + "…";
    }
}
