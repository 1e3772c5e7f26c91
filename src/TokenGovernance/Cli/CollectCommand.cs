using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Logging;

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
            var log = new CollectLog(new LogWriter(to.Error, options.ReadLogStyle(parse), TimeProvider.System));

            return options.IsOnce(parse)
                ? await RunOnceAsync(plan, log, options.WantsJson(parse), to, stop)
                : await RunDaemonAsync(plan, log, ProgressLine.ForTerminal(to.Error), stop);
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

        var pass = OneShot.Run(plan, log.Tell, ProgressLine.ForTerminal(to.Error), stop);
        pass = pass with { Failures = [.. unusable, .. pass.Failures] };
        if (stop.IsCancellationRequested)
        {
            ProgressLine.Clear(to.Error);
            log.Write("interrupted; what was read is stored, and the next run goes on from there");
        }

        log.TellProblems(pass);

        if (!asJson)
        {
            // Before the quota reading, which may take a minute.
            PassSummary.Write(to.Output, pass, plan.StorePath);
        }

        var snapshots = stop.IsCancellationRequested ? null : await OneShot.TakeSnapshotAsync(plan, log, stop);
        if (asJson)
        {
            to.Output.WriteLine(CollectReport.From(pass, snapshots).ToJson());
        }
        else if (snapshots is { } stored)
        {
            to.Output.WriteLine($"Quotas: {stored} new {(stored == 1 ? "snapshot" : "snapshots")}.");
        }

        return stop.IsCancellationRequested ? ExitCode.Interrupted
            : pass.Failures.Count > 0 ? ExitCode.SomeSourcesFailed
            : ExitCode.Ok;
    }

    static async Task<int> RunDaemonAsync(CollectPlan plan, CollectLog log, Action<PassProgress>? progress, CancellationToken stop)
    {
        using var daemonLock = DaemonLock.Take(plan.StorePath);
        await using var poller = plan.Status is null
            ? null
            : new StatusPoller(
                plan.Status, new StatusRound(plan.Status, plan.Homes, TimeProvider.System).ReadAsync, new StatusLog(log), TimeProvider.System);
        log.Write($"collecting into {plan.StorePath} every {plan.Interval.TotalSeconds} s; stop with Ctrl+C");
        await new DaemonLoop(plan, poller, log, TimeProvider.System).RunAsync(progress, stop);
        log.Write("stopped");

        return ExitCode.Ok;
    }

    static string NoHome(IReadOnlyList<SourceFailure> unusable)
    {
        var found = string.Join("; ", unusable.Select(failure => $"{failure.Source}: {failure.Reason}"));

        var profiles = DefaultPaths.ProfileHomes();
        var hint = profiles.Count > 0 ? $" There are profiles: {string.Join(", ", profiles)}." : "";

        return $"No OpenClaw agents found ({found}). Name OpenClaw's state directory with --openclaw-home or $OPENCLAW_STATE_DIR.{hint}";
    }
}
