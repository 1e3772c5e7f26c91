using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Setup;

namespace TokenGovernance.Cli;

/// <summary>`setup`: a configuration file and a service for this user, without questions; and away with them.</summary>
static class SetupCommand
{
    static readonly string[] Kinds = ["systemd", "launchd", "windows", "cron", "none"];

    public static Command Create()
    {
        var (db, home, bin, zone, json) = (SharedOptions.Db(), SharedOptions.Homes(), SharedOptions.OpenClawBin(), TimeOptions.Zone(), SharedOptions.Json());
        var kind = new Option<string?>("--service")
        {
            Description = "What runs the collector: systemd, launchd, windows, cron (prints lines for your crontab) or none. Default: this system's own.",
            HelpName = "kind",
        };
        kind.AcceptOnlyFromAmong(Kinds);
        var dryRun = new Option<bool>("--dry-run") { Description = "Show every file and command, and change nothing." };
        var remove = new Option<bool>("--remove") { Description = "Stop the service and take back what was set up; the store stays." };
        var command = new Command("setup", "Find homes, openclaw and time zone, write a configuration file and install the service of this user.")
        {
            db, home, bin, zone, kind, dryRun, remove, json,
        };
        command.SetAction(async (parse, stop) =>
        {
            var facts = new SetupFinder(parse, db, home, bin, zone).Find();
            var name = parse.GetValue(kind) ?? OwnKind();
            var service = ServiceOf(name, facts);
            var screen = new SetupScreen(parse.InvocationConfiguration.Output, parse.GetValue(json), facts, name, parse.GetValue(dryRun), parse.GetValue(remove))
            {
                Obstacle = service is null ? null : await service.FindObstacleAsync(stop),
            };

            return await RunAsync(facts, service, screen, withCron: name is "cron", stop);
        });

        return command.WithExamples("token-governance setup --dry-run", "token-governance setup", "token-governance setup --remove");
    }

    static async Task<int> RunAsync(SetupFacts facts, ISystemService? service, SetupScreen screen, bool withCron, CancellationToken stop)
    {
        if (!screen.IsRemoval)
        {
            RefuseSecondDaemon(facts, service);
        }

        var plan = screen.IsRemoval ? SetupPlan.Remove(facts, service, isThere: screen.Obstacle is null) : SetupPlan.Install(facts, screen.Obstacle is null ? service : null);
        screen.Begin(plan);
        var run = new SetupRun();
        foreach (var step in plan.Steps)
        {
            var failure = screen.IsDryRun ? null : await run.DoAsync(step, stop);
            screen.Tell(step, failure);
            if (failure is not null)
            {
                screen.End([], []);

                throw new UserFacingException($"{SetupScreen.Describe(step)}: {failure}. What came before it is done; 'token-governance setup --remove' takes it back.");
            }
        }

        var needsCron = !screen.IsRemoval && (withCron || screen.Obstacle is not null);
        screen.End(needsCron ? CronLines.Of(facts) : [], [.. run.Notes, .. plan.Notes]);

        return screen.Obstacle is not { } obstacle ? ExitCode.Ok
            : throw new UserFacingException($"no service could be {(screen.IsRemoval ? "stopped" : "installed")}: {obstacle}.{(screen.IsRemoval ? "" : " Use the lines above in your crontab (crontab -e) instead.")}");
    }

    static ISystemService? ServiceOf(string kind, SetupFacts facts) => kind switch
    {
        "systemd" => new SystemdUser(facts),
        "launchd" => new LaunchdAgent(facts),
        "windows" => new WindowsTask(facts),
        _ => null,
    };

    /// <summary>A second daemon would end at once, again and again.</summary>
    static void RefuseSecondDaemon(SetupFacts facts, ISystemService? service)
    {
        if (service is not null && !service.AllPaths.Any(File.Exists) && DaemonLock.IsTaken(facts.Store))
        {
            throw new UserFacingException($"A daemon collects into {facts.Store} already, and it is none that was set up. Stop it first, then run this again.");
        }
    }

    static string OwnKind() => OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "launchd" : "systemd";
}
