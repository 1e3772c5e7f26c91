using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Retention;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`retention plan`: what would go; nothing is changed.</summary>
static class RetentionPlanCommand
{
    public static Command Create()
    {
        var (db, keep, json) = (SharedOptions.Db(), RetentionArguments.Keep(required: false), SharedOptions.Json());
        var keepSnapshots = RetentionArguments.KeepSnapshots();
        var command = new Command("plan", "Show which single responses would go; changes nothing.") { db, keep, keepSnapshots, json };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            var fleet = await parse.FleetProgressAsync(stop);
            var plan = StoreReader.Read(parse.StorePath(db), store => parse.ReadPlan(store, keep, keepSnapshots, fleet));
            if (parse.GetValue(keep) is null)
            {
                parse.InvocationConfiguration.Error.WriteLine(SourceOf(plan));
            }

            parse.InvocationConfiguration.Output.WriteLine(
                parse.GetValue(json) ? JsonSerializer.Serialize(RetentionPlanReport.Of(plan), RetentionPlanReportJson.Default.RetentionPlanReport) : TextOf(plan));

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance retention plan", "token-governance retention plan --keep 13mo --keep-snapshots 6mo", "token-governance retention plan --keep 400d --json");
    }

    /// <summary>Says why less may go than was asked for; else nothing.</summary>
    public static string? FleetNote(RetentionPlan plan) => plan.FleetWaitsFromMs is { } ms
        ? $"The fleet's database does not have responses from {UtcTime.FormatDay(ms)} on yet, and what it does not have stays. Push first: 'token-governance fleet push'."
        : null;

    /// <summary>Says which time it is for where none was said.</summary>
    static string SourceOf(RetentionPlan plan) => plan.Keep.ToString() == plan.State.Keep
        ? $"Without --keep this is for {plan.Keep}, as 'retention keep' says."
        : $"Without --keep, and because 'retention keep' has said nothing, this is for {plan.Keep}.";

    static string TextOf(RetentionPlan plan)
    {
        var report = RetentionPlanReport.Of(plan);
        var lines = new List<string>();
        if (report.Responses == 0)
        {
            lines.Add($"Nothing to remove: no single response is of before {report.Floor[..10]} (UTC).");
        }
        else
        {
            lines.Add($"Keeping {plan.Keep}: single responses from {report.Floor[..10]} (UTC) on.");
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{NumberFormat.Count(report.Responses)} of {NumberFormat.Count(report.Stored, "response")} would go, of {report.FirstDay} to {report.LastDay} ({NumberFormat.Count(report.Days, "day")}, at most {NumberFormat.Bytes(report.BytesAtMost)})."));
            lines.Add($"Their sums stay: reports and budgets count as before. Nothing was changed; 'token-governance retention apply --keep {plan.Keep}' removes them.");
        }

        if (plan.Snapshots is { } snapshots)
        {
            lines.Add(
                $"{NumberFormat.Count(snapshots.Surplus.Count, "quota reading")} of before {UtcTime.FormatDay(snapshots.BeforeMs)} (UTC) would go with --keep-snapshots {snapshots.Keep}; the first, last and highest of each hour stay.");
        }

        return string.Join('\n', FleetNote(plan) is { } note ? [.. lines, note] : lines);
    }
}

/// <summary>The JSON of `retention plan --json`. Fields may be added, never renamed.</summary>
/// <param name="Keep">For how long single responses are kept.</param>
/// <param name="Floor">From when on.</param>
/// <param name="PresentFloor">From when on now; NULL: all are kept.</param>
/// <param name="Responses">How many would go.</param>
/// <param name="Stored">How many there are.</param>
/// <param name="FirstDay">UTC; NULL: none would go.</param>
/// <param name="LastDay">UTC; NULL: none would go.</param>
/// <param name="Days">How many days they are of.</param>
/// <param name="BytesAtMost">What becomes free for what comes.</param>
/// <param name="FleetWaitsFrom">When the oldest usage began that the fleet's database does not have yet; NULL: that is in nothing's way.</param>
/// <param name="SnapshotsBefore">Of quota readings of before the first, last and highest of each hour stay; NULL: all stay.</param>
/// <param name="Snapshots">How many quota readings would go; NULL: not asked.</param>
sealed record RetentionPlanReport(
    string Keep, string Floor, string? PresentFloor, long Responses, long Stored, string? FirstDay, string? LastDay, long Days, long BytesAtMost, string? FleetWaitsFrom,
    string? SnapshotsBefore, int? Snapshots)
{
    public static RetentionPlanReport Of(RetentionPlan plan) => new(
        plan.Keep.ToString(), UtcTime.Format(plan.FloorMs), TimeOf(plan.State.FloorMs), plan.Usage.Events, plan.Stored, DayOf(plan.Usage.FirstDay),
        DayOf(plan.Usage.LastDay), plan.Usage.Days, plan.MostBytes, TimeOf(plan.FleetWaitsFromMs), TimeOf(plan.Snapshots?.BeforeMs), plan.Snapshots?.Surplus.Count);

    static string? TimeOf(long? ms) => ms is { } known ? UtcTime.Format(known) : null;

    static string? DayOf(long? day) => day is { } known ? UtcTime.FormatDay(known * QuarterHour.DayMs) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(RetentionPlanReport))]
sealed partial class RetentionPlanReportJson : JsonSerializerContext;
