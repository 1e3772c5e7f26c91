using System.CommandLine;
using TokenGovernance.Budgets;
using TokenGovernance.Budgets.Runaway;
using TokenGovernance.Cli.Arguments;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Text;

namespace TokenGovernance.Cli;

/// <summary>`anomalies`: when spending was out of control.</summary>
static class AnomaliesCommand
{
    public static Command Create()
    {
        var db = SharedOptions.Db(orFleet: true);
        var times = new TimeOptions();
        var json = SharedOptions.Json();
        var command = new Command("anomalies", "Show when an agent's spending was out of control, and why that was seen: what was told, or would have been.")
        {
            db, json,
        };
        times.AddTo(command);
        command.SetAction(parse =>
        {
            var settings = parse.Settings();
            var zone = times.ReadZone(parse);
            var range = times.Read(parse, TimeProvider.System.GetUtcNow(), since: "7d");
            var store = parse.OpenStore(db);
            var episodes = new BudgetWatch(settings, zone, store, TimeProvider.System)
                .ReadRunaways(settings.Runaway ?? BudgetReader.UsualRunaway)
                .Where(runaway => !(runaway.Episode.LastMs + QuarterHour.Ms <= range.FromMs) && !(runaway.Episode.StartMs >= range.BeforeMs)).ToList();
            if (parse.GetValue(json))
            {
                BudgetJson.Write(parse.InvocationConfiguration.Output, JsonHead.Read(store, zone, range), episodes);
            }
            else
            {
                Write(parse.InvocationConfiguration.Output, episodes, zone);
            }

            return ExitCode.Ok;
        });

        return command.WithExamples("token-governance anomalies", "token-governance anomalies --since 28d --json");
    }

    static void Write(TextWriter output, List<(RunawayEpisode Episode, string Text)> episodes, TimeZoneInfo zone)
    {
        foreach (var (episode, text) in episodes)
        {
            var start = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(episode.StartMs), zone);
            output.WriteLine($"{start.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)}  {PrintableText.Of(text)}"
                + (episode.IsOpen ? " It is not over." : ""));
        }

        if (episodes.Count == 0)
        {
            output.WriteLine("Nothing out of the ordinary.");
        }
    }
}
