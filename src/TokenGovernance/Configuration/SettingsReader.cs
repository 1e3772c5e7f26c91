using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Configuration;

/// <summary>Reads settings from sections. What is asked for here is what a file may say.</summary>
static class SettingsReader
{
    /// <summary>Reads all there is; what is wrong goes to the problems of the section.</summary>
    public static Settings Read(Section top)
    {
        var settings = new Settings
        {
            Db = top.Text("db"),
            OpenClawHomes = top.Texts("openclaw-home"),
            OpenClawBin = top.Text("openclaw-bin"),
            Prices = top.Text("prices"),
            Zone = top.Parsed("timezone", TimeZones.Find, "a time zone such as Europe/Vienna, or UTC"),
            Serve = top.Table("serve") is { } serve ? ServeSettings.Read(serve) : null,
            Fleet = top.Table("fleet") is { } fleet ? FleetSettings.Read(fleet) : null,
            Runtimes = top.Table("runtimes") is { } runtimes ? ReadRuntimes(runtimes) : new RuntimeSettings(),
            Collect = top.Table("collect") is { } collect ? ReadCollect(collect) : new CollectSettings(),
            Destinations = top.Table("notify") is { } notify ? DestinationReader.ReadAll(notify) : [],
            Budgets = [.. top.Tables("budget").Select(BudgetReader.ReadBudget).OfType<BudgetSettings>()],
            Quotas = [.. top.Tables("quota").Select(BudgetReader.ReadQuota).OfType<QuotaSettings>()],
            Runaway = top.Table("runaway") is { } runaway ? BudgetReader.ReadRunaway(runaway) : null,
        };
        top.RejectUnknown();
        CheckNames(top, settings);

        return settings;
    }

    /// <summary>A budget's name is the key of what was said about it, and whoever is to be told must be known.</summary>
    static void CheckNames(Section top, Settings settings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var section in top.Tables("budget").Where(section => section.Text("name") is { } name && !names.Add(name)))
        {
            section.Fail("name", $"'{section.Text("name")}' is taken by a budget before this one");
        }

        var known = settings.Destinations.Select(destination => destination.Name).ToList();
        Section?[] sections = [.. top.Tables("budget"), .. top.Tables("quota"), top.Table("runaway")];
        foreach (var section in sections.OfType<Section>().Where(section => section.Has("notify")))
        {
            foreach (var name in (section.Texts("notify") ?? []).Except(known))
            {
                var near = NearestWord.Find(name, known) is { } meant ? $"; did you mean '{meant}'?" : "";
                section.Fail("notify", $"names '{name}', but there is no [notify.{name}]{near}");
            }
        }
    }

    static RuntimeSettings ReadRuntimes(Section section)
    {
        var settings = new RuntimeSettings { Claude = section.Flag("claude") };
        section.RejectUnknown();

        return settings;
    }

    /// <summary>The keys are the options of `collect` without their dashes.</summary>
    static CollectSettings ReadCollect(Section section)
    {
        var settings = new CollectSettings
        {
            IntervalSec = section.Number("interval-sec", CollectSettings.IntervalSecLimits),
            StatusEvery = section.Integer("status-every", CollectSettings.StatusEveryLimits),
            NoStatus = section.Flag("no-status"),
            NoAlerts = section.Flag("no-alerts"),
            Agents = section.Texts("agent"),
            StatusTimeoutSec = section.Number("status-timeout-sec", CollectSettings.StatusTimeoutSecLimits),
            StatusKeepMin = section.Number("status-keep-min", CollectSettings.StatusKeepMinLimits),
            LogFormat = section.Parsed(
                "log-format", text => CollectSettings.LogFormats.Contains(text) ? text : null, string.Join(" or ", CollectSettings.LogFormats)),
            Quiet = section.Flag("quiet"),
            Verbose = section.Flag("verbose"),
        };
        if (settings.Agents?.All(AgentName.IsValid) is false)
        {
            section.Wrong<string>("agent", $"an agent's id ({AgentName.Form})");
        }

        section.RejectUnknown();

        return settings;
    }
}
