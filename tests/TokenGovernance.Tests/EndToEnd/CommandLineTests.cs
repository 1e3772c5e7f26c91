namespace TokenGovernance.Tests.EndToEnd;

/// <summary>Help, wrong usage and `init`, by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class CommandLineTests : IDisposable
{
    readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("init", "--db")]
    [InlineData("collect", "--db", "--openclaw-home", "--interval-sec", "--status-every", "--once", "--no-status", "--rescan", "--json")]
    [InlineData("export-csv", "--db", "--out-dir", "--since", "--until", "--excel")]
    [InlineData("export-parquet", "--db", "--out-dir", "--since", "--until", "--tz", "--partition", "--columns", "--incremental", "--compression", "--json")]
    public void TheHelpOfAVerbNamesItsOptionsAndEndsWithExamples(string verb, params string[] options)
    {
        var result = Cli.Run(verb, "--help");

        result.ExitCode.Should().Be(0);
        result.Error.Should().BeEmpty();
        result.Output.Should().ContainAll(options);
        var examples = result.Output[result.Output.IndexOf("Examples:", StringComparison.Ordinal)..];
        examples.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Skip(1).Should()
            .HaveCountGreaterThan(1).And.OnlyContain(line => line.StartsWith($"token-governance {verb}", StringComparison.Ordinal));
    }

    [Fact]
    public void TheHelpOfTheProgramNamesTheVerbs() => Cli.Run("--help").Output.Should().ContainAll("init", "collect", "export-csv");

    [Theory]
    [InlineData("nonsense")]
    [InlineData("collect", "--nonsense")]
    [InlineData("collect", "--interval-sec", "soon")]
    [InlineData("collect", "--interval-sec", "0")]
    [InlineData("collect", "--interval-sec", "-1")]
    [InlineData("collect", "--interval-sec", "NaN")]
    [InlineData("collect", "--json")]
    [InlineData("export-csv")]
    [InlineData("export-csv", "--out-dir", "x", "--since", "soon")]
    [InlineData("export-csv", "--out-dir", "x", "--until", "2026-13-01")]
    [InlineData("export-parquet", "--out-dir", "x", "--partition", "week")]
    [InlineData("export-parquet", "--out-dir", "x", "--columns", "none")]
    [InlineData("export-parquet", "--out-dir", "x", "--compression", "gzip")]
    [InlineData("init", "--db")]
    public void WrongUsageIsTwoAndSaysWhatIsWrong(params string[] args)
    {
        var result = Cli.Run(args);

        result.ExitCode.Should().Be(2);
        result.Error.Should().NotBeNullOrWhiteSpace();
        result.Error.Should().NotContain("   at ");
        result.Output.Should().BeEmpty();
    }

    [Fact]
    public void AMistypedVerbIsMetWithTheOneThatWasMeant() => Cli.Run("collct").Error.Should().Contain("collect");

    [Fact]
    public void InitMakesAStoreInAFolderThatIsMissingAndSaysWhere()
    {
        var db = _folder["a/b c/ü.db"];

        var first = Cli.Run("init", "--db", db);
        var second = Cli.Run("init", "--db", db);

        (first.ExitCode, second.ExitCode).Should().Be((0, 0));
        first.Output.Should().StartWith("Created").And.Contain(db);
        second.Output.Should().NotStartWith("Created").And.Contain(db);
        StoreRows.Query(db, "PRAGMA user_version").Single().Number("user_version").Should().BePositive();
    }

    [Fact]
    public void AStoreThatCannotBeMadeIsAnErrorInOneLine()
    {
        File.WriteAllText(_folder["file"], "x");

        var result = Cli.Run("init", "--db", _folder["file/usage.db"]);

        result.ExitCode.Should().Be(1);
        result.Error.Should().StartWith("error: ").And.Contain(_folder["file"]).And.NotContain("   at ");
    }
}
