using Microsoft.Data.Sqlite;

namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>What the home's own database says: which agents' databases are elsewhere, and what cron jobs are called.</summary>
public sealed class JobTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ACronJobHasItsName()
    {
        MakeState();
        Job("j1", "Morning report");
        MakeSession("agent:main:cron:j1");

        _scene.Collect();

        Job().Should().Be("j1 'Morning report' cron");
    }

    [Theory]
    [InlineData("heartbeat-main", "heartbeat-main")]
    [InlineData("j1", "Heartbeat every hour")]
    public void AHeartbeatIsAJobOfThatName(string id, string name)
    {
        MakeState();
        Job(id, name);
        MakeSession($"agent:main:cron:{id}");

        _scene.Collect();

        Job().Should().Be($"{id} '{name}' heartbeat");
    }

    [Fact]
    public void ANameThatComesLaterFillsTheEventsThatAreThere()
    {
        var store = MakeSession("agent:main:cron:j1");
        store.Window("s2", "agent:main:main", ("updated_at", Some.Ms("23:00")));
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        Job().Should().Be("j1 '' cron");

        MakeState();
        Job("j1", "heartbeat");
        passes.Run().Stored.Enriched.Should().Be(1);

        Job().Should().Be("j1 'heartbeat' heartbeat");
    }

    [Fact]
    public void ANameThatComesBetweenTwoProcessesFillsTheEventsThatAreThere()
    {
        MakeSession("agent:main:cron:j1");
        using (var passes = _scene.StartPasses(new LaterClock()))
        {
            passes.Run();
        }

        MakeState();
        Job("j1", "Morning report");
        using var later = _scene.StartPasses(new LaterClock());
        later.Run();

        Job().Should().Be("j1 'Morning report' cron");
    }

    [Fact]
    public void AJobThatIsDeletedKeepsItsName()
    {
        MakeState();
        Job("j1", "Morning report");
        MakeSession("agent:main:cron:j1");
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();

        Execute("DELETE FROM cron_jobs");
        passes.Run();

        Job().Should().Be("j1 'Morning report' cron");
    }

    [Fact]
    public void AnAgentsDatabaseElsewhereIsReadAsTheAgents()
    {
        MakeState();
        Execute("INSERT INTO agent_databases VALUES ('remote', '../elsewhere/store.sqlite', 23)");
        Execute("INSERT INTO agent_databases VALUES ('absent', 'nowhere/store.sqlite', 23)");
        Execute($"INSERT INTO agent_databases VALUES ('main', '{Path.GetRelativePath(_scene.Home.Path, _scene.Home.StoreOf())}', 23)");
        new AgentDatabaseBuilder(_scene.Folder["elsewhere/store.sqlite"]).Append("s9", Some.Header("s9"), Some.Answer("r1", "10:06"));
        MakeSession("agent:main:main");

        _scene.Collect().Failures.Should().BeEmpty();

        _scene.Events.Select(row => $"{row.Text("entry_id")} {row.Text("agent_id")} {row.Text("home")}").Should()
            .Equal($"a1 main {_scene.Home.Path}", $"r1 remote {_scene.Home.Path}");
    }

    [Fact]
    public void ADatabaseElsewhereThatIsNamedLaterIsReadThen()
    {
        MakeState();
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run();
        var path = _scene.Folder["far.sqlite"];
        new AgentDatabaseBuilder(path).Append("s9", Some.Header("s9"), Some.Answer("r1"));
        Execute($"INSERT INTO agent_databases VALUES ('remote', '{path}', 23)");

        passes.Run().Stored.Added.Should().Be(1);

        _scene.Event.Text("agent_id").Should().Be("remote");
    }

    [Fact]
    public void AStateDatabaseThatCannotBeReadIsNamedAndTheRestIsCollected()
    {
        var path = StatePath();
        File.WriteAllText(path, new string('x', 5_000));
        MakeSession("agent:main:cron:j1");

        var pass = _scene.Collect();

        pass.Failures.Should().ContainSingle().Which.Source.Should().Be(path);
        Job().Should().Be("j1 '' cron");
    }

    string StatePath()
    {
        var path = Path.Combine(_scene.Home.Path, "state", "openclaw.sqlite");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        return path;
    }

    void MakeState()
    {
        Execute("CREATE TABLE agent_databases (agent_id TEXT, path TEXT, schema_version INTEGER)");
        Execute("CREATE TABLE cron_jobs (store_key TEXT, job_id TEXT, name TEXT, agent_id TEXT, payload_kind TEXT)");
    }

    void Job(string id, string name) => Execute("INSERT INTO cron_jobs VALUES ('x', $id, $name, 'main', 'agentTurn')", ("id", id), ("name", name));

    void Execute(string sql, params (string Name, object? Value)[] values)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = StatePath(), Pooling = false }.ToString());
        connection.Open();
        AgentDatabaseBuilder.Execute(connection, sql, values);
    }

    AgentDatabaseBuilder MakeSession(string key)
    {
        var store = _scene.Home.MakeStore();
        store.Window("s1", key);
        store.Append("s1", Some.Header("s1"), Some.Answer("a1"));

        return store;
    }

    string Job() => $"{_scene.Events[0].Text("job_id")} '{_scene.Events[0].Text("job_name")}' {_scene.Events[0].Text("trigger")}";
}
