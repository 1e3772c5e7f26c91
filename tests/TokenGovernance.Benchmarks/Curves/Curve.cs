namespace TokenGovernance.Benchmarks.Curves;

/// <summary>What something costs at growing sizes.</summary>
/// <param name="By">What grows: events, sessions, rows.</param>
/// <param name="Name">What is measured.</param>
/// <param name="Unit">Of the cost: `ms` of CPU, or `MiB`.</param>
/// <param name="Noise">A difference below this says nothing.</param>
sealed record Curve(string By, string Name, string Unit, double Noise)
{
    /// <summary>The cost may grow this much faster than the size: caches of the processor are left behind, and machines are shared.</summary>
    const double Tolerance = 1.4;

    readonly List<(long Size, double Cost)> _points = [];

    /// <summary>In the order of size.</summary>
    public IReadOnlyList<(long Size, double Cost)> Points => _points;

    public void Add(long size, double cost) => _points.Add((size, cost));

    /// <summary>From one size to the next the cost grew faster than the size.</summary>
    public bool IsSteep => _points.Zip(_points.Skip(1)).Any(
        pair => pair.Second.Cost - pair.First.Cost > Noise
            && pair.Second.Cost / Math.Max(pair.First.Cost, Noise) > Tolerance * pair.Second.Size / pair.First.Size);

    /// <summary>How many times the cost grew from the first size to the last.</summary>
    public double Growth => _points[^1].Cost / Math.Max(_points[0].Cost, 1e-9);
}
