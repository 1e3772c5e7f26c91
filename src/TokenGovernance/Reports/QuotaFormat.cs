using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Quotas as tables.</summary>
sealed class QuotaFormat(TextWriter output, Screen screen, TimeZoneInfo zone, long nowMs)
{
    const int BarCells = 16;

    public void Write(Quotas quotas)
    {
        if (quotas.IsEmpty)
        {
            output.WriteLine("No quotas yet. Run 'token-governance collect' to read them from OpenClaw.");

            return;
        }

        if (quotas.Windows.Count > 0)
        {
            WriteWindows(quotas.Windows);
        }

        if (quotas.Amounts.Count > 0)
        {
            output.WriteLine();
            TextTable.Write(
                output,
                [["PROVIDER", "KIND", "AMOUNT", "OF", "UNIT", "PERIOD", "READ"], .. quotas.Amounts.Select(Amount)],
                new HashSet<int> { 2, 3 },
                screen.Width);
        }

        foreach (var error in quotas.Errors)
        {
            output.WriteLine();
            var line = $"{Name(error)}: reading failed {Moment(error.TakenMs)}: {PrintableText.Of(error.Error ?? "no reason given")}";
            output.WriteLine(screen.Width is { } width ? TextWidth.Fit(line, width) : line);
        }
    }

    public void WriteHistory(IEnumerable<QuotaReading> readings) => TextTable.Write(
        output,
        [
            ["READ", "PROVIDER", "KIND", "WINDOW", "USED", "RESETS", "AMOUNT", "OF", "UNIT", "ERROR"],
            .. readings.Select(reading => (string[])
            [
                Moment(reading.TakenMs), Name(reading), PrintableText.Of(reading.Series.Kind), Window(reading), NumberFormat.Percentage(reading.UsedPercent),
                reading.ResetAtMs is { } reset ? Moment(reset) : "", Number(reading.Amount), Number(reading.AmountLimit),
                PrintableText.Of(reading.Series.Unit ?? ""), PrintableText.Of(reading.Error ?? ""),
            ]),
        ],
        new HashSet<int> { 4, 6, 7 },
        screen.Width);

    void WriteWindows(IReadOnlyList<QuotaPace> windows)
    {
        var hasBars = screen.Width is >= 100;
        string[] head = ["PROVIDER", "PLAN", "WINDOW", .. hasBars ? [""] : Array.Empty<string>(), "USED", "RESETS", "PER HOUR", "EMPTY", "READ"];
        var numbers = hasBars ? new HashSet<int> { 4, 6 } : [3, 5];
        TextTable.Write(
            output,
            [
                head,
                .. windows.Select(window => (string[])
                [
                    Name(window.Last), PrintableText.Of(window.Last.Plan ?? ""), Window(window.Last),
                    .. hasBars ? [Bar(window)] : Array.Empty<string>(),
                    window.IsOver ? NumberFormat.Unknown : NumberFormat.Percentage(window.Last.UsedPercent),
                    Resets(window), NumberFormat.Percentage(window.PercentPerHour), Empty(window), Ago(window.Last.TakenMs),
                ]),
            ],
            numbers,
            screen.Width);
    }

    static string Bar(QuotaPace window) => window.IsOver || window.Last.UsedPercent is not { } used
        ? new string('·', BarCells)
        : NumberFormat.Bar(used / 100, BarCells).PadRight(BarCells, '·');

    string Resets(QuotaPace window) => window.Last.ResetAtMs switch
    {
        null => NumberFormat.Unknown,
        _ when window.IsOver => $"{Moment(window.Last.ResetAtMs.Value)}, not read since",
        { } reset => $"{Moment(reset)} (in {MomentText.Span(reset - nowMs)})",
    };

    string Empty(QuotaPace window) => window switch
    {
        { IsOver: true } or { PercentPerHour: null } => NumberFormat.Unknown,
        { Last.UsedPercent: >= 100 } => "now",
        { EmptyAtMs: { } at } when at <= nowMs => "by now, unless it was reset",
        { EmptyAtMs: { } at } => $"at {Moment(at)}",
        { Last.ResetAtMs: null } => "not within a year",
        _ => "not before it resets",
    };

    string[] Amount(QuotaReading reading) =>
    [
        Name(reading), PrintableText.Of(reading.Series.Kind), Number(reading.Amount), Number(reading.AmountLimit),
        PrintableText.Of(reading.Series.Unit ?? ""), PrintableText.Of(reading.Series.Period ?? ""), Ago(reading.TakenMs),
    ];

    /// <summary>The provider, with agent and account where there are several.</summary>
    public static string Name(QuotaReading reading)
    {
        var series = reading.Series;
        var name = series.Provider ?? reading.DisplayName ?? "OpenClaw";

        return PrintableText.Of(name + (series.Agent is { } agent ? $" ({agent})" : "") + (series.Account is { } account ? $" #{account[..Math.Min(4, account.Length)]}" : ""));
    }

    public static string Window(QuotaReading reading) =>
        PrintableText.Of(string.Join(" ", new[] { reading.Series.Group, reading.Series.Window }.Where(part => !string.IsNullOrEmpty(part))));

    static string Number(double? number) => number is { } known ? NumberFormat.Amount(known) : "";

    string Ago(long ms) => nowMs - ms is >= 0 and var age ? $"{MomentText.Span(age)} ago" : Moment(ms);

    string Moment(long ms) => MomentText.Minute(ms, zone);
}
