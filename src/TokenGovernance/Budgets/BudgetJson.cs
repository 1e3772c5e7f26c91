using System.Text.Json;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Budgets;

/// <summary>Budgets and runaways as JSON. Fields may be added, never renamed; unknown is null.</summary>
static class BudgetJson
{
    /// <summary>One object: `budgets`, and of a check what `fired`.</summary>
    public static void Write(TextWriter output, JsonHead head, IReadOnlyList<BudgetStatus> statuses, IReadOnlyList<Alert>? fired) => WriteObject(output, json =>
    {
        head.Write(json);
        WriteBudgets(json, statuses);
        if (fired is not null)
        {
            JsonFields.WriteAll(json, "fired", fired, alert =>
            {
                WriteNames(json, alert);
                json.WriteString("text", alert.Text);
            });
        }
    });

    /// <summary>One object: `alerts`, with their times, in the order given.</summary>
    public static void WriteAlerts(TextWriter output, IReadOnlyList<Alert> alerts) => JsonFields.WriteObject(output, json =>
        JsonFields.WriteAll(json, "alerts", alerts, alert =>
        {
            WriteNames(json, alert);
            JsonFields.WriteTime(json, "fired_at", alert.FiredMs);
            JsonFields.WriteTime(json, "resolved_at", alert.ResolvedMs);
            json.WriteString("text", alert.Text);
        }));

    /// <summary>The field `budgets`.</summary>
    public static void WriteBudgets(Utf8JsonWriter json, IReadOnlyList<BudgetStatus> statuses)
    {
        JsonFields.WriteAll(json, "budgets", statuses.Where(status => !status.IsBefore), status =>
        {
            json.WriteString("name", status.Budget.Name);
            json.WriteString("scope", BudgetTable.ScopeOf(status));
            json.WriteString("instance", status.Instance.Length > 0 ? status.Instance : null);
            json.WriteString("period", status.Budget.Period.ToString());
            json.WriteString("period_start", UtcTime.Format(status.Bounds.StartMs));
            json.WriteString("period_end", status.Bounds.EndMs is { } end ? UtcTime.Format(end) : null);
            json.WriteNumber("used", status.Used);
            json.WriteNumber("limit", status.Budget.Limit.Value);
            json.WriteString("unit", Amount.NameOf(status.Budget.Limit.Unit));
            json.WriteNumber("share", Math.Round(status.Share, 4));
            json.WriteNumber("responses", status.Events);
            json.WriteNumber("unpriced", status.UnpricedEvents);
            json.WriteNumber("unmeasured", status.UnmeasuredEvents);
            json.WriteNumber("estimated_usd", status.Estimated);
            WriteForecast(json, status.Forecast);
            json.WriteString("state", status.State.ToString().ToLowerInvariant());
        });
    }

    /// <summary>One object: `anomalies`.</summary>
    public static void Write(TextWriter output, JsonHead head, IReadOnlyList<(RunawayEpisode Episode, string Text)> episodes) => WriteObject(output, json =>
    {
        head.Write(json);
        JsonFields.WriteAll(json, "anomalies", episodes, one =>
        {
            var (episode, text) = one;
            var signs = episode.Signs;
            json.WriteString("agent", episode.Agent.Length > 0 ? episode.Agent : null);
            json.WriteString("kind", signs.Kind.ToString().ToLowerInvariant());
            json.WriteString("start", UtcTime.Format(episode.StartMs));
            json.WriteString("end", UtcTime.Format(episode.LastMs + QuarterHour.Ms));
            json.WriteBoolean("open", episode.IsOpen);
            json.WriteString("unit", Amount.NameOf(episode.Unit));
            json.WriteNumber("spent", Math.Round(episode.Spent, 6));
            json.WriteNumber("quarter_hour", Math.Round(signs.Quarter, 6));
            json.WriteNumber("hour", Math.Round(signs.Hour, 6));
            json.WriteNumber("usual_quarter_hour", Math.Round(signs.UsualQuarter, 6));
            json.WriteNumber("usual_hour", Math.Round(signs.UsualHour, 6));
            json.WriteNumber("active_days", signs.ActiveDays);
            json.WriteString("text", text);
        });
    });

    /// <summary>One object: `suggestions`.</summary>
    public static void Write(TextWriter output, JsonHead head, IReadOnlyList<BudgetSuggestion> suggestions) => WriteObject(output, json =>
    {
        head.Write(json);
        JsonFields.WriteAll(json, "suggestions", suggestions, suggestion =>
        {
            json.WriteString("agent", suggestion.Agent);
            json.WriteString("period", "day");
            json.WriteNumber("limit", suggestion.Limit.Value);
            json.WriteNumber("busy_day", suggestion.Busy.Value);
            json.WriteString("unit", Amount.NameOf(suggestion.Limit.Unit));
            json.WriteNumber("days", suggestion.Days);
        });
    });

    /// <summary>What names an alert.</summary>
    static void WriteNames(Utf8JsonWriter json, Alert alert)
    {
        json.WriteNumber("id", alert.Id);
        json.WriteString("kind", alert.Kind.ToString().ToLowerInvariant());
        json.WriteString("budget", alert.Budget);
        json.WriteString("instance", alert.Instance.Length > 0 ? alert.Instance : null);
        json.WriteNumber("threshold", alert.Threshold);
    }

    static void WriteForecast(Utf8JsonWriter json, Forecast? forecast)
    {
        if (forecast is not { } known)
        {
            json.WriteNull("forecast");

            return;
        }

        json.WriteStartObject("forecast");
        json.WriteNumber("low", Math.Round(known.Low, 6));
        json.WriteNumber("middle", Math.Round(known.Middle, 6));
        json.WriteNumber("high", Math.Round(known.High, 6));
        json.WriteNumber("days", known.Days);
        json.WriteEndObject();
    }

    static void WriteObject(TextWriter output, Action<Utf8JsonWriter> write)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        output.WriteLine(System.Text.Encoding.UTF8.GetString(stream.ToArray()));
    }
}
