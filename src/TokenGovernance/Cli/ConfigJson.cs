using System.Text.Json;
using TokenGovernance.Configuration;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>The JSON of `config check --json`: what the file says, without secrets. Fields may be added, never renamed; what it does not say is null.</summary>
static class ConfigJson
{
    /// <param name="output">Where to.</param>
    /// <param name="settings">What the file says.</param>
    /// <param name="path">Where it is, or would be; NULL: this user has no place for one.</param>
    public static void Write(TextWriter output, Settings settings, string? path) => JsonFields.WriteObject(output, json =>
    {
        json.WriteString("path", path);
        json.WriteBoolean("exists", settings.Path is not null);
        json.WriteString("db", settings.Db);
        JsonFields.WriteTexts(json, "openclaw_homes", settings.OpenClawHomes);
        json.WriteString("openclaw_bin", settings.OpenClawBin);
        json.WriteString("prices", settings.Prices);
        json.WriteString("time_zone", settings.Zone?.Id);
        json.WriteBoolean("reads_claude", settings.Runtimes.Claude);
        WriteCollect(json, settings.Collect);
        WriteObject(json, "serve", settings.Serve, serve =>
        {
            json.WriteString("listen", serve.Listen);
            json.WriteBoolean("has_token", serve.TokenFile is not null);
            JsonFields.WriteTexts(json, "allow_hosts", serve.AllowHosts);
            json.WriteBoolean("no_dashboard", serve.NoDashboard);
        });
        WriteObject(json, "fleet", settings.Fleet, fleet =>
        {
            json.WriteString("address", fleet.Address?.ToString());
            json.WriteString("name", fleet.Name);
            json.WriteBoolean("all_columns", fleet.AllColumns);
            json.WriteNumber("interval_sec", fleet.IntervalSec);
        });
        JsonFields.WriteAll(json, "budgets", settings.Budgets, budget =>
        {
            json.WriteString("name", budget.Name);
            JsonFields.WriteTexts(json, "where", budget.Where.Select(LimitsText.Of));
            json.WriteString("each", budget.Each?.NameOf());
            json.WriteString("period", budget.Period.ToString());
            json.WriteString("limit", budget.Limit.ToString());
            WriteNumbers(json, "warn", budget.Warn);
            json.WriteBoolean("warns_by_forecast", budget.WarnsByForecast);
            json.WriteString("unpriced", budget.Unpriced.ToString().ToLowerInvariant());
            JsonFields.WriteTexts(json, "notify", budget.Notify);
            json.WriteString("disables_job", budget.DisabledJob);
        });
        JsonFields.WriteAll(json, "quotas", settings.Quotas, quota =>
        {
            json.WriteString("provider", quota.Provider);
            json.WriteString("window", quota.Window);
            WriteNumbers(json, "warn", quota.Warn);
            JsonFields.WriteTexts(json, "notify", quota.Notify);
        });
        WriteObject(json, "runaway", settings.Runaway, runaway =>
        {
            JsonFields.WriteTexts(json, "where", runaway.Where.Select(LimitsText.Of));
            json.WriteNumber("factor", runaway.Factor);
            json.WriteNumber("floor_usd", runaway.FloorUsd);
            json.WriteNumber("floor_output_tokens", runaway.FloorOutputTokens);
            JsonFields.WriteTexts(json, "notify", runaway.Notify);
        });
        JsonFields.WriteAll(json, "destinations", settings.Destinations, destination =>
        {
            json.WriteString("name", destination.Name);
            json.WriteString("description", destination.Description);
        });
        JsonFields.WriteTexts(json, "warnings", settings.Warnings);
    });

    static void WriteCollect(Utf8JsonWriter json, CollectSettings collect)
    {
        json.WriteStartObject("collect");
        JsonFields.WriteNumber(json, "interval_sec", collect.IntervalSec);
        JsonFields.WriteNumber(json, "status_every", (long?)collect.StatusEvery);
        json.WriteBoolean("no_status", collect.NoStatus);
        json.WriteBoolean("no_alerts", collect.NoAlerts);
        JsonFields.WriteTexts(json, "agents", collect.Agents);
        JsonFields.WriteNumber(json, "status_timeout_sec", collect.StatusTimeoutSec);
        JsonFields.WriteNumber(json, "status_keep_min", collect.StatusKeepMin);
        json.WriteString("log_format", collect.LogFormat);
        json.WriteBoolean("quiet", collect.Quiet);
        json.WriteBoolean("verbose", collect.Verbose);
        json.WriteEndObject();
    }

    static void WriteObject<T>(Utf8JsonWriter json, string name, T? value, Action<T> write)
        where T : class
    {
        if (value is null)
        {
            json.WriteNull(name);

            return;
        }

        json.WriteStartObject(name);
        write(value);
        json.WriteEndObject();
    }

    static void WriteNumbers(Utf8JsonWriter json, string name, IReadOnlyList<int> numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
