using System.Globalization;

namespace TokenGovernance.Benchmarks.Curves;

/// <summary>Curves as Markdown: a table for each thing that grows.</summary>
static class CurveTable
{
    static readonly (string By, string Text)[] Heads = [("events", "responses"), ("sessions", "sessions"), ("rows", "responses in the store")];

    public static void Write(TextWriter output, IReadOnlyList<Curve> curves)
    {
        foreach (var (by, text) in Heads)
        {
            var some = curves.Where(curve => curve.By == by).ToList();
            if (some.Count == 0)
            {
                continue;
            }

            var sizes = some[0].Points.Select(point => point.Size).ToList();
            output.Write($"| {text}: | {string.Join(" | ", sizes.Select(size => size.ToString("N0", CultureInfo.InvariantCulture)))} | size → cost |\n");
            output.Write($"| --- |{string.Concat(sizes.Select(_ => " --- |"))} --- |\n");
            foreach (var curve in some)
            {
                var growth = $"× {Number((double)sizes[^1] / sizes[0])} → × {Number(curve.Growth)}";
                output.Write($"| {curve.Name}, {(curve.Unit is "ms" ? "CPU ms" : curve.Unit)} | {string.Join(" | ", curve.Points.Select(point => Number(point.Cost)))} | {growth}{(curve.IsSteep ? ": too steep" : "")} |\n");
            }

            output.Write("\n");
        }
    }

    /// <summary>Two digits, or all before the point.</summary>
    public static string Number(double value) =>
        value.ToString(value >= 10 ? "#,0" : value >= 1 ? "0.0" : "0.00", CultureInfo.InvariantCulture);
}
