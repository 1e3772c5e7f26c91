using System.CommandLine;
using System.CommandLine.Completions;
using System.CommandLine.Parsing;
using TokenGovernance.Domain;
using TokenGovernance.Text;

namespace TokenGovernance.Cli.Arguments;

/// <summary>The options that choose a span of time, alike in every verb that has them.</summary>
/// <param name="isUtc">Days are those of UTC unless a zone is named: of what is the same for everybody who reads it.</param>
sealed class TimeOptions(bool isUtc = false)
{
    readonly Option<string?> _since = Bound("--since", $"First day, week, month or instant, in the zone of --tz: {TimeGrammar.Forms}.");
    readonly Option<string?> _until = Bound("--until", "Last day, week or month, or the instant before which to end.");
    readonly Option<string?> _period = Bound("--period", "Instead of --since and --until: one day, week or month, such as last-month, or 7d.");

    readonly Option<TimeZoneInfo?> _zone = Zone(isUtc ? "UTC" : "the configuration's, else this machine's");

    /// <summary>The option `--tz` alone.</summary>
    /// <param name="defaultText">Which zone there is without it.</param>
    public static Option<TimeZoneInfo?> Zone(string defaultText = "the configuration's, else this machine's")
    {
        var zone = new Option<TimeZoneInfo?>("--tz")
        {
            Description = $"Time zone of days and hours, such as Europe/Vienna or UTC. Default: {defaultText}.",
            HelpName = "zone",
            CustomParser = ParseZone,
        };
        zone.CompletionSources.Add(_ => TimeZones.Names().Select(name => new CompletionItem(name)));

        return zone;
    }

    /// <summary>Adds the options, and the rules between them, to a verb.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _since, _until, _period, _zone })
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.IsGiven(_period) && (result.IsGiven(_since) || result.IsGiven(_until)))
            {
                result.AddError("--period stands for both --since and --until: give the one or the others.");
            }
        });
    }

    /// <summary>True if a bound was given.</summary>
    public bool AreGiven(CommandResult result) => result.IsGiven(_since) || result.IsGiven(_until) || result.IsGiven(_period);

    public TimeZoneInfo ReadZone(ParseResult parse) => isUtc ? parse.GetValue(_zone) ?? TimeZoneInfo.Utc : parse.Zone(_zone);

    /// <summary>Reads the span of time that was asked for.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="now">The time.</param>
    /// <param name="since">What to take where no beginning was given.</param>
    /// <param name="until">What to take where no end was given.</param>
    /// <exception cref="UsageException">A bound is no time, or nothing lies between the bounds.</exception>
    public TimeRange Read(ParseResult parse, DateTimeOffset now, string? since = null, string? until = null)
    {
        var grammar = new TimeGrammar(ReadZone(parse), now);
        if (parse.GetValue(_period) is { } period)
        {
            return ReadPeriod(grammar, period);
        }

        var (first, last) = (parse.GetValue(_since) ?? since, parse.GetValue(_until) ?? until);
        var range = new TimeRange(
            first is null ? null : Parse(grammar, "--since", first).FromMs, last is null ? null : Parse(grammar, "--until", last).BeforeMs);

        return range.FromMs >= range.BeforeMs
            ? throw new UsageException($"--since {first} is not before --until {last}: no time lies between them.{Hint(parse, grammar, first!, last!)}")
            : range;
    }

    string Hint(ParseResult parse, TimeGrammar grammar, string first, string last)
    {
        if (parse.GetValue(_since) is null)
        {
            return $" This report begins with '{first}'; give --since too.";
        }

        return parse.GetValue(_until) is not null && Parse(grammar, "--until", last).FromMs < Parse(grammar, "--since", first).BeforeMs
            ? $" Did you mean --since {last} --until {first}?"
            : "";
    }

    static TimeRange ReadPeriod(TimeGrammar grammar, string text)
    {
        var interval = Parse(grammar, "--period", text);
        if (interval.IsLength)
        {
            return new TimeRange(interval.FromMs, null);
        }

        return interval.FromMs < interval.BeforeMs
            ? new TimeRange(interval.FromMs, interval.BeforeMs)
            : throw new UsageException($"--period takes a day, week or month, or a length such as 7d; {text} is an instant.");
    }

    static Interval Parse(TimeGrammar grammar, string option, string text) => grammar.Parse(text)
        ?? throw new UsageException(Values.Wrong(option, TimeGrammar.Forms, text, TimeGrammar.Words));

    static Option<string?> Bound(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "time" };
        option.CompletionSources.Add([.. TimeGrammar.Words]);

        return option;
    }

    static TimeZoneInfo? ParseZone(ArgumentResult result)
    {
        var id = result.Tokens[0].Value;
        if (id == "local")
        {
            return TimeZones.Local;
        }

        if (TimeZones.Find(id) is { } zone)
        {
            return zone;
        }

        var zones = TimeZones.Names().ToList();
        var nearest = NearestWord.Find(id, zones) ?? NearestWord.Find(id, zones, zoneId => zoneId[(zoneId.LastIndexOf('/') + 1)..]);
        result.AddError(
            $"--tz knows no time zone '{id}'.{(nearest is null ? " It takes names such as Europe/Vienna, America/New_York or UTC." : $" Did you mean {nearest}?")}");

        return null;
    }
}
