using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Homes of the real OpenClaw that keep transcripts in databases: every number is the number that OpenClaw wrote, once.</summary>
[Trait("Category", "Slow")]
public sealed class SqliteEraFixtureTests : IDisposable
{
    /// <summary>Columns of the store, and what they are called in expected.json.</summary>
    static readonly (string Column, string Expected)[] Fields =
    [
        ("agent_id", "agent_id"), ("session_id", "session_id"), ("session_key", "session_key"), ("entry_id", "entry_id"),
        ("event_ts", "event_ts"), ("started_ts", "message_ts"), ("model_provider", "model_provider"), ("model", "model"),
        ("api", "api"), ("stop_reason", "stop_reason"), ("response_id", "response_id"), ("run_id", "run_id"),
        ("input_tokens", "input"), ("output_tokens", "output"), ("cache_read_tokens", "cache_read"),
        ("cache_write_tokens", "cache_write"), ("total_tokens", "total"), ("reasoning_tokens", "reasoning"),
        ("cost_input", "cost_input"), ("cost_output", "cost_output"), ("cost_cache_read", "cost_cache_read"),
        ("cost_cache_write", "cost_cache_write"), ("cost_total", "cost_total"), ("channel", "channel"), ("chat_type", "chat_type"),
        ("origin_provider", "origin_provider"),
    ];

    static readonly string[] Attribution =
        ["session_key", "channel", "chat_type", "origin_provider", "spawned_by", "parent_session_key", "trigger", "job_id", "job_name"];

    readonly Scene _scene = new();

    public static TheoryData<string> Homes => ["openclaw-2026.9.6", "openclaw-2026.7.1-migrated-2026.9.6"];

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Homes))]
    public void EveryEventIsWhatOpenClawWroteFieldByField(string name)
    {
        var fixture = new Fixture(name);

        var pass = _scene.CollectFrom(fixture.CopyTo(_scene.Folder["copy"]));

        pass.Failures.Should().BeEmpty();
        pass.BadLines.Should().Be(0);
        var expected = fixture.ExpectedEvents().ToDictionary(e => $"{e.GetProperty("entry_id")} {e.GetProperty("event_ts")}");
        var stored = _scene.Events.ToDictionary(row => $"{row.Text("entry_id")} {row.Text("event_ts")}");
        stored.Keys.Should().BeEquivalentTo(expected.Keys);
        foreach (var (key, row) in stored)
        {
            // Where expected.json names no session key, a trajectory may.
            var fields = Fields.Where(field => field.Column is not "session_key" || Show(expected[key], "session_key") != "NULL").ToList();
            fields.Select(field => $"{field.Column}={Show(row[field.Column])}").Should()
                .Equal(fields.Select(field => $"{field.Column}={Show(expected[key], field.Expected)}"), $"of event {key}");
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void EveryEventSaysWhereItWasFound(string name)
    {
        var fixture = new Fixture(name);
        var home = fixture.CopyTo(_scene.Folder["copy"]);

        _scene.CollectFrom(home);

        var foundIn = fixture.ExpectedEvents().ToDictionary(
            e => e.GetProperty("entry_id").GetString()!,
            e => e.GetProperty("found_in").EnumerateArray().Select(file => file.GetString()!).ToList());
        foreach (var row in _scene.Events)
        {
            var file = Path.GetRelativePath(home, row.Text("source_file")!).Replace('\\', '/');
            var isDatabase = file.EndsWith("agent/openclaw-agent.sqlite", StringComparison.Ordinal);
            foundIn[row.Text("entry_id")!].Should().Contain(place => isDatabase ? place.StartsWith("db:") : place == file);
        }
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void ASecondCollectARescanAndACopyAddNothing(string name)
    {
        var fixture = new Fixture(name);
        var home = fixture.CopyTo(_scene.Folder["copy"]);
        _scene.CollectFrom(home).Stored.Added.Should().BePositive();
        var before = Shown();

        _scene.CollectFrom(home).Stored.Added.Should().Be(0, "it is the second time");
        _scene.CollectFrom(home, rescan: true).Stored.Added.Should().Be(0, "a rescan reads what is known");
        _scene.CollectFrom(fixture.CopyTo(_scene.Folder["elsewhere"])).Stored.Added.Should().Be(0, "it is a copy");

        Shown().Should().Equal(before);
    }

    [Fact]
    public void AnUpgradeOfOpenClawAddsNothingAndLosesNoAttribution()
    {
        var home = new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]);
        using var passes = new Passes(_scene.Db, home, new LaterClock());
        passes.Run().Stored.Added.Should().Be(43);
        var before = _scene.Events;

        Directory.Delete(home, recursive: true);
        new Fixture("openclaw-2026.7.1-migrated-2026.9.6").CopyTo(home);
        var pass = passes.Run();

        pass.Stored.Added.Should().Be(0);
        pass.Failures.Should().BeEmpty();
        AttributionShouldBeKept(before, _scene.Events);
    }

    [Fact]
    public void AnUpgradeWhileNobodyCollectedAddsNothingEither()
    {
        var home = new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]);
        _scene.CollectFrom(home);
        var before = _scene.Events;

        Directory.Delete(home, recursive: true);
        new Fixture("openclaw-2026.7.1-migrated-2026.9.6").CopyTo(home);

        _scene.CollectFrom(home).Stored.Added.Should().Be(0);
        AttributionShouldBeKept(before, _scene.Events);
        _scene.CollectFrom(home, rescan: true).Stored.Added.Should().Be(0);
        AttributionShouldBeKept(before, _scene.Events);
    }

    static void AttributionShouldBeKept(IReadOnlyList<Row> before, IReadOnlyList<Row> after)
    {
        var now = after.ToDictionary(row => row.Text("entry_id")!);
        now.Should().HaveCount(before.Count);
        foreach (var row in before)
        {
            var known = Attribution.Where(column => row[column] is not null).ToList();
            now[row.Text("entry_id")!].Show(known).Should().Equal(row.Show(known), $"{row.Text("entry_id")} had it before the upgrade");
            now[row.Text("entry_id")!].Text("session_id").Should().Be(row.Text("session_id"));
        }
    }

    List<string> Shown() => [.. _scene.Events.Select(row => row.ToString())];

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
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        _ => $"'{value}'",
    };
}
