using System.Globalization;
using System.Net;
using System.Text;

namespace TokenGovernance.Benchmarks.Curves;

/// <summary>Curves of CPU as one SVG picture, both axes logarithmic. The same numbers make the same picture.</summary>
static class CurvePicture
{
    const int PanelWidth = 330, PlotWidth = 250, PlotHeight = 220, Left = 56, Top = 64, LegendLine = 18;

    static readonly (string By, string Title)[] Panels =
        [("events", "responses collected"), ("sessions", "sessions in a home"), ("rows", "responses in the store")];

    static readonly string[] Dashes = ["", "6 3", "2 3", "8 3 2 3"];

    public static string Draw(IReadOnlyList<Curve> curves)
    {
        var shown = curves.Where(curve => curve.Unit == "ms").ToList();
        var panels = Panels.Where(panel => shown.Exists(curve => curve.By == panel.By)).ToList();
        var longest = panels.Max(panel => shown.Count(curve => curve.By == panel.By));
        var (width, height) = (panels.Count * PanelWidth, Top + PlotHeight + 56 + (longest * LegendLine));
        var costs = shown.SelectMany(curve => curve.Points).Select(point => point.Cost).ToList();
        var (low, high) = (Math.Floor(Math.Log10(Math.Max(costs.Min(), 0.001))), Math.Ceiling(Math.Log10(costs.Max())));
        var svg = new StringBuilder($"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-labelledby="title description">
            <title id="title">How cost grows</title>
            <desc id="description">{Text(Describe(shown))}</desc>
            <style>
            text {"{"} font: 12px system-ui, sans-serif; fill: #24292f; {"}"} .head {"{"} font-weight: 600; {"}"} .grid {"{"} stroke: #d0d7de; {"}"}
            .line {"{"} fill: none; stroke-width: 2; {"}"} .back {"{"} fill: #ffffff; {"}"}
            .c0 {"{"} stroke: #0550ae; {"}"} .c1 {"{"} stroke: #9a3412; {"}"} .c2 {"{"} stroke: #1a7f37; {"}"} .c3 {"{"} stroke: #8250df; {"}"}
            @media (prefers-color-scheme: dark) {"{"} text {"{"} fill: #e6edf3; {"}"} .grid {"{"} stroke: #3d444d; {"}"} .back {"{"} fill: #0d1117; {"}"}
            .c0 {"{"} stroke: #79c0ff; {"}"} .c1 {"{"} stroke: #ffa657; {"}"} .c2 {"{"} stroke: #7ee787; {"}"} .c3 {"{"} stroke: #d2a8ff; {"}"} {"}"}
            </style>
            <rect class="back" width="{width}" height="{height}"/>
            <text class="head" x="{Left}" y="22">CPU time at growing sizes</text>

            """);
        for (var panel = 0; panel < panels.Count; panel++)
        {
            Draw(svg, panel * PanelWidth + Left, panels[panel].Title, [.. shown.Where(curve => curve.By == panels[panel].By)], low, high);
        }

        return svg.Append("</svg>\n").ToString().ReplaceLineEndings("\n");
    }

    static void Draw(StringBuilder svg, int left, string title, List<Curve> curves, double low, double high)
    {
        var sizes = curves[0].Points.Select(point => Math.Log10(point.Size)).ToList();
        var (first, last) = (sizes[0], Math.Max(sizes[^1], sizes[0] + 1));
        double X(double size) => left + ((Math.Log10(size) - first) / (last - first) * PlotWidth);
        double Y(double cost) => Top + PlotHeight - ((Math.Log10(Math.Max(cost, Math.Pow(10, low))) - low) / (high - low) * PlotHeight);

        svg.Append(Invariant($"<text class=\"head\" x=\"{left}\" y=\"{Top - 14}\">{Text(title)}</text>\n"));
        for (var power = low; power <= high; power++)
        {
            var y = Y(Math.Pow(10, power));
            svg.Append(Invariant($"<path class=\"grid\" d=\"M{left} {y:0.#}h{PlotWidth}\"/><text x=\"{left - 6}\" y=\"{y + 4:0.#}\" text-anchor=\"end\">{Text(Cost(power))}</text>\n"));
        }

        foreach (var (size, _) in curves[0].Points)
        {
            svg.Append(Invariant($"<path class=\"grid\" d=\"M{X(size):0.#} {Top}v{PlotHeight}\"/><text x=\"{X(size):0.#}\" y=\"{Top + PlotHeight + 18}\" text-anchor=\"middle\">{Short(size)}</text>\n"));
        }

        for (var i = 0; i < curves.Count; i++)
        {
            var dash = Dashes[i % Dashes.Length] is { Length: > 0 } dashes ? $" stroke-dasharray=\"{dashes}\"" : "";
            var points = string.Join(' ', curves[i].Points.Select(point => Invariant($"{X(point.Size):0.#},{Y(point.Cost):0.#}")));
            var y = Top + PlotHeight + 42 + (i * LegendLine);
            svg.Append(Invariant($"<polyline class=\"line c{i % 4}\"{dash} points=\"{points}\"/>\n"));
            svg.Append(Invariant($"<path class=\"line c{i % 4}\"{dash} d=\"M{left} {y - 4}h28\"/><text x=\"{left + 36}\" y=\"{y}\">{Text(curves[i].Name)}</text>\n"));
        }
    }

    static string Describe(IEnumerable<Curve> curves) => string.Join("; ", curves.Select(curve =>
        $"{curve.Name}: {string.Join(", ", curve.Points.Select(point => $"{CurveTable.Number(point.Cost)} ms at {Short(point.Size)} {curve.By}"))}"));

    static string Cost(double power) => power >= 3 ? $"{Math.Pow(10, power - 3).ToString("0", CultureInfo.InvariantCulture)} s" : $"{Math.Pow(10, power).ToString("0.###", CultureInfo.InvariantCulture)} ms";

    static string Short(long size) => size switch
    {
        >= 1_000_000 => $"{size / 1_000_000} M",
        >= 1_000 => $"{size / 1_000} k",
        _ => size.ToString(CultureInfo.InvariantCulture),
    };

    static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
