using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Configuration;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Sources;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>The program without a verb: looks for home, store and daemon, says how they are and what to type next. It only reads.</summary>
static class Welcome
{
    public static int Show(ParseResult parse)
    {
        new WelcomeText(Look(parse)).Write(parse.InvocationConfiguration.Output);

        return ExitCode.Ok;
    }

    static WelcomeFacts Look(ParseResult parse)
    {
        try
        {
            if (PostgresAddress.TryParse(parse.StoreName(db: null), out var fleet, out _))
            {
                return new WelcomeFacts
                {
                    Configuration = parse.Settings().Path ?? parse.ConfigurationPath().Path,
                    HasConfiguration = parse.Settings().Path is not null,
                    Fleet = fleet.ToString(),
                };
            }

            var storePath = parse.StorePath();
            var homes = parse.HomePaths();
            var facts = new WelcomeFacts
            {
                Configuration = parse.Settings().Path ?? parse.ConfigurationPath().Path,
                HasConfiguration = parse.Settings().Path is not null,
                Homes = [.. homes.Select(Look)],
                OtherHomes = [.. DefaultPaths.ProfileHomes().Except(homes)],
                StorePath = storePath,
                IsDaemonRunning = DaemonLock.IsTaken(storePath),
            };

            return File.Exists(storePath) ? Look(facts, storePath, parse.Settings().Zone ?? TimeZones.Local) : facts;
        }
        catch (UsageException e)
        {
            return new WelcomeFacts { Configuration = parse.ConfigurationPath().Path, Mistake = e.Message };
        }
    }

    static (string Path, string State, bool IsUsable) Look(string path)
    {
        var home = new OpenClawHome(path);
        if (home.FindObstacle() is { } obstacle)
        {
            return (home.Path, obstacle, false);
        }

        var agents = home.FindAgents(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), new PassReport()).Count;

        return (home.Path, $"{agents} {(agents == 1 ? "agent" : "agents")}", true);
    }

    static WelcomeFacts Look(WelcomeFacts facts, string storePath, TimeZoneInfo zone)
    {
        try
        {
            return StoreReader.Read(storePath, store =>
            {
                using var rollup = store.OpenRollup();
                var freshness = Freshness.Read(store, rollup);
                var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

                return facts with
                {
                    Responses = rollup.CountEvents(),
                    Newest = freshness.NewestMs is { } newest ? MomentText.Ago(newest, now, zone) : null,
                    Collected = freshness.CollectedMs is { } collected ? MomentText.Ago(collected, now, zone) : null,
                };
            });
        }
        catch (UserFacingException e)
        {
            return facts with { StoreProblem = e.Message, Remedy = e.Remedy ?? "doctor" };
        }
    }
}
