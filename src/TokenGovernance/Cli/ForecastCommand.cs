using System.CommandLine;
using System.Globalization;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`forecast`: what this month, or the time from its beginning to some day, will probably come to.</summary>
static class ForecastCommand
{
    const string MonthEnd = "month-end";

    public static Command Create()
    {
        var (db, json, zone) = (SharedOptions.Db(orFleet: true), SharedOptions.Json(), TimeOptions.Zone());
        var by = new Option<string?>("--by") { Description = "One forecast for each name, such as agent.", HelpName = "name" };
        by.AcceptOnlyFromAmong([.. Dimensions.FilterNames]);
        var until = new Option<string>("--until")
        {
            Description = "The last day, such as 2026-12-15; month-end is that of this month.",
            HelpName = "month-end|day",
            DefaultValueFactory = _ => MonthEnd,
        };
        until.CompletionSources.Add(MonthEnd);
        var command = new Command("forecast", "Show what this month will probably come to, by what was used so far and the last 28 days.") { db, by, until, zone, json };
        command.SetAction(parse =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var calendar = new TimeGrammar(parse.Zone(zone), now);
            var month = calendar.Parse("this-month")!.Value;
            var text = parse.GetValue(until)!;
            long? end = text == MonthEnd ? month.BeforeMs : calendar.Parse(text)?.BeforeMs;
            if (end is not { } endMs || endMs <= now.ToUnixTimeMilliseconds())
            {
                throw new UsageException($"--until takes {MonthEnd} or a day to come, such as 2026-12-15, not '{text}'.");
            }

            Dimension? dimension = parse.GetValue(by) is { } name ? Dimensions.Find(name) : null;
            var store = parse.OpenStore(db);
            store.RequireNodes(dimension is { } asked ? [asked] : []);
            var forecasts = UsageForecast.Read(store, dimension, month.FromMs, endMs, MomentText.StartOfMinute(now.ToUnixTimeMilliseconds()));
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                WriteJson(output, JsonHead.Read(store, parse.Zone(zone), new TimeRange(month.FromMs, endMs)), dimension, forecasts);
            }
            else
            {
                WriteTable(output, dimension, forecasts, parse.Zone(zone), endMs);
            }

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance forecast", "token-governance forecast --by agent --until 2026-12-15", "token-governance forecast --json");
    }

    static void WriteTable(TextWriter output, Dimension? by, IReadOnlyList<UsageForecast> forecasts, TimeZoneInfo zone, long endMs)
    {
        var day = new LocalCalendar(zone).DayOf(endMs - 1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        FittedTable.Write(
            output,
            [
                new(by is { } dimension ? dimension.NameOf().ToUpperInvariant() : "", 0, CellKind.Name), new("SO FAR (USD)", 1), new("TOKENS", 2), new($"UNTIL {day}", 0, CellKind.Text),
            ],
            [
                .. forecasts.Select(one => new[]
                {
                    by is null ? "all" : one.Name is { } name ? PrintableText.Of(name) : "unknown", NumberFormat.Dollars(one.SoFar.Known?.Dollars),
                    NumberFormat.Tokens((double)one.SoFar.All.Total), ForecastText.Short(one.Outlook),
                }),
            ],
            Terminal.Of(output).Width);
        Terminal.Of(output).WriteNote(output, $"What was used this month, and for each day that is left the mean of the last {Forecast.MostDays} whole days; 8 in 10 end within the range.");
    }

    static void WriteJson(TextWriter output, JsonHead head, Dimension? by, IReadOnlyList<UsageForecast> forecasts) => JsonFields.WriteObject(output, json =>
    {
        head.Write(json);
        JsonFields.WriteAll(json, "forecasts", forecasts, one =>
        {
            if (by is { } dimension)
            {
                json.WriteString(dimension.NameOf().Replace('-', '_'), one.Name);
            }

            if (one.SoFar.Known is { } known)
            {
                json.WriteNumber("known_cost_usd", known.Dollars);
            }
            else
            {
                json.WriteNull("known_cost_usd");
            }

            json.WriteNumber("tokens", (decimal)one.SoFar.All.Total);
            json.WriteNumber("unpriced_responses", one.SoFar.Unpriced.Events);
            json.WriteNumber("unmeasured_responses", one.SoFar.UnmeasuredEvents);
            JsonFields.WriteOutlook(json, one.Outlook);
        });
    });
}
