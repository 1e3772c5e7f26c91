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
    public void TablesOfAnEarlierVersionArePushedToAndTheCureIsSaid()
    {
        const string cure = "run 'token-governance fleet init' once";
        Collect();
        var url = server.MakeDatabase();

        // As the first versions made them.
        server.Execute(url, "COMMENT ON TABLE tg_schema IS NULL; DROP INDEX idx_usage_events_odd; DROP VIEW v_usage_days, v_usage_quarters");
        var push = Push(url);
        push.ExitCode.Should().Be(0);
        push.Error.Should().Contain("note: an earlier version of token-governance made the views and indexes").And.Contain(cure);
        FleetRows.SumsOf(server, url).Should().Be(FleetRows.SumsOf(_scene.Db));
        var status = Cli.Run("fleet", "status", "--db", _scene.Db, "--url", url);
        status.ExitCode.Should().Be(0);
        status.Error.Should().Contain(cure);

        Cli.Run("fleet", "init", "--url", url).ExitCode.Should().Be(0);
        Push(url).Error.Should().NotContain(cure);
        Cli.Run("fleet", "status", "--db", _scene.Db, "--url", url).Error.Should().NotContain(cure);
        server.Ask(url, "SELECT count(*) FROM pg_class WHERE relname IN ('idx_usage_events_odd', 'v_usage_days', 'v_usage_quarters')").Should().Be("3");

        // A later one that changed no table.
        server.Execute(url, $"COMMENT ON TABLE tg_schema IS '{TokenGovernance.Fleet.FleetSchema.RevisionMark}99'");
        Push(url).Error.Should().NotContain(cure);
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
    public void WhatKeepsAReportFromTheDatabaseIsSaid()
    {
        Collect();
        var url = server.MakeDatabase();
        Push(url).ExitCode.Should().Be(0);
        Refused(Report("postgresql://tokens@127.0.0.1:1/tokens"), 3, "postgresql://tokens@127.0.0.1:1/tokens cannot be read now");
        Refused(Report(server.UrlOf("nowhere")), 3, "database \"nowhere\" does not exist");
        Refused(Report(server.MakeDatabase(withTables: false)), 1, "has no tables of a fleet", "fleet init");

        server.Execute(url, "DROP ROLE IF EXISTS looker; CREATE ROLE looker LOGIN; GRANT SELECT ON tg_schema, tg_nodes TO looker");
        var looker = url.Replace("tokens@", "looker@", StringComparison.Ordinal);
        Refused(Report(looker), 1, "does not let this user read that", "permission denied for table usage_events", "GRANT SELECT ON tg_schema, tg_nodes, usage_events, provider_usage_snapshots");
        server.Execute(url, "GRANT SELECT ON usage_events, provider_usage_snapshots TO looker");
        Report(looker).Output.Should().Contain("stub-a");
        Cli.Run("status", "--db", looker).ExitCode.Should().Be(0);

        // Nobody changes anything there by asking.
        server.Execute("postgres", $"ALTER DATABASE {url.Split('/')[^1]} SET default_transaction_read_only = on");
        Report(url).Output.Should().Be(Report(_scene.Db).Output);
        server.Execute("postgres", $"ALTER DATABASE {url.Split('/')[^1]} RESET default_transaction_read_only");

        server.Execute(url, "UPDATE tg_schema SET version = 99");
        Refused(Report(url), 1, "has schema 99", "update it here");
    }

    [Fact]
    public void AReportAsksAsWhoeverMayReadAndNeverRepeatsAPassword()
    {
        const string secret = "s3cr3t-of-the-readers";
        Collect();
        var url = server.MakeDatabase();
        Push(url).ExitCode.Should().Be(0);
        server.Execute("postgres", $"DROP ROLE IF EXISTS hidden; CREATE ROLE hidden LOGIN SUPERUSER PASSWORD '{secret}'");
        server.Authenticate("host all hidden 127.0.0.1/32 scram-sha-256");
        url = url.Replace("tokens@", "hidden@", StringComparison.Ordinal);

        var written = Report(url.Replace("hidden@", $"hidden:{secret}@", StringComparison.Ordinal));
        (written.ExitCode, written.Output).Should().Be((2, ""));
        written.Error.Should().Contain("--db must not hold a password").And.NotContain(secret);
        Refused(Report(url), 3, "password", "~/.pgpass");
        var report = Cli.Run(new Dictionary<string, string?> { ["PGPASSWORD"] = secret }, "report", "--db", url, "--verbose");
        (report.ExitCode, report.Error).Should().Be((0, ""));
        report.Output.Should().Contain("stub-a").And.NotContain(secret);
    }

    [Fact]
    public void WhatIsOfOneMachineIsRefusedOfAFleet()
    {
        var url = server.MakeDatabase();
        foreach (var verb in new[] { "collect", "doctor", "init" })
        {
            var result = Cli.Run(verb, "--db", url);

            (result.ExitCode, result.Output).Should().Be((2, ""), verb);
            result.Error.Should().Contain("The store is a file").And.Contain("docs/fleet.md");
        }

        File.WriteAllText(_scene.Folder["config.toml"], "[[budget]]\nname = \"b\"\nperiod = \"day\"\nlimit = \"1 USD\"\n");
        string[] check = ["budget", "check", "--db", url, "--config", _scene.Folder["config.toml"]];
        Cli.Run(check).Error.Should().Contain("add --no-deliver");
        Cli.Run([.. check, "--no-deliver"]).ExitCode.Should().Be(0);
        Cli.Run("report", "--db", url).Error.Should().Contain("is empty").And.Contain("fleet push");
    }

    [Fact]
    public void AStoreThatIsNotThereIsSaid() => Refused(Push(server.MakeDatabase()), 1, "There is no store at");

    void Collect()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"), Some.Answer("a2", "10:06"));
        _scene.Collect();
    }

    static CliResult Report(string db) => Cli.Run("report", "--db", db);

    CliResult Push(string url) => Cli.Run("fleet", "push", "--db", _scene.Db, "--url", url);

    static void Refused(CliResult result, int code, params string[] texts)
    {
        (result.ExitCode, result.Output).Should().Be((code, ""), result.Error);
        result.Error.Should().StartWith("error: ").And.ContainAll(texts).And.NotContain("internal error");
        result.Error.TrimEnd('\n').Should().NotContain("\n", "one line says it");
    }
}
