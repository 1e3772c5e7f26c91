using System.CommandLine;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenGovernance.Cli;

namespace TokenGovernance.Tests.Reports;

/// <summary>What `--json` prints is what `schema` says.</summary>
public sealed class SchemaTests
{
    [Theory]
    [InlineData("report", "report")]
    [InlineData("report", "report month")]
    [InlineData("report", "report trend")]
    [InlineData("report", "report sessions --top 2")]
    [InlineData("report", "report jobs")]
    [InlineData("report", "report --by day,week,month,hour,weekday,agent,session,parent,job,provider,model,channel,chat-type,trigger,home,api,error,response-model,runtime")]
    [InlineData("report", "report costs --estimate --openclaw-home HOME")]
    [InlineData("report compare", "report compare --by agent,job,session --period last-month --top 1")]
    [InlineData("status", "status")]
    [InlineData("quota", "quota")]
    [InlineData("quota", "quota --history --since 2026-01-01")]
    [InlineData("forecast", "forecast --by session")]
    [InlineData("budget", "budget")]
    [InlineData("budget check", "budget check")]
    [InlineData("budget suggest", "budget suggest")]
    [InlineData("budget test", "budget test year")]
    [InlineData("anomalies", "anomalies --since 2026-01-01")]
    [InlineData("config check", "config check")]
    [InlineData("doctor", "doctor --openclaw-home HOME")]
    [InlineData("export-csv", "export-csv --out-dir OUT")]
    [InlineData("export-parquet", "export-parquet --out-dir OUT")]
    [InlineData("retention", "retention")]
    [InlineData("retention plan", "retention plan --keep 13mo")]
    [InlineData("retention apply", "retention apply --keep 13mo")]
    [InlineData("compact", "compact")]
    [InlineData("forget", "forget --peer 4242")]
    [InlineData("init", "init")]
    [InlineData("setup", "setup --dry-run --service cron --openclaw-home HOME")]
    [InlineData("collect", "collect --once --no-status --openclaw-home HOME")]
    public void AVerbPrintsWhatItsSchemaSays(string verb, string command)
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");
        StoreRows.Execute(scene.Db, QuotaReadings);
        File.WriteAllText(scene["config.toml"], Config);
        var words = command.Replace("HOME", Path.Combine(ReportScene.Root, "docs", "sample-home"), StringComparison.Ordinal)
            .Replace("OUT", scene["out"], StringComparison.Ordinal).Split(' ');
        string[] store = verb is "budget test" or "config check" ? [] : ["--db", scene.Db];

        using var schema = JsonDocument.Parse(Cli.Run(["schema", .. verb.Split(' ')]).Output);
        using var printed = JsonDocument.Parse(Cli.Run([.. words, "--json", .. store, "--config", scene["config.toml"]]).Output);

        Faults(printed.RootElement, schema.RootElement, schema.RootElement, "$").Should().BeEmpty();
    }

    [Fact]
    public void EveryVerbWithJsonHasASchema()
    {
        static IEnumerable<string> VerbsOf(Command command, string path) => command.Subcommands
            .SelectMany(verb => VerbsOf(verb, $"{path}{verb.Name} "))
            .Concat(command.Options.Any(option => option.Name == "--json") ? [path.TrimEnd()] : []);

        Cli.Run("schema", "nothing").Error.Should().ContainAll(VerbsOf(CommandLine.Create(), ""));
    }

    const string Config = """
        [[budget]]
        name = 'year'
        period = '365d'
        limit = '0.01 USD'
        notify = ['me']

        [[budget]]
        name = 'agents'
        period = 'month'
        limit = '1k tokens'
        each = 'agent'

        [runaway]

        [notify.me]
        exec = ['/bin/true']
        """;

    const string QuotaReadings = """
        INSERT INTO provider_usage_snapshots (snapshot_ts, provider, kind, window_label, used_percent, reset_at_ms) VALUES
          ('2026-11-18T10:00:00.000Z', 'openai', 'window', '5h', 12.5, 1795020000000),
          ('2026-11-18T11:00:00.000Z', 'openai', 'window', '5h', 20, 1795020000000)
        """;

    [Fact]
    public void ACheckFindsWhatIsWrong()
    {
        using var schema = JsonDocument.Parse(Cli.Run("schema", "status").Output);
        using var wrong = JsonDocument.Parse("""{"now":"yesterday","time_zone":1,"periods":[{"name":"today"}]}""");

        Faults(wrong.RootElement, schema.RootElement, schema.RootElement, "$").Should().Contain("$.now: pattern").And.Contain("$.time_zone: type").And.Contain("$.periods[]: no since");
    }

    static IEnumerable<string> Faults(JsonElement value, JsonElement rule, JsonElement root, string path)
    {
        if (rule.TryGetProperty("$ref", out var reference))
        {
            return Faults(value, root.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..]), root, path);
        }

        var faults = new List<string>();
        if (rule.TryGetProperty("type", out var type) && !Types(type).Any(name => Is(value, name)))
        {
            return [$"{path}: type"];
        }

        if (rule.TryGetProperty("pattern", out var pattern) && value.ValueKind is JsonValueKind.String && !Regex.IsMatch(value.GetString()!, pattern.GetString()!))
        {
            faults.Add($"{path}: pattern");
        }

        if (rule.TryGetProperty("enum", out var words) && words.EnumerateArray().All(word => word.GetString() != value.GetString()))
        {
            faults.Add($"{path}: {value}");
        }

        if (value.ValueKind is JsonValueKind.Object)
        {
            faults.AddRange(Items(rule, "required").Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}: no {name}"));
            if (rule.TryGetProperty("properties", out var properties))
            {
                faults.AddRange(value.EnumerateObject().Where(field => !properties.TryGetProperty(field.Name, out _)).Select(field => $"{path}: {field.Name} is not described"));
                faults.AddRange(properties.EnumerateObject().Where(property => value.TryGetProperty(property.Name, out _))
                    .SelectMany(property => Faults(value.GetProperty(property.Name), property.Value, root, $"{path}.{property.Name}")));
            }
        }

        if (value.ValueKind is JsonValueKind.Array && rule.TryGetProperty("items", out var items))
        {
            faults.AddRange(value.EnumerateArray().SelectMany(item => Faults(item, items, root, $"{path}[]")));
        }

        return faults;
    }

    static List<JsonElement> Items(JsonElement rule, string name) => rule.TryGetProperty(name, out var items) ? [.. items.EnumerateArray()] : [];

    static IEnumerable<string> Types(JsonElement type) => type.ValueKind is JsonValueKind.Array ? type.EnumerateArray().Select(one => one.GetString()!) : [type.GetString()!];

    static bool Is(JsonElement value, string type) => (type, value.ValueKind) switch
    {
        ("object", JsonValueKind.Object) or ("array", JsonValueKind.Array) or ("string", JsonValueKind.String) or ("number", JsonValueKind.Number)
            or ("null", JsonValueKind.Null) or ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
        _ => false,
    };
}
