using TokenGovernance.Budgets.Limits;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Overview;

/// <summary>A status as one screen, or as one line.</summary>
sealed class StatusText(Status status, Screen screen)
{
    const int MaxModels = 3;

    static readonly FittedColumn[] Columns =
    [
        new("", 0, CellKind.Name), new("COST", 0), new("COST BEFORE", 4), new("Δ COST", 1), new("TOKENS", 2), new("TOKENS BEFORE", 6), new("Δ TOKENS", 5),
        new("RESPONSES", 7), new("RESPONSES BEFORE", 9), new("Δ RESPONSES", 8), new("FORECAST", 3),
    ];

    /// <summary>One screen.</summary>
    public void Write(TextWriter output)
    {
        var (now, zone) = (status.NowMs, status.Zone);
        output.WriteLine(screen.Paint($"Status of {MomentText.Minute(now, zone)} ({PrintableText.Of(zone.Id)})", "1"));
        output.WriteLine();
        if (status.IsEmpty)
        {
            output.WriteLine("No usage yet.");

            return;
        }

        List<string[]> rows = [.. status.Periods.Select(Cells)];
        var table = new FittedTable(Columns, rows, screen.Width);
        output.WriteLine(screen.Paint(table.Head, "2"));
        foreach (var (i, row) in rows.Index())
        {
            output.WriteLine(table.Format(i, row));
        }

        var lines = (table.Dropped.Contains(Columns[^1].Title) ? Forecasts() : []).Concat(Lines()).ToList();
        var width = lines.Select(line => line.Name.Length).DefaultIfEmpty().Max();
        if (lines.Count > 0)
        {
            output.WriteLine();
        }

        foreach (var (name, text) in lines)
        {
            screen.WriteWrapped(output, $"{name.PadRight(width)}  ", text);
        }

        output.WriteLine();
        foreach (var note in Notes(table))
        {
            screen.WriteNote(output, note);
        }
    }

    /// <summary>One line, for prompts and bars.</summary>
    public string Short()
    {
        if (status.IsEmpty)
        {
            return "no usage yet";
        }

        var parts = status.Periods.Select(period => $"{Amount(period.Now)} {NameOf(period).ToLowerInvariant()}{ShortChange(period)}").ToList();
        if (status.Month.Report.Outlook is { IsTooEarly: false } outlook && (outlook.Cost ?? outlook.Tokens) is { } forecast)
        {
            parts[^1] += $" (about {(outlook.Cost is null ? NumberFormat.Tokens(forecast.Middle) : NumberFormat.Dollars((decimal)forecast.Middle))} at its end)";
        }

        parts.AddRange(status.Month.Now.Unpriced.Events > 0 ? [$"{NumberFormat.Count(status.Month.Now.Unpriced.Events)} unpriced"] : []);
        parts.AddRange(status.Budgets.Where(budget => !budget.IsBefore && budget.State is BudgetState.Over or BudgetState.Warn)
            .Select(budget => $"{BudgetText.Subject(budget)} {BudgetText.Percent(budget.Share)}"));
        parts.AddRange(status.Quotas.Windows.Where(window => !window.IsOver && window.Last.UsedPercent is not null).MinBy(window => Left(window)) is { } least
            ? [$"{QuotaFormat.Name(least.Last)} {QuotaFormat.Window(least.Last)} {NumberFormat.Percentage(Left(least))} left"]
            : []);

        return string.Join(" · ", parts);
    }

    static double? Left(QuotaPace window) => 100 - window.Last.UsedPercent;

    static string NameOf(StatusPeriod period) => period.Name switch { "today" => "Today", "this-week" => "This week", _ => "This month" };

    static string Amount(UsageTotals totals) =>
        totals.Known is { } known ? NumberFormat.Dollars(known.Dollars)
        : totals.All.Total > 0 ? $"{NumberFormat.Tokens(totals.All.Total)} tokens"
        : NumberFormat.Dollars(0);

    static string ShortChange(StatusPeriod period) =>
        period.Now.Known is { Dollars: > 0 } now && period.Before.Known is { Dollars: > 0 } before
            ? $" {NumberFormat.Change((double)before.Dollars, (double)now.Dollars)}"
            : "";

