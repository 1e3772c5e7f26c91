namespace TokenGovernance.Tests.EndToEnd;

/// <summary>What `fleet` says without a database: addresses, the configuration, the SQL for an administrator.</summary>
[Trait("Category", "Slow")]
public sealed class FleetUsageTests : IDisposable
{
    const string Secret = "s3cr3t";

    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mysql://host/db", "takes an address such as postgresql://user@host/name")]
    [InlineData("postgresql://me:s3cr3t@host/db", "must not hold a password: use password-file, $PGPASSWORD or ~/.pgpass")]
    [InlineData("postgresql://me@host/db?password=s3cr3t", "must not hold a password")]
    [InlineData("postgresql://me@host/db?colour=red", "does not know the parameter 'colour'. Known: host, port")]
    public void AnAddressThatCannotBeUsedIsRefusedAndNotRepeated(string url, string expected)
    {
        var given = Cli.Run("fleet", "push", "--url", url);
        given.ExitCode.Should().Be(2);
        given.Error.Should().Contain($"--url {expected}").And.NotContain(Secret);

        var configured = Run($"[fleet]\nurl = \"{url}\"\n", "config", "check");
        configured.ExitCode.Should().Be(2);
        configured.Error.Should().Contain($"config.toml:2: url {expected}").And.NotContain(Secret);
    }

    [Theory]
    [InlineData("name = \"x\"", "1: [fleet] needs url")]
    [InlineData("url = \"postgresql://h/d\"\ncolumns = \"some\"", "3: columns takes \"no-peer-ids\" or \"all\"")]
    [InlineData("url = \"postgresql://h/d\"\nname = \" \"", "3: name takes a name of at most 100 characters")]
    [InlineData("url = \"postgresql://h/d\"\ninterval-sec = 0", "3: interval-sec takes a number from 0.1 to 86400")]
    [InlineData("url = \"postgresql://h/d\"\npasword = \"x\"", "3: unknown key 'pasword' in [fleet]")]
    public void AMistakeInTheConfigurationIsSaidWithItsLine(string lines, string expected)
    {
        var result = Run($"[fleet]\n{lines}\n", "config", "check");

        (result.ExitCode, result.Output).Should().Be((2, ""));
        result.Error.Should().Contain($"config.toml:{expected}");
    }

    [Fact]
    public void TheConfigurationIsSaidInWords() =>
        Run("[fleet]\nurl = \"postgresql://me@h/d\"\nname = \"gateway-7\"\ncolumns = \"all\"\n", "config", "check").Output
            .Should().Contain("pushes to postgresql://me@h:5432/d as gateway-7, all columns");

    [Fact]
    public void WithoutAnAddressItAsksForOne()
    {
        var result = Run("", "fleet", "push", "--db", Store());

        result.ExitCode.Should().Be(2);
        result.Error.Should().StartWith("Which database? Name it with --url");
    }

    [Theory]
    [InlineData("report")]
    [InlineData("status")]
    [InlineData("quota")]
    [InlineData("metrics")]
    public void APasswordInTheAddressOfADatabaseIsRefusedAndNotRepeated(string verb)
    {
        var result = Cli.Run(verb, "--db", $"postgresql://me:{Secret}@host/db");

        (result.ExitCode, result.Output).Should().Be((2, ""));
        result.Error.Should().StartWith("--db must not hold a password").And.NotContain(Secret);
    }

    [Theory]
    [InlineData("doctor")]
    [InlineData("compact")]
    [InlineData("retention", "plan")]
    [InlineData("collect", "--once")]
    public void AVerbThatNeedsAFileSaysSoOfADatabase(params string[] verb)
    {
        var result = Cli.Run([.. verb, "--db", $"postgresql://me:{Secret}@host/db"]);

        (result.ExitCode, result.Output).Should().Be((2, ""));
        result.Error.Should().StartWith("The store is a file: this verb cannot read a PostgreSQL database.").And.NotContain(Secret);
    }

    [Fact]
    public void TheSqlIsPrintedForAnAdministrator()
    {
        Cli.Run("fleet", "init", "--print").Output.Should().Contain("CREATE TABLE IF NOT EXISTS usage_events").And.Contain("PARTITION BY RANGE (event_ts)").And.NotContain("distributed");
        Cli.Run("fleet", "init", "--print", "--citus").Output.Should().Contain("create_distributed_table('usage_events', 'event_key')").And.NotContain("PARTITION BY");
        Cli.Run("fleet", "init", "--print", "--citus", "--partition", "month").ExitCode.Should().Be(2);
    }

    string Store()
    {
        Cli.Run("init", "--db", _folder["usage.db"]).ExitCode.Should().Be(0);

        return _folder["usage.db"];
    }

    CliResult Run(string configuration, params string[] args)
    {
        File.WriteAllText(_folder["config.toml"], configuration);

        return Cli.Run([.. args, "--config", _folder["config.toml"]]);
    }
}
