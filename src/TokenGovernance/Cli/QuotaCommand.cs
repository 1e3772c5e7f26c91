using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>`quota`: what is left of plans, balances and budgets.</summary>
static class QuotaCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var history = new Option<bool>("--history") { Description = "Every stored reading instead of the last ones." };
        var since = new Option<string?>("--since") { Description = $"With --history: first day or moment, local: {Period.Forms}.", HelpName = "time" };
        var zone = new Option<TimeZoneInfo?>("--tz")
        {
            Description = "Whose clock: a time zone such as Europe/Vienna, or UTC. Default: the configuration's, else this machine's.",
            HelpName = "zone",
            CustomParser = ReportArguments.ParseZone,
        };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("quota", "Show what is left of each provider's windows, balances and budgets, and when it is used up at this pace.")
        {
            db, history, since, zone, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(since) is { Implicit: false } && result.GetResult(history) is null or { Implicit: true })
            {
                result.AddError("--since needs --history.");
            }
        });
        command.SetAction(parse =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var local = parse.Zone(zone);
            var output = parse.InvocationConfiguration.Output;
            var range = new TimeRange(ReportCommand.Bound(new Period(local, now), "--since", parse.GetValue(since), isEnd: false), null);
            using var store = parse.OpenStore(db);
            var format = new QuotaFormat(output, Terminal.Of(output), local, now.ToUnixTimeMilliseconds());
            var readings = parse.GetValue(history) ? QuotaReading.ReadAll(store).Where(reading => !(reading.TakenMs < range.FromMs)) : null;
            switch (readings, parse.GetValue(json))
            {
                case (null, true):
                    QuotaJson.Write(output, Quotas.Read(store, now.ToUnixTimeMilliseconds()));
                    break;
                case (null, false):
                    format.Write(Quotas.Read(store, now.ToUnixTimeMilliseconds()));
                    break;
                case ({ }, true):
                    QuotaJson.WriteHistory(output, readings);
                    break;
                case ({ }, false):
                    format.WriteHistory(readings);
                    break;
            }

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance quota", "token-governance quota --json", "token-governance quota --history --since 7d");
    }
}