    static string[] Cells(StatusPeriod period)
    {
        var (now, before) = (period.Now, period.Before);

        return
        [
            NameOf(period),
            NumberFormat.Dollars(now.Known?.Dollars),
            NumberFormat.Dollars(before.Known?.Dollars),
            NumberFormat.Change((double?)before.Known?.Dollars, (double?)now.Known?.Dollars),
            NumberFormat.Tokens(now.All.Total),
            NumberFormat.Tokens(before.All.Total),
            NumberFormat.Change(before.All.Total, now.All.Total),
            NumberFormat.Count(now.All.Events),
            NumberFormat.Count(before.All.Events),
            NumberFormat.Change(before.All.Events, now.All.Events),
            period.Report.Outlook is { } outlook ? ForecastText.Short(outlook) : "",
        ];
    }

    /// <summary>What the table has no room for and everybody asks for.</summary>
    IEnumerable<(string Name, string Text)> Forecasts() => status.Periods.Where(period => period.Report.Outlook is not null)
        .Select(period => ("Forecast", $"{NameOf(period)}: {ForecastText.Short(period.Report.Outlook!)}"));

    IEnumerable<(string Name, string Text)> Lines()
    {
        foreach (var top in status.Tops)
        {
            yield return ($"Top {top.Dimension.NameOf()}", $"{PrintableText.Of(top.ShortName)}: {Amount(top.Totals)} this month ({NumberFormat.Percent(top.Share)})");
        }

        var month = status.Month.Now;
        if (month.Unpriced.Events > 0)
        {
            yield return ("Unpriced",
                $"{NumberFormat.Count(month.Unpriced.Events)} of {NumberFormat.Count(month.All.Events, "response")} this month: {ReportText.Models(status.Month.Report.Unpriced, MaxModels)}");
        }

        if (month.UnmeasuredEvents > 0)
        {
            var most = status.Month.Report.Unmeasured[0];
            yield return ("Unmeasured", $"{UnmeasuredText.Of(month.UnmeasuredEvents, most.Name, most.Totals.UnmeasuredEvents)} this month");
        }

        foreach (var window in status.Quotas.Windows)
        {
            yield return ("Quota", $"{QuotaFormat.Name(window.Last)} {QuotaFormat.Window(window.Last)}: {QuotaOf(window)}");
        }

        foreach (var amount in status.Quotas.Amounts)
        {
            yield return ("Quota", $"{QuotaFormat.Name(amount)} {PrintableText.Of(amount.Series.Kind)}: {NumberOf(amount)}");
        }

        foreach (var budget in status.Budgets.Where(budget => !budget.IsBefore))
        {
            yield return ("Budget",
                $"{BudgetText.Subject(budget)}: {BudgetText.AtLeast(budget)}{BudgetText.Amount(budget.Used, budget.Budget.Limit.Unit)} of"
                + $" {BudgetText.Amount(budget.Budget.Limit.Value, budget.Budget.Limit.Unit)} a {budget.Budget.Period} ({BudgetText.Percent(budget.Share)}), {budget.State.ToString().ToLowerInvariant()}");
        }
    }

    string QuotaOf(QuotaPace window)
    {
        var now = status.NowMs;
        if (window.IsOver || window.Last.UsedPercent is null)
        {
            return $"has reset since it was read {MomentText.Ago(window.Last.TakenMs, now, status.Zone)}";
        }

        var reset = window.Last.ResetAtMs is { } at ? $", resets in {MomentText.Span(at - now)}" : "";
        var empty = window.EmptyAtMs is { } emptyAt && emptyAt > now ? $", empty in {MomentText.Span(emptyAt - now)} at this pace" : "";

        return $"{NumberFormat.Percentage(Left(window))} left{reset}{empty}";
    }

    static string NumberOf(QuotaReading reading) => string.Join(' ', new[]
    {
        reading.Amount is { } amount ? NumberFormat.Amount(amount) : NumberFormat.Unknown,
        reading.AmountLimit is { } limit ? $"of {NumberFormat.Amount(limit)}" : null,
        reading.Series.Unit is { } unit ? PrintableText.Of(unit) : null,
        reading.Series.Period is { } period ? $"({PrintableText.Of(period)})" : null,
    }.OfType<string>());

    IEnumerable<string> Notes(FittedTable table)
    {
        yield return MomentText.Of(status.Freshness, status.NowMs, status.Zone);
        yield return "Before: the same part of the day, week or month before. Forecast: to the end of the week or month, 8 in 10 within the range.";

        // The forecast is not missing: it has lines of its own then.
        var missing = table.Dropped.Where(title => title != Columns[^1].Title).ToList();
        if (FittedTable.MissingOf(missing) is { } sentence)
        {
            yield return sentence;
        }
    }
}
