namespace TokenGovernance.Tests.Fleet;

/// <summary>What goes wrong between a node and the database, by the real program: a message that says what to do, an exit code, and nothing lost.</summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetBadInputTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void ADatabaseThatIsNotThereOrAServerThatDoesNotAnswerIsNoLoss()
    {
        Collect();
        Refused(Push(server.UrlOf("nowhere")), 3, "database \"nowhere\" does not exist", "createdb", "Nothing is lost");
        Refused(Push("postgresql://tokens@127.0.0.1:1/tokens"), 3, "postgresql://tokens@127.0.0.1:1/tokens cannot be pushed to now", "Nothing is lost");
        Refused(Cli.Run("fleet", "status", "--db", _scene.Db, "--url", "postgresql://tokens@127.0.0.1:1/tokens"), 3, "cannot be pushed to now");
    }

    [Fact]
    public void TablesThatAreMissingOrOfANewerVersionAreSaid()
    {
        Collect();
        var url = server.MakeDatabase(withTables: false);
        Refused(Push(url), 1, "has no tables of a fleet", "fleet init");

        Cli.Run("fleet", "init", "--url", url, "--partition", "none").Output.Should().Contain("Ready:").And.Contain("no partitions");
        Refused(Cli.Run("fleet", "init", "--url", url, "--partition", "month"), 1, "are there already, without partitions");
        Cli.Run("fleet", "init", "--url", url).ExitCode.Should().Be(0);
        Push(url).ExitCode.Should().Be(0);

        server.Execute(url, "UPDATE tg_schema SET version = 99");
        Refused(Push(url), 1, "has schema 99", "update it here");
        Refused(Cli.Run("fleet", "init", "--url", url), 1, "has schema 99");
    }

    [Fact]
    public void ADatabaseThatMayOnlyBeReadIsNoLoss()
    {
        Collect();
        var url = server.MakeDatabase();
        server.Execute("postgres", $"ALTER DATABASE {url.Split('/')[^1]} SET default_transaction_read_only = on");
        Refused(Push(url), 3, "it may only be read", "Name the primary server", "Nothing is lost");

        server.Execute("postgres", $"ALTER DATABASE {url.Split('/')[^1]} RESET default_transaction_read_only");
        Push(url).ExitCode.Should().Be(0);
        FleetRows.SumsOf(server, url).Should().Be(FleetRows.SumsOf(_scene.Db));
    }

    [Fact]
    public void RightsThatAreMissingAreNamed()
    {
        Collect();
        var url = server.MakeDatabase();
        server.Execute(url, "DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN; GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader; GRANT UPDATE ON tg_nodes TO reader");
        Refused(Push(url.Replace("tokens@", "reader@", StringComparison.Ordinal)), 1, "does not let this user do that", "permission denied for table tg_nodes", "docs/fleet.md");

        // One partition alone: PostgreSQL asks for rights on the whole table, so this node may push.
        server.Execute(url, "GRANT SELECT, INSERT, UPDATE, DELETE ON tg_nodes, usage_events, usage_event_copies, tg_call_times, provider_usage_snapshots TO reader; REVOKE ALL ON usage_events_2026_11 FROM reader");
        Push(url.Replace("tokens@", "reader@", StringComparison.Ordinal)).ExitCode.Should().Be(0);
    }

    [Fact]
    public void APasswordComesFromAFileOrTheEnvironmentAndIsNeverShown()
    {
        const string secret = "s3cr3t-of-the-fleet";
        Collect();
        var url = server.MakeDatabase();
        server.Execute("postgres", $"DROP ROLE IF EXISTS locked; CREATE ROLE locked LOGIN SUPERUSER PASSWORD '{secret}'");
        server.Authenticate("host all locked 127.0.0.1/32 scram-sha-256");
        url = url.Replace("tokens@", "locked@", StringComparison.Ordinal);
        var file = _scene.Folder["password"];
        File.WriteAllText(file, secret + "\n");
        File.WriteAllText(_scene.Folder["config.toml"], $"[fleet]\nurl = \"{url}\"\nname = \"n\"\npassword_file = \"{file}\"\n");

        var missing = Push(url);
        Refused(missing, 3, "password", "password_file", "~/.pgpass");
        var wrong = Cli.Run(new Dictionary<string, string?> { ["PGPASSWORD"] = "wrong-" + secret }, "fleet", "push", "--db", _scene.Db, "--url", url);
        Refused(wrong, 3, "it refuses this user", "PGPASSWORD");
        Cli.Run(new Dictionary<string, string?> { ["PGPASSWORD"] = secret }, "fleet", "push", "--db", _scene.Db, "--url", url).ExitCode.Should().Be(0);
        var pushed = Cli.Run("fleet", "push", "--db", _scene.Db, "--config", _scene.Folder["config.toml"], "--verbose");
        pushed.ExitCode.Should().Be(0, pushed.Error);

        string[] said = [missing.Error, wrong.Error, wrong.Output, pushed.Output, pushed.Error];
        said.Should().NotContain(text => text.Contains(secret, StringComparison.Ordinal));
        File.ReadAllBytes(_scene.Db).AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(secret)).Should().Be(-1);
        File.Delete(file);
        Refused(Cli.Run("fleet", "push", "--db", _scene.Db, "--config", _scene.Folder["config.toml"]), 1, $"The password file {file} cannot be read");
    }

    [Fact]
    public void ASecureConnectionThatTheServerDoesNotOfferIsNoLoss()
    {
        Collect();
        Refused(Push(server.MakeDatabase() + "?sslmode=require"), 3, "TLS was refused", "sslmode");
    }

    [Fact]
    public void AStoreThatIsNotThereIsSaid() => Refused(Push(server.MakeDatabase()), 1, "There is no store at");

    void Collect()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"), Some.Answer("a2", "10:06"));
        _scene.Collect();
    }

    CliResult Push(string url) => Cli.Run("fleet", "push", "--db", _scene.Db, "--url", url);

    static void Refused(CliResult result, int code, params string[] texts)
    {
        (result.ExitCode, result.Output).Should().Be((code, ""), result.Error);
        result.Error.Should().StartWith("error: ").And.ContainAll(texts).And.NotContain("internal error");
        result.Error.TrimEnd('\n').Should().NotContain("\n", "one line says it");
    }
}
