using TokenGovernance.Domain;

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
            Zone = top.Parsed("timezone", FindZone, "a time zone such as Europe/Vienna, or UTC"),
            Collect = top.Table("collect") is { } collect ? ReadCollect(collect) : new CollectSettings(),
        };
        top.RejectUnknown();

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

    static TimeZoneInfo? FindZone(string id) => TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? zone : null;
}
