using System.Text.Json;
using System.Text.RegularExpressions;

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
    [InlineData("status", "status")]
    public void AVerbPrintsWhatItsSchemaSays(string verb, string command)
    {
        using var scene = new ReportScene();
        scene.Collect("docs", "sample-home");

        using var schema = JsonDocument.Parse(Cli.Run("schema", verb).Output);
        using var printed = JsonDocument.Parse(Cli.Run([.. command.Split(' '), "--json", "--db", scene.Db]).Output);

        Faults(printed.RootElement, schema.RootElement, schema.RootElement, "$").Should().BeEmpty();
        printed.RootElement.EnumerateObject().Select(field => field.Name).Should().BeSubsetOf(
            schema.RootElement.GetProperty("properties").EnumerateObject().Select(field => field.Name), "a schema knows every field");
    }

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

        if (value.ValueKind is JsonValueKind.Object)
        {
            faults.AddRange(Items(rule, "required").Select(name => name.GetString()!).Where(name => !value.TryGetProperty(name, out _)).Select(name => $"{path}: no {name}"));
            if (rule.TryGetProperty("properties", out var properties))
            {
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
