using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Quotas as tables.</summary>
sealed class QuotaFormat(TextWriter output, Screen screen, TimeZoneInfo zone, long nowMs)
{
    const int BarCells = 16;

    static readonly FittedColumn[] WindowColumns =
    [
        new("PROVIDER", 0, CellKind.Name), new("PLAN", 5, CellKind.Text), new("WINDOW", 0, CellKind.Name), new("", 9, CellKind.Chart), new("USED", 0),
        new("RESETS IN", 1, CellKind.Text), new("RESETS", 3, CellKind.Text), new("PER HOUR", 6), new("EMPTY", 2, CellKind.Text), new("READ", 4, CellKind.Text),
    ];

    static readonly FittedColumn[] AmountColumns =
    [
        new("PROVIDER", 0, CellKind.Name), new("KIND", 3, CellKind.Text), new("AMOUNT", 0), new("OF", 1), new("UNIT", 1, CellKind.Text), new("PERIOD", 2, CellKind.Text),
        new("READ", 4, CellKind.Text),
    ];

    static readonly FittedColumn[] HistoryColumns =
    [
        new("READ", 0, CellKind.Text), new("PROVIDER", 0, CellKind.Name), new("KIND", 5, CellKind.Text), new("WINDOW", 1, CellKind.Name), new("USED", 1),
        new("RESETS", 6, CellKind.Text), new("AMOUNT", 2), new("OF", 4), new("UNIT", 3, CellKind.Text), new("ERROR", 1, CellKind.Name),
    ];

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
            FittedTable.Write(output, AmountColumns, [.. quotas.Amounts.Select(Amount)], screen.Width);
        }

        foreach (var error in quotas.Errors)
        {
            output.WriteLine();
            var line = $"{Name(error)}: reading failed {Moment(error.TakenMs)}: {PrintableText.Of(error.Error ?? "no reason given")}";
            output.WriteLine(screen.Width is { } width ? TextWidth.Fit(line, width) : line);
        }
    }

    public void WriteHistory(IEnumerable<QuotaReading> readings) => FittedTable.Write(
        output,
        HistoryColumns,
        [
            .. readings.Select(reading => (string[])
            [
                Moment(reading.TakenMs), Name(reading), PrintableText.Of(reading.Series.Kind), Window(reading), NumberFormat.Percentage(reading.UsedPercent),
                reading.ResetAtMs is { } reset ? Moment(reset) : "", Number(reading.Amount), Number(reading.AmountLimit),
                PrintableText.Of(reading.Series.Unit ?? ""), PrintableText.Of(reading.Error ?? ""),
            ]),
        ],
        screen.Width);

    void WriteWindows(IReadOnlyList<QuotaPace> windows) => FittedTable.Write(
        output,
        [.. WindowColumns.Where(column => screen.Width is not null || column.Kind is not CellKind.Chart)],
        [
            .. windows.Select(window => (string[])
            [
                Name(window.Last), PrintableText.Of(window.Last.Plan ?? ""), Window(window.Last),
                .. screen.Width is null ? Array.Empty<string>() : [Bar(window)],
                window.IsOver ? NumberFormat.Unknown : NumberFormat.Percentage(window.Last.UsedPercent),
                ResetsIn(window), window.Last.ResetAtMs is { } reset ? Moment(reset) : NumberFormat.Unknown,
                NumberFormat.Percentage(window.PercentPerHour), Empty(window), Ago(window.Last.TakenMs),
            ]),
        ],
        screen.Width);

    static string Bar(QuotaPace window) => window.IsOver || window.Last.UsedPercent is not { } used
        ? new string('·', BarCells)
        : NumberFormat.Bar(used / 100, BarCells).PadRight(BarCells, '·');

    string ResetsIn(QuotaPace window) => window.Last.ResetAtMs switch
    {
        null => NumberFormat.Unknown,
        _ when window.IsOver => "not read since",
        { } reset => MomentText.Span(reset - nowMs),
    };

    string Empty(QuotaPace window) => window switch
    {
        { IsOver: true } or { PercentPerHour: null } => NumberFormat.Unknown,
        { Last.UsedPercent: >= 100 } => "now",
        { EmptyAtMs: { } at } when at <= nowMs => "by now, unless it was reset",
        { EmptyAtMs: { } at } => Moment(at),
        { Last.ResetAtMs: null } => "not within a year",
        _ => "not before reset",
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
