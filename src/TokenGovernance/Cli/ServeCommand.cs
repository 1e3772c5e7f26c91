using System.CommandLine;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Logging;
using TokenGovernance.Serving;
using TokenGovernance.Serving.Api;
using TokenGovernance.Serving.Dashboard;
using TokenGovernance.Serving.Http;
using TokenGovernance.Serving.Metrics;
using TokenGovernance.Storage;

namespace TokenGovernance.Cli;

/// <summary>`serve`: what the verbs say, over HTTP, to programs and browsers of this machine.</summary>
static class ServeCommand
{
    /// <summary>A daemon notes the end of a pass once a minute.</summary>
    static readonly TimeSpan LeastStale = TimeSpan.FromMinutes(5);

    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var options = new ServeOptions();
        var command = new Command("serve", "Serve a dashboard, and reports, quotas and budgets as JSON, over HTTP on this machine. Writes nothing.") { db };
        options.AddTo(command);
        command.SetAction(async (parse, stop) =>
        {
            // System.CommandLine handles Ctrl+C only after the action has returned its task.
            await Task.Yield();

            Signals.Watch();
            var log = new LogWriter(
                parse.InvocationConfiguration.Error, new LogStyle(false, false, parse.IsVerbose() ? LogLevel.Debug : LogLevel.Info), TimeProvider.System);
            var store = parse.OpenStore(db);
            var plan = options.ReadPlan(parse);
            using var site = MakeSite(parse, store, parse.StoreName(db), plan, log);
            await using var server = HttpServer.Start(plan.Address, new HttpLimits(), site.AnswerAsync);
            log.Write(LogLevel.Info, $"serving {store.Name} at http://{server.Address}/; stop with Ctrl+C");
            await Task.Delay(Timeout.InfiniteTimeSpan, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            log.Write(LogLevel.Info, "stopped");

            return ExitCode.Ok;
        });

        return command.WithExamples(
            "token-governance serve",
            "token-governance serve --listen 127.0.0.1:0",
            "token-governance serve --listen 0.0.0.0:9465 --token-file ./token --allow-host tokens.example.org");
    }

    /// <summary>All that is served of a store.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="store">The store.</param>
    /// <param name="name">What names it on the command line.</param>
    /// <param name="plan">How.</param>
    /// <param name="log">Is told what is odd.</param>
    public static Site MakeSite(ParseResult parse, IStore store, string name, ServePlan plan, LogWriter log)
    {
        var token = plan.TokenFile is { } file ? AccessToken.Read(file) : null;
        if (plan.TokenFile is not null && AccessToken.FindRisk(plan.TokenFile) is { } risk)
        {
            log.Write(LogLevel.Warning, risk);
        }

        if (!store.HasNodes && !File.Exists(name))
        {
            log.Write(LogLevel.Warning, $"there is no store at {name} yet; run 'token-governance collect' or name another with --db");
        }

        var (configuration, isNamed) = parse.ConfigurationPath();
        var queries = new QueryVerbs(store, name, isNamed ? configuration : null);
        var stale = TimeSpan.FromSeconds(3 * (parse.Settings().Collect.IntervalSec ?? 0));
        var health = new HealthRoute(store, ProgramVersion.Text, stale > LeastStale ? stale : LeastStale, TimeProvider.System);
        var routes = new Dictionary<string, Func<HttpRequest, HttpAnswer>>(
            new ApiRoutes(queries, new AnswerCache(store, TimeProvider.System)).All(), StringComparer.Ordinal)
        {
            [HealthRoute.Path] = _ => health.Answer(),
            [MetricsPage.Path] = store.HasNodes ? _ => HttpAnswer.Text(404, MetricsCommand.OfMachines) : MetricsCommand.Page(parse, name).Answer,
        };
        foreach (var (path, answer) in plan.WithDashboard ? DashboardRoutes.All() : [])
        {
            routes[path] = answer;
        }

        return new Site(new Gate(plan.Address, plan.AllowedHosts, token), routes, text => log.Write(LogLevel.Error, text));
    }
}
