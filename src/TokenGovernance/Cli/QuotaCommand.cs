using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Reports;

namespace TokenGovernance.Cli;

/// <summary>`quota`: what is left of quota windows, balances and budgets.</summary>
static class QuotaCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var history = new Option<bool>("--history") { Description = "Show all stored readings instead of the latest." };
        var times = new TimeOptions();
        var json = SharedOptions.Json();
        var command = new Command("quota", "Show how much of each quota window, balance and budget is used, and when it will run out.") { db, history };
        times.AddTo(command);
        command.Add(json);
        command.Validators.Add(result =>
        {
            if (times.AreGiven(result) && !result.IsGiven(history))
            {
                result.AddError("--since, --until and --period need --history.");
            }
        });
        command.SetAction(parse =>
        {
            var now = TimeProvider.System.GetUtcNow();
            var output = parse.InvocationConfiguration.Output;
            var range = times.Read(parse, now);
            var zone = times.ReadZone(parse);
            var (all, freshness) = parse.OpenStore(db).Read(store =>
            {
                using var rollup = store.OpenRollup();

                return (store.ReadQuotas(), Freshness.Read(store, rollup));
            });
            var format = new QuotaFormat(output, Terminal.Of(output), zone, now.ToUnixTimeMilliseconds());
            var readings = parse.GetValue(history) ? all.Where(reading => range.Contains(reading.TakenMs)) : null;
            switch (readings, parse.GetValue(json))
            {
                case (null, true):
                    QuotaJson.Write(output, new JsonHead(zone, freshness, Range: null), Quotas.Of(all, now.ToUnixTimeMilliseconds()));
                    break;
                case (null, false):
                    format.Write(Quotas.Of(all, now.ToUnixTimeMilliseconds()));
                    break;
                case ({ }, true):
                    QuotaJson.WriteHistory(output, new JsonHead(zone, freshness, range), readings);
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
