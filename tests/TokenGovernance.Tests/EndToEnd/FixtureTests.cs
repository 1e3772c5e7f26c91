using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Homes of the real OpenClaw: every number in the store is the number that OpenClaw wrote, once.</summary>
[Trait("Category", "Slow")]
public sealed class FixtureTests
{
    /// <summary>Columns of the store, and what they are called in expected.json.</summary>
    static readonly (string Column, string Expected)[] Fields =
    [
        ("agent_id", "agent_id"), ("session_id", "session_id"), ("entry_id", "entry_id"), ("event_ts", "event_ts"),
        ("started_ts", "message_ts"), ("model_provider", "model_provider"), ("model", "model"), ("api", "api"),
        ("stop_reason", "stop_reason"), ("response_id", "response_id"), ("run_id", "run_id"), ("input_tokens", "input"),
        ("output_tokens", "output"), ("cache_read_tokens", "cache_read"), ("cache_write_tokens", "cache_write"),
        ("total_tokens", "total"), ("reasoning_tokens", "reasoning"), ("cost_input", "cost_input"), ("cost_output", "cost_output"),
        ("cost_cache_read", "cost_cache_read"), ("cost_cache_write", "cost_cache_write"), ("cost_total", "cost_total"),
        ("channel", "channel"), ("chat_type", "chat_type"), ("origin_provider", "origin_provider"),
    ];

    public static TheoryData<string> Homes => ["openclaw-2026.2.9", "openclaw-2026.7.1"];

    [Theory]
    [MemberData(nameof(Homes))]
    public void EveryEventIsWhatOpenClawWroteFieldByField(string name)
    {
        using var scene = new Scene();
        var fixture = new Fixture(name);
        var home = fixture.CopyTo(scene.Folder["copy"]);

        scene.CollectFrom(home).Failures.Should().BeEmpty();

        var expected = fixture.ExpectedEvents().ToDictionary(e => $"{e.GetProperty("entry_id")} {e.GetProperty("event_ts")}");
        var stored = scene.Events.ToDictionary(row => $"{row.Text("entry_id")} {row.Text("event_ts")}");
        stored.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (key, row) in stored)
        {
            Fields.Select(field => $"{field.Column}={Show(row[field.Column])}").Should()
                .Equal(Fields.Select(field => $"{field.Column}={Show(expected[key], field.Expected)}"), $"of event {key}");
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void EveryKnownSessionKeyIsTheSame(string name)
    {
        using var scene = new Scene();
        var fixture = new Fixture(name);

        scene.CollectFrom(fixture.CopyTo(scene.Folder["copy"]));

        // Where expected.json knows no key, trajectories may tell one.
        var stored = scene.Events.ToDictionary(row => row.Text("entry_id")!, row => row.Text("session_key"));
        foreach (var expected in fixture.ExpectedEvents().Where(e => e.GetProperty("session_key").ValueKind is JsonValueKind.String))
        {
            stored[expected.GetProperty("entry_id").GetString()!].Should().Be(expected.GetProperty("session_key").GetString());
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void EveryEventSaysWhichFileOfItsSessionItWasReadFrom(string name)
    {
        using var scene = new Scene();
        var fixture = new Fixture(name);
        var home = fixture.CopyTo(scene.Folder["copy"]);

        scene.CollectFrom(home);

        var foundIn = fixture.ExpectedEvents().ToDictionary(
            e => e.GetProperty("entry_id").GetString()!,
            e => e.GetProperty("found_in").EnumerateArray().Select(file => file.GetString()!).ToList());
        foreach (var row in scene.Events)
        {
            var file = Path.GetRelativePath(home, row.Text("source_file")!).Replace('\\', '/');
            foundIn[row.Text("entry_id")!].Should().Contain(file);
            var line = File.ReadLines(row.Text("source_file")!).ElementAt((int)row.Number("source_line_no")! - 1);
            line.Should().Contain($"\"id\":\"{row.Text("entry_id")}\"");
            row.Text("home").Should().Be(home);
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void ASecondCollectARescanACopyAndALinkAddNothing(string name)
    {
        using var scene = new Scene();
        var home = new Fixture(name).CopyTo(scene.Folder["copy"]);
        scene.CollectFrom(home).Stored.Added.Should().BePositive();
        var before = scene.Events.Select(row => row.ToString()).ToList();
        Directory.CreateSymbolicLink(scene.Folder["link"], home);

        scene.CollectFrom(home).Stored.Added.Should().Be(0, "it is the second time");
        scene.CollectFrom(home, rescan: true).Stored.Added.Should().Be(0, "a rescan reads what is known");
        scene.CollectFrom(new Fixture(name).CopyTo(scene.Folder["elsewhere"])).Stored.Added.Should().Be(0, "it is a copy");
        scene.CollectFrom(scene.Folder["link"]).Stored.Added.Should().Be(0, "it is a link");

        scene.Events.Select(row => row.ToString()).Should().Equal(before);
    }

    [Fact]
    public void TheRunsOfTheTrajectoriesSayWhatStartedThem()
    {
        using var scene = new Scene();

        scene.CollectFrom(new Fixture("openclaw-2026.7.1").CopyTo(scene.Folder["copy"]));

        var triggers = scene.Events.Select(row => (Key: row.Text("session_key"), Trigger: row.Text("trigger"))).ToHashSet();
        triggers.Where(t => t.Key?.Contains(":cron:", StringComparison.Ordinal) == true).Should().OnlyContain(t => t.Trigger == "cron");
        triggers.Where(t => t.Key?.Contains(":hook:", StringComparison.Ordinal) == true).Should().OnlyContain(t => t.Trigger == "hook");
        triggers.Where(t => t.Key?.Contains(":main:main", StringComparison.Ordinal) == true).Should().OnlyContain(t => t.Trigger == "user");
        scene.Events.Should().Contain(row => row.Text("trigger") == "cron").And.Contain(row => row.Text("trigger") == "hook");
    }

    static string Show(JsonElement expected, string field)
    {
        var value = expected.GetProperty(field);

        return field is "message_ts" && value.ValueKind is JsonValueKind.Number
            ? Show(UtcTime.Format(value.GetInt64()))
            : value.ValueKind switch
            {
                JsonValueKind.String => Show(value.GetString()),
                JsonValueKind.Number => Show(value.GetDouble()),
                _ => "NULL",
            };
    }

    static string Show(object? value) => value switch
    {
        null => "NULL",
        long number => Show((double)number),
        double number => number.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };
}
