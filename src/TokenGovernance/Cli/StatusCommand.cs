using System.CommandLine;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Overview;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`status`: how things stand, on one screen or in one line.</summary>
static class StatusCommand
{
    public static Command Create()
    {
        var (db, json) = (SharedOptions.Db(orFleet: true), SharedOptions.Json());
        var isShort = new Option<bool>("--short") { Description = "Print one line, for a prompt or a status bar." };
        var zone = TimeOptions.Zone();
        var command = new Command("status", "Show how things stand: today, this week and this month against the periods before, forecast, quotas, budgets.")
        {
            db, isShort, zone, json,
        };
        command.Validators.Add(result =>
        {
            if (result.IsGiven(isShort) && result.IsGiven(json))
            {
                result.AddError("--short and --json are two forms of the result: give the one or the other.");
            }
        });
        command.SetAction(parse =>
        {
            var store = parse.OpenStore(db);
            var status = Read(parse, store, parse.Zone(zone));
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                StatusJson.Write(output, status);
            }
            else if (parse.GetValue(isShort))
            {
                output.WriteLine(new StatusText(status, default).Short());
            }
            else
            {
                new StatusText(status, Terminal.Of(output)).Write(output);
            }

            parse.NoteIfEmpty(store, status.IsEmpty ? 0 : 1);

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance status", "token-governance status --short", "token-governance status --json");
    }

    static Status Read(ParseResult parse, IStore store, TimeZoneInfo zone)
    {
        var settings = parse.Settings();
        IReadOnlyList<BudgetStatus> budgets = settings.Budgets.Count == 0
            ? []
            : new BudgetWatch(
                settings, settings.Zone ?? TimeZones.Local, store, TimeProvider.System, BudgetPrices.Of(parse, settings, parse.InvocationConfiguration.Error.WriteLine))
                .Read(withRunaways: false).Budgets;

        return Status.Read(store, zone, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), budgets);
    }
}
