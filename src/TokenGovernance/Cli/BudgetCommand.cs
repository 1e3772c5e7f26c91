using System.CommandLine;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Budgets.Limits;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`budget`: how limits stand; and checks, tests and suggestions of them.</summary>
static class BudgetCommand
{
    public static Command Create()
    {
        var (db, json) = (SharedOptions.Db(orFleet: true), SharedOptions.Json());
        var command = new Command("budget", "Show how the budgets of the configuration file stand.")
        {
            db, json, Check(), Test(), Suggest(), Resume(),
        };
        command.SetAction(parse =>
        {
            using var session = new BudgetSession(parse, db);
            Write(parse, json, session, session.Watch.Read(withRunaways: false).Budgets, fired: null);

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance budget", "token-governance budget check", "token-governance budget test research-day", "token-governance budget suggest");
    }

    static Command Check()
    {
        var (db, json) = (SharedOptions.Db(orFleet: true), SharedOptions.Json());
        var failOn = new Option<string>("--fail-on")
        {
            Description = "What makes the exit code 4: a limit that is reached, a threshold, or also a forecast above the limit.",
            HelpName = "over|warn|forecast",
            DefaultValueFactory = _ => "over",
        };
        failOn.AcceptOnlyFromAmong("over", "warn", "forecast");
        var noDeliver = new Option<bool>("--no-deliver") { Description = "Only look: store nothing and send nothing." };
        var command = new Command("check", "Look at all limits once, send what is due, and end with 4 if one is reached; for cron, without a daemon.")
        {
            db, json, failOn, noDeliver,
        };
        command.SetAction(async (parse, stop) =>
        {
            await Task.Yield();

            using var session = new BudgetSession(parse, db);
            if (session.Store.HasNodes && !parse.GetValue(noDeliver))
            {
                throw new UsageException("The database of a fleet is only read, and what was told is kept nowhere: add --no-deliver.");
            }

            var view = session.Watch.Read(withRunaways: !parse.GetValue(noDeliver));
            IReadOnlyList<Alert> fired = [];
            if (!parse.GetValue(noDeliver))
            {
                using var store = UsageStore.Open(parse.StorePath(db));
                var recorder = new AlertRecorder(session.Settings, session.Destinations, TimeProvider.System);
                fired = store.ChangeAlerts(table => recorder.Record(table, view));
                Report(await DeliveryRun.RunAsync(store, new Outbox(session.Destinations, TimeProvider.System), stop), parse);
            }

            Write(parse, json, session, view.Budgets, fired);

            return view.Budgets.Any(status => !status.IsBefore && Fails(status, parse.GetValue(failOn)!)) ? ExitCode.BudgetExceeded : ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance budget check", "token-governance budget check --fail-on forecast --json", "token-governance budget check --no-deliver");
    }

    static Command Test()
    {
        var json = SharedOptions.Json();
        var name = new Argument<string>("name") { Description = "A budget, or a destination of the configuration file." };
        name.CompleteConfigured(settings => [.. settings.Budgets.Select(budget => budget.Name), .. settings.Destinations.Select(destination => destination.Name)]);
        var command = new Command("test", "Send a test message to a budget's destinations, or to one destination.") { name, json };
        command.SetAction(async (parse, stop) =>
        {
            await Task.Yield();

            var settings = parse.Settings();
            var text = parse.GetRequiredValue(name);
            var notify = settings.Budgets.FirstOrDefault(budget => budget.Name == text)?.Notify
                ?? (settings.Destinations.Any(destination => destination.Name == text) ? new[] { text } : null)
                ?? throw new UsageException($"There is no budget and no destination '{text}' in {settings.Path ?? "the configuration: there is no file"}.");
            if (notify.Count == 0)
            {
                throw new UsageException($"The budget '{text}' tells nobody: give it notify = [\"…\"].");
            }

            using var destinations = BudgetSession.DestinationsOf(parse);
            var message = AlertMessage.Test(text, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
            var results = await Task.WhenAll(notify.Select(async to => (To: to, Error: await destinations.Find(to)!.SendAsync(message, stop))));
            BudgetTestReport.Write(parse.InvocationConfiguration.Output, results, parse.GetValue(json));

            return results.All(result => result.Error is null) ? ExitCode.Ok : ExitCode.Failed;
        });

        return command.WithExamples("token-governance budget test research-day", "token-governance budget test me --json");
    }

    static Command Suggest()
    {
        var (db, json) = (SharedOptions.Db(orFleet: true), SharedOptions.Json());
        var command = new Command("suggest", "Print limits for a day that nearly all of the last 28 days would have kept, as they stand in the file.") { db, json };
        command.SetAction(parse =>
        {
            var (store, zone) = (parse.OpenStore(db), parse.Settings().Zone ?? TimeZones.Local);
            var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            var suggestions = BudgetSuggestion.Read(store, zone, nowMs);
            var output = parse.InvocationConfiguration.Output;
            if (parse.GetValue(json))
            {
                BudgetJson.Write(output, JsonHead.Read(store, zone, BudgetSuggestion.RangeAt(nowMs)), suggestions);
            }
            else if (suggestions.Count == 0)
            {
                output.WriteLine("# Nothing was used in the last 28 days.");
            }
            else
            {
                output.Write(string.Join("\n", suggestions.Select(suggestion => suggestion.ToToml().ReplaceLineEndings("\n") + "\n")));
            }

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance budget suggest", "token-governance budget suggest >> config.toml");
    }

    static Command Resume()
    {
        var name = new Argument<string>("name") { Description = "A budget with action = \"disable-job\"." };
        name.CompleteConfigured(settings => [.. settings.Budgets.Where(budget => budget.DisabledJob is not null).Select(budget => budget.Name)]);
        var command = new Command("resume", "Enable the cron job again that a budget disabled.") { name };
        command.SetAction(async (parse, stop) =>
        {
            await Task.Yield();

            var text = parse.GetRequiredValue(name);
            var job = parse.Settings().Budgets.FirstOrDefault(budget => budget.Name == text)?.DisabledJob
                ?? throw new UsageException($"There is no budget '{text}' with action = \"disable-job\".");
            if (await new DisableJobAction(job, BudgetSession.OpenClawPathOf(parse), TimeProvider.System).ResumeAsync(stop) is { } error)
            {
                throw new UserFacingException($"The job {job} could not be enabled: {error}");
            }

            parse.InvocationConfiguration.Output.WriteLine($"The job {job} is enabled. The budget '{text}' disables it again in a period in which it is used up.");

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance budget resume nightly-sync", "token-governance budget resume nightly-sync --config ./config.toml");
    }

    static void Write(ParseResult parse, Option<bool> json, BudgetSession session, IReadOnlyList<BudgetStatus> budgets, IReadOnlyList<Alert>? fired)
    {
        var output = parse.InvocationConfiguration.Output;
        if (parse.GetValue(json))
        {
            BudgetJson.Write(output, JsonHead.Read(session.Store, session.Zone), budgets, fired);

            return;
        }

        foreach (var alert in fired ?? [])
        {
            output.WriteLine(PrintableText.Of(alert.Text));
        }

        if (budgets.Count > 0)
        {
            BudgetTable.Write(output, budgets, Terminal.Of(output).Width);
        }
    }

    static bool Fails(BudgetStatus status, string failOn) => failOn switch
    {
        "warn" => status.Reached.Any(),
        "forecast" => status.State is BudgetState.Over || status.WillExceed,
        _ => status.State is BudgetState.Over,
    };

    static void Report(IReadOnlyList<Sent> all, ParseResult parse)
    {
        foreach (var (parcel, error) in all.Where(sent => sent.Error is not null))
        {
            parse.InvocationConfiguration.Error.WriteLine(PrintableText.Of($"not delivered to {parcel.Destination}: {error}; it is tried again"));
        }
    }
}
