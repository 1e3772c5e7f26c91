using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Logging;
using TokenGovernance.Serving.Passes;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`collect`: moves what OpenClaw wrote into the store, once or continuously.</summary>
static class CollectCommand
{
    public static Command Create()
    {
        var options = new CollectOptions();
        var command = new Command("collect", "Collect usage into the store, continuously or once. Never writes to OpenClaw's home.");
        options.AddTo(command);
        command.SetAction(async (parse, stop) =>
        {
            // System.CommandLine handles Ctrl+C only after the action has returned its task.
            await Task.Yield();

            Signals.Watch();
            var plan = options.ReadPlan(parse);
            var to = parse.InvocationConfiguration;
            var writer = new LogWriter(to.Error, options.ReadLogStyle(parse), TimeProvider.System);
            var log = new CollectLog(writer);

            return options.IsOnce(parse)
                ? await RunOnceAsync(plan, log, options.WantsJson(parse), to, stop)
                : await RunDaemonAsync(
                    plan, [NewServeTask(parse, plan.StorePath, writer), options.ReadBudgetTask(parse, log), parse.FleetTask(ProgramVersion.Text, log), parse.RetentionTask($"token-governance version {ProgramVersion.Text}", log)], log, ProgressLine.ForTerminal(to.Error), stop);
        });

        return command.WithExamples(
            "token-governance collect",
            "token-governance collect --once --json",
            "token-governance collect --openclaw-home ~/.openclaw --db ./data/token_usage.db --interval-sec 1",
            "token-governance collect --agent main --agent research --openclaw-bin ~/bin/openclaw",
            "token-governance collect --log-format json --quiet");
    }

    static async Task<int> RunOnceAsync(
        CollectPlan plan, CollectLog log, bool asJson, InvocationConfiguration to, CancellationToken stop)
    {
        var unusable = plan.Homes.FindUnusable();
        if (!plan.Homes.AnyUsable)
        {
            throw new UserFacingException(NoHome(unusable));
        }

        var quotas = NewQuotaTask(plan, new QuotaLog(log, onlyFailures: true));
        await using var tasks = NewTasks(quotas, beside: [], log);
        var pass = await OneShot.RunAsync(plan, tasks, Tell, log.Tell, ProgressLine.ForTerminal(to.Error), stop);
        if (asJson)
        {
            to.Output.WriteLine(CollectReport.From(WithUnusable(pass), quotas?.Stored).ToJson());
        }
        else if (quotas?.Stored is { } stored)
        {
            to.Output.WriteLine($"Quotas: {NumberFormat.Count(stored, "new snapshot")}.");
        }

        return stop.IsCancellationRequested ? ExitCode.Interrupted
            : tasks.AnyFailed ? ExitCode.Failed
            : WithUnusable(pass).Failures.Count > 0 ? ExitCode.SomeSourcesFailed
            : ExitCode.Ok;

        PassResult WithUnusable(PassResult result) => result with { Failures = [.. unusable, .. result.Failures] };

        // As soon as the pass is over: a quota reading may take a minute, and nobody should have to wait for it.
        void Tell(UsageStore store, PassResult result)
        {
            if (store.Adoption is { } adoption)
            {
                log.Write(adoption.ToString());
            }

            if (stop.IsCancellationRequested)
            {
                ProgressLine.Clear(to.Error);
                log.Write("interrupted; what was read is stored, and the next run goes on from there");
            }

            log.TellProblems(WithUnusable(result));
            if (!asJson)
            {
                PassSummary.Write(to.Output, result, plan.StorePath);
            }
        }
    }

    static async Task<int> RunDaemonAsync(
        CollectPlan plan, IReadOnlyList<IPassTask?> beside, CollectLog log, Action<PassProgress>? progress, CancellationToken stop)
    {
        StoreFile.MakeFolder(plan.StorePath);
        using var daemonLock = DaemonLock.Take(plan.StorePath);
        await using var tasks = NewTasks(NewQuotaTask(plan, new QuotaLog(log)), beside, log);
        using var notices = FolderNotices.Open();
        plan = plan with { Homes = plan.Homes.With(notices) };
        log.Write($"collecting into {plan.StorePath} every {plan.Interval.TotalSeconds} s; stop with Ctrl+C");
        await new DaemonLoop(plan, daemonLock, tasks, log, TimeProvider.System).RunAsync(progress, stop);
        log.Write("stopped");

        return ExitCode.Ok;
    }

    /// <summary>What the table `[serve]` of the configuration asks for.</summary>
    static ServeTask? NewServeTask(ParseResult parse, string storePath, LogWriter writer) => ServeOptions.ReadDaemonPlan(parse) is { } serve
        ? new ServeTask(
            serve.Address,
            () => ServeCommand.MakeSite(parse, new LocalStore(storePath), storePath, serve, writer),
            address => writer.Write(LogLevel.Info, $"serving {storePath} at http://{address}/"))
        : null;

    /// <summary>Quotas come first: budgets watch their readings, too. A one-shot leaves what is done beside it to verbs of its own.</summary>
    static PassTasks NewTasks(QuotaTask? quotas, IEnumerable<IPassTask?> beside, CollectLog log) => new(
        beside.Prepend(quotas).Concat([new MetricTask(TimeProvider.System), new LastPassTask(TimeProvider.System)]).OfType<IPassTask>(), log, TimeProvider.System);

    static QuotaTask? NewQuotaTask(CollectPlan plan, QuotaLog log) => plan.Status is { } status
        ? new QuotaTask(status, new StatusRound(status, plan.Homes, TimeProvider.System).ReadAsync, log, TimeProvider.System)
        : null;

    static string NoHome(IReadOnlyList<SourceFailure> unusable)
    {
        var found = string.Join("; ", unusable.Select(failure => $"{failure.Source}: {failure.Reason}"));

        var profiles = DefaultPaths.ProfileHomes();
        var hint = profiles.Count > 0 ? $" There are profiles: {string.Join(", ", profiles)}." : "";

        return $"No OpenClaw agents found ({found}). Name OpenClaw's state directory with --openclaw-home or $OPENCLAW_STATE_DIR.{hint}";
    }
}
