namespace TokenGovernance.Benchmarks.Curves;

/// <summary>At which sizes curves are measured.</summary>
/// <param name="Events">Responses of a first collection.</param>
/// <param name="Sessions">Sessions of a home.</param>
/// <param name="Rows">Responses in a store.</param>
sealed record CurveSizes(IReadOnlyList<long> Events, IReadOnlyList<long> Sessions, IReadOnlyList<long> Rows)
{
    public static readonly string[] Names = ["quick", "usual", "full"];

    /// <summary>quick takes some minutes, usual about ten times as long, full needs 20 GB and an hour or two.</summary>
    public static CurveSizes Of(string name) => name switch
    {
        "quick" => new([10_000, 50_000], [200, 2_000], [1_000, 10_000, 100_000]),
        "usual" => new([10_000, 100_000, 1_000_000], [200, 2_000, 20_000, 100_000], [1_000, 10_000, 100_000, 1_000_000]),
        _ => new([10_000, 100_000, 1_000_000, 10_000_000], [200, 2_000, 20_000, 100_000], [1_000, 10_000, 100_000, 1_000_000, 10_000_000]),
    };
}
