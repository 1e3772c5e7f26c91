using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`fleet status`: how far each node is, and what is odd.</summary>
static class FleetStatusCommand
{
    static readonly FittedColumn[] Columns =
    [
        new("NODE", 0, CellKind.Name), new("LAST PUSH", 0, CellKind.Text), new("AGO", 0), new("BEHIND", 0), new("VERSION", 0, CellKind.Text), new("LAST ERROR", 0, CellKind.Text),
    ];

    public static Command Create()
    {
        var (db, url, json) = (SharedOptions.Db(), FleetArguments.Url(), SharedOptions.Json());
        var command = new Command("status", "Show how far each node of the fleet has pushed, what this one has still to push, and what is odd.") { db, url, json };
        command.SetAction((parse, stop) => FleetCommand.RunAsync(async () =>
        {
            await using var target = parse.OpenFleet(url);
            var fleet = await target.DoAsync(connection => FleetOverview.ReadAsync(connection, stop), stop);
            var report = FleetReport.Of(fleet, FindOwn(parse.StorePath(db), parse.FleetPlan(ProgramVersion.Text).Name, fleet), DateTime.UtcNow);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                output.WriteLine(JsonSerializer.Serialize(report, FleetReportJson.Default.FleetReport));
            }
            else
            {
                Write(output, report);
            }

            if (fleet.Advice is { } advice)
            {
                parse.InvocationConfiguration.Error.WriteLine($"note: {advice}");
            }

            return ExitCode.Ok;
        }));

        return command.WithExamples("token-governance fleet status", "token-governance fleet status --json");
    }

    /// <summary>How far this machine's store is ahead of the fleet; NULL: there is no store, or no node of it.</summary>
    static OwnLag? FindOwn(string storePath, string name, FleetOverview fleet)
    {
        if (fleet.Nodes.FirstOrDefault(node => node.Name == name)?.Position is not { } token || !File.Exists(storePath))
        {
            return null;
        }

        return StoreReader.Read(storePath, store =>
        {
            var last = token.Position.EventId;
            var waiting = store.FindStoredAfter(last);

            return new OwnLag(name, store.CountEventsAfter(last), waiting is { } ms ? (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - ms) / 1000 : null);
        });
    }

    static void Write(TextWriter output, FleetReport report)
    {
        FittedTable.Write(
            output,
            Columns,
            [
                .. report.Nodes.Select(node => new[]
                {
                    PrintableText.Of(node.Name), node.LastPush ?? "never", node.SecondsAgo is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:#,##0} s") : "",
                    NumberFormat.Count(node.Behind), node.Version ?? "", node.LastError is { } error ? PrintableText.Of($"{node.LastErrorTs} {error}") : "",
                }),
            ],
            width: null);
        output.WriteLine();
        output.WriteLine($"About {NumberFormat.Count(report.EventsEstimated, "event")}, each once.");
        if (report.Own is { } own)
        {
            output.WriteLine(own.Events == 0
                ? $"This machine's store is pushed ({PrintableText.Of(own.Node)})."
                : $"This machine ({PrintableText.Of(own.Node)}) has {NumberFormat.Count(own.Events, "event")} to push, waiting for {NumberFormat.Count(own.Seconds ?? 0, "second")}.");
        }

        (long Count, string Text)[] odd =
        [
            (report.Shared, "rows of further nodes say what is there already: counted once"),
            (report.Conflicts, "of them say other numbers of a response: what came first stands; the view tg_conflicts has both"),
            (report.SetAside, "rows are set aside in tg_set_aside: no store has them since a backup was put back"),
            (report.InDefault, "events are in the default partition: without a time, or of a month that has no partition"),
        ];
        foreach (var (count, text) in odd.Where(line => line.Count > 0))
        {
            output.WriteLine($"{NumberFormat.Count(count)} {text}.");
        }
    }
}

/// <summary>The JSON of `fleet status --json`. Fields may be added, never renamed.</summary>
/// <param name="EventsEstimated">Responses in the fleet, as the server estimates.</param>
/// <param name="Shared">Rows of further nodes of responses that are counted once.</param>
/// <param name="Conflicts">Those of which they say other numbers.</param>
/// <param name="SetAside">Rows that no store has any more since a backup was put back.</param>
/// <param name="InDefault">Events in the default partition.</param>
/// <param name="Own">This machine's store; NULL where it was never pushed.</param>
sealed record FleetReport(
    IReadOnlyList<NodeReport> Nodes, long EventsEstimated, long Shared, long Conflicts, long SetAside, long InDefault, OwnLag? Own)
{
    public static FleetReport Of(FleetOverview fleet, OwnLag? own, DateTime now) => new(
        [.. fleet.Nodes.Select(node => NodeReport.Of(node, now))], fleet.EventsEstimated, fleet.Shared, fleet.Conflicts, fleet.SetAside, fleet.InDefault, own);
}

/// <summary>A node in `fleet status --json`.</summary>
/// <param name="SecondsAgo">Since its last push.</param>
/// <param name="Behind">Events that were left then.</param>
sealed record NodeReport(
    string Name, string? LastPush, long? SecondsAgo, long Behind, long PassedOver, string Columns, string? Version, string? LastError, string? LastErrorTs)
{
    public static NodeReport Of(NodeState node, DateTime now) => new(
        node.Name, TextOf(node.LastPush), node.LastPush is { } last ? (long)(now - last).TotalSeconds : null, node.Behind, node.PassedOver, node.Columns, node.Version, node.LastError,
        TextOf(node.LastErrorAt));

    static string? TextOf(DateTime? time) => time is { } known ? UtcTime.Format(new DateTimeOffset(known)) : null;
}

/// <summary>What this machine has still to push.</summary>
/// <param name="Seconds">Since the first of them was stored.</param>
sealed record OwnLag(string Node, long Events, long? Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(FleetReport))]
sealed partial class FleetReportJson : JsonSerializerContext;
