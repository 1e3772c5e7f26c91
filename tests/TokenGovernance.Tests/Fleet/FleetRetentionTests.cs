using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Tests.Retention;

namespace TokenGovernance.Tests.Fleet;

/// <summary>What a fleet does not have stays in the store, and what it has stays in the fleet.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetRetentionTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void NothingGoesThatIsNotPushedAndNothingThatIsPushedGoesFromTheFleet()
    {
        var url = server.MakeDatabase();
        File.WriteAllText(_scene.Folder["config.toml"], $"[fleet]\nurl = \"{url}\"\nname = \"n\"\n");
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Answer("a1", 900), Answer("a2", 5), Answer("a3", 4), Answer("a4", 3));
        _scene.Collect();

        Apply().Error.Should().Contain("does not have responses from").And.Contain("fleet push");
        _scene.Events.Should().HaveCount(4);

        Run("fleet", "push").ExitCode.Should().Be(0);
        Apply().Output.Should().Contain("1 response removed");
        _scene.Events.Should().HaveCount(3);

        _scene.Home.Append("s1.jsonl", Answer("a5", 2));
        _scene.Collect(rescan: true);
        Run("fleet", "push").ExitCode.Should().Be(0);
        server.Query(url, "SELECT entry_id FROM usage_events ORDER BY 1").Select(row => row["entry_id"]).Should().Equal("a1", "a2", "a3", "a4", "a5");
        RetentionScene.LevelsShouldAgree(_scene.Db);
    }

    CliResult Apply() => Run("retention", "apply", "--keep", "13mo");

    CliResult Run(params string[] words) => Cli.Run([.. words, "--db", _scene.Db, "--config", _scene.Folder["config.toml"]]);

    static string Answer(string id, int daysAgo)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()).AddDays(-daysAgo);

        return Some.Answer(id).Replace(Some.Time("10:05"), UtcTime.Format(time), StringComparison.Ordinal)
            .Replace(Some.Ms("10:05").ToString(CultureInfo.InvariantCulture), time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
    }
}
