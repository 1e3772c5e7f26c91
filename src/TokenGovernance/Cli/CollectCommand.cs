using System.CommandLine;
using TokenGovernance.Collection;
using TokenGovernance.Model;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`collect`: moves what OpenClaw wrote into the store, once or for ever.</summary>
static class CollectCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db();
        var home = new Option<string[]>("--openclaw-home")
        {
            Description = "OpenClaw's state directory; may be given several times. Default: $OPENCLAW_STATE_DIR, else ~/.openclaw.",
            HelpName = "folder",
        };
        var interval = new Option<double>("--interval-sec")
        {
            Description = "Seconds between two passes.",
            HelpName = "seconds",
            DefaultValueFactory = _ => 1,
        };
        interval.Validators.Add(result => result.RequireNumber("--interval-sec", 0.01, 86_400));
        var statusEvery = new Option<int>("--status-every")
        {
            Description = "Passes between two quota readings; after a slow one the pause is longer.",
            HelpName = "passes",
            DefaultValueFactory = _ => 30,
        };
        statusEvery.Validators.Add(result => result.RequireNumber("--status-every", 1, int.MaxValue));
        var once = new Option<bool>("--once") { Description = "Collect what is there and end, as cron wants it." };
        var noStatus = new Option<bool>("--no-status") { Description = "Take no quota snapshots; openclaw is not run." };
        var openClawBin = new Option<string?>("--openclaw-bin")
        {
            Description = "The program to ask for quotas. Default: $TOKEN_GOVERNANCE_OPENCLAW_BIN, else openclaw on PATH.",
            HelpName = "path",
        };
        var agent = new Option<string[]>("--agent")
        {
            Description = "Agent to ask for quotas, where there is no default one; may be given several times, one reading each.",
            HelpName = "id",
        };
        agent.Validators.Add(result => result.RequireAgentIds("--agent"));
        var statusTimeout = new Option<double>("--status-timeout-sec")
        {
            Description = "Seconds a quota reading may take before openclaw is killed.",
            HelpName = "seconds",
            DefaultValueFactory = _ => 90,
        };
        statusTimeout.Validators.Add(result => result.RequireNumber("--status-timeout-sec", 1, 3600));
        var statusKeep = new Option<double>("--status-keep-min")
        {
            Description = "Minutes between two stored quota readings that are the same; changes are stored at once.",
            HelpName = "minutes",
            DefaultValueFactory = _ => 15,
        };
        statusKeep.Validators.Add(result => result.RequireNumber("--status-keep-min", 0, 1440));
        var rescan = new Option<bool>("--rescan") { Description = "Read everything again, for instance after an upgrade improved a rule; counts nothing twice." };
        var json = new Option<bool>("--json") { Description = "With --once: print the result as one JSON object." };
        var command = new Command("collect", "Collect usage into the store: for ever, or once. Never writes to OpenClaw's home.")
        {
            db, home, interval, statusEvery, once, noStatus, openClawBin, agent, statusTimeout, statusKeep, rescan, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetResult(json) is { Implicit: false } && result.GetResult(once) is null or { Implicit: true })
            {
                result.AddError("--json needs --once: a daemon has no result to print.");
            }
        });
        command.SetAction(async (parse, stop) =>
        {
            // Ctrl+C is connected only once this task is handed back.
            await Task.Yield();

            var homes = new Homes((parse.GetValue(home) is { Length: > 0 } paths ? paths : [Places.DefaultHome()]).Select(Places.Expand));
            var storePath = parse.StorePath(db);
            var status = parse.GetValue(noStatus) ? null : new StatusPlan
            {
                OpenClawBin = Places.OpenClawBin(parse.GetValue(openClawBin)),
                Agents = parse.GetValue(agent) ?? [],
                DefaultHome = Places.Expand(Places.DefaultHome()),
                TimeLimit = TimeSpan.FromSeconds(parse.GetValue(statusTimeout)),
                EveryPasses = parse.GetValue(statusEvery),
                KeepUnchanged = TimeSpan.FromMinutes(parse.GetValue(statusKeep)),
            };
            var (output, error) = (parse.InvocationConfiguration.Output, parse.InvocationConfiguration.Error);

            return parse.GetValue(once)
                ? await RunOnceAsync(storePath, homes, status, parse.GetValue(rescan), parse.GetValue(json), output, error, stop)
                : await RunDaemonAsync(
                    storePath, homes, status, parse.GetValue(rescan), TimeSpan.FromSeconds(parse.GetValue(interval)), error, stop);
        });

        return command.WithExamples(
            "token-governance collect",
            "token-governance collect --once --json",
            "token-governance collect --openclaw-home ~/.openclaw --db ./data/token_usage.db --interval-sec 1",
            "token-governance collect --agent main --agent research --openclaw-bin ~/bin/openclaw");
    }

    static async Task<int> RunOnceAsync(
        string storePath, Homes homes, StatusPlan? status, bool rescan, bool asJson, TextWriter output, TextWriter error, CancellationToken stop)
    {
        var unusable = homes.FindUnusable();
        if (!homes.AnyUsable)
        {
            throw new UserFacingException(NoHome(unusable));
        }

        var log = new CollectLog(error, TimeProvider.System);
        var pass = OneShot.Run(storePath, homes, rescan, ProgressLine.ForTerminal(error), stop);
        pass = pass with { Failures = [.. unusable, .. pass.Failures] };
        log.TellProblems(pass);

        if (!asJson)
        {
            // Before the quota reading: that may take a minute, and nobody should have to wait for it.
            PassSummary.Write(output, pass, storePath);
        }

        var snapshots = status is null || stop.IsCancellationRequested
            ? null
            : await OneShot.TakeSnapshotAsync(storePath, homes, status, log, stop);
        if (asJson)
        {
            output.WriteLine(CollectReport.From(pass, snapshots).ToJson());
        }
        else if (snapshots is { } stored)
        {
            output.WriteLine($"Quotas: {stored} new {(stored == 1 ? "snapshot" : "snapshots")}.");
        }

        return stop.IsCancellationRequested ? ExitCode.Interrupted
            : pass.Failures.Count > 0 ? ExitCode.SomeSourcesFailed
            : ExitCode.Ok;
    }

    static async Task<int> RunDaemonAsync(
        string storePath, Homes homes, StatusPlan? status, bool rescan, TimeSpan interval, TextWriter error, CancellationToken stop)
    {
        var time = TimeProvider.System;
        var log = new CollectLog(error, TimeProvider.System);
        log.Write($"collecting into {storePath} every {interval.TotalSeconds} s; stop with Ctrl+C");
        await using var poller = status is null ? null : new StatusPoller(status, new StatusRound(status, homes, time).ReadAsync, new StatusLog(log), time);
        await new Daemon(storePath, homes, interval, poller, log, time).RunAsync(rescan, ProgressLine.ForTerminal(error), stop);
        log.Write("stopped");

        return ExitCode.Ok;
    }

    static string NoHome(IReadOnlyList<SourceFailure> unusable)
    {
        var found = string.Join("; ", unusable.Select(failure => $"{failure.Source}: {failure.Reason}"));

        return $"No OpenClaw agents found ({found}). Name OpenClaw's state directory with --openclaw-home or $OPENCLAW_STATE_DIR.";
    }
}
