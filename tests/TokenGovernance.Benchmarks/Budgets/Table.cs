using System.Globalization;
using TokenGovernance.Benchmarks.Processes;

namespace TokenGovernance.Benchmarks.Budgets;

/// <summary>Measurements in rows, printed as Markdown.</summary>
sealed class Table
{
    readonly List<Row> _rows = [];

    /// <summary>Returns the row of a name; made at its first use.</summary>
    /// <param name="budget">What its minimum may be at most, in seconds.</param>
    /// <param name="rivals">The rows of what its ratios are to.</param>
    public Row this[string name, double? budget = null, (Row Cat, Row Grep)? rivals = null]
    {
        get
        {
            var row = _rows.Find(row => row.Name == name);
            if (row is null)
            {
                _rows.Add(row = new Row(name, budget, rivals));
            }

            return row;
        }
    }

    public void Write(TextWriter output)
    {
        output.WriteLine("| what | budget s | min s | median s | max s | CPU s (min) | peak MiB | time ÷ cat | time ÷ grep | CPU ÷ grep |");
        output.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (var row in _rows)
        {
            output.WriteLine(row.ToMarkdown());
        }
    }

    /// <summary>Runs of the same thing.</summary>
    public sealed class Row(string name, double? budget, (Row Cat, Row Grep)? rivals)
    {
        readonly List<Measurement> _runs = [];

        public string Name { get; } = name;

        public double Wall => _runs.Min(run => run.WallSeconds);

        public double Cpu => _runs.Min(run => run.CpuSeconds);

        public void Add(Measurement run) => _runs.Add(run);

        public string ToMarkdown()
        {
            var walls = _runs.Select(run => run.WallSeconds).Order().ToList();
            var peak = _runs.Max(run => run.PeakBytes);
            string[] cells =
            [
                Name, budget is { } limit ? Seconds(limit) : "", Seconds(walls[0]), Seconds(walls[walls.Count / 2]), Seconds(walls[^1]),
                Seconds(Cpu), peak == 0 ? "" : Number(peak / 1048576.0, "0"),
                rivals is { } a ? Number(Wall / a.Cat.Wall, "0.0") : "",
                rivals is { } b ? Number(Wall / b.Grep.Wall, "0.0") : "",
                rivals is { } c ? Number(Cpu / c.Grep.Cpu, "0.0") : "",
            ];

            return $"| {string.Join(" | ", cells)} |";
        }
    }

    static string Seconds(double seconds) => Number(seconds, "0.00");

    static string Number(double number, string format) => number.ToString(format, CultureInfo.InvariantCulture);
}
