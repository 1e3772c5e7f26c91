using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using TokenGovernance.Cli;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>`collect --once` by the real program.</summary>
[Trait("Category", "Slow")]
public sealed class CollectTests : IDisposable
{
    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void TheJsonOfAOneShotIsOneObjectWithTheDocumentedFields()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"), "bad line");

        var result = Collect("--json");

        result.ExitCode.Should().Be(0, "bad lines are no failure");
        result.Output.Trim().Should().NotContain("\n");
        using var json = JsonDocument.Parse(result.Output);
        var root = json.RootElement;
        root.EnumerateObject().Select(field => field.Name).Should().Equal(
            "events_added", "events_known", "events_enriched", "sources_read", "bytes_read", "bad_lines", "failed_sources", "seconds",
            "events_unmeasured", "events_below_floor");
        root.GetProperty("events_added").GetInt64().Should().Be(1);
        root.GetProperty("events_known").GetInt64().Should().Be(0);
        root.GetProperty("sources_read").GetInt64().Should().Be(1);
        root.GetProperty("bytes_read").GetInt64().Should().Be(new FileInfo(_scene.Home.FileOf("s1.jsonl")).Length);
        root.GetProperty("bad_lines").GetInt64().Should().Be(1);
        root.GetProperty("failed_sources").GetArrayLength().Should().Be(0);
        root.GetProperty("seconds").GetDouble().Should().BePositive();
        result.Error.Should().Contain("s1.jsonl:3", "what was skipped is said on standard error");
    }

    [Fact]
    public void ASourceThatCannotBeReadIsNamedAndTheExitCodeSaysSo()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        var folder = Directory.CreateDirectory(_scene.Home.FileOf("x.jsonl")).FullName;

        var result = Collect("--json");

        result.ExitCode.Should().Be(3);
        using var json = JsonDocument.Parse(result.Output);
        var failed = json.RootElement.GetProperty("failed_sources").EnumerateArray().Should().ContainSingle().Subject;
        failed.EnumerateObject().Select(field => field.Name).Should().Equal("source", "reason");
        failed.GetProperty("source").GetString().Should().Be(folder);
        failed.GetProperty("reason").GetString().Should().NotBeNullOrWhiteSpace();
        json.RootElement.GetProperty("events_added").GetInt64().Should().Be(1, "the rest is read");
        result.Error.Should().Contain(folder);
    }

    [Fact]
    public void WithoutJsonPeopleReadSumsByAgentAndModel()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"), Some.Answer("a2", "10:06"));
        _scene.Home.LogOf("research", "s2.jsonl", Some.Answer("a3", "10:07", usage: """{"input":1000000}"""));

        var result = Collect();

        result.ExitCode.Should().Be(0);
        result.Output.Should().MatchRegex(@"main +stubai/stub-a +2 +246 +\$0\.66").And.MatchRegex(@"research +stubai/stub-a +1 +1,000,000")
            .And.Contain(_scene.Db);
        result.Error.Should().BeEmpty();
        Collect().Output.Should().Contain("Up to date: no new responses.");
    }

    [Theory]
    [InlineData("nowhere", "no such folder")]
    [InlineData("hollow", "looked for folders in")]
    public void AHomeThatIsMissingOrEmptyIsSaidClearlyAndMakesNoStore(string name, string reason)
    {
        Directory.CreateDirectory(_scene.Folder["hollow"]);

        var result = Cli.Run("collect", "--once", "--json", "--db", _scene.Db, "--openclaw-home", _scene.Folder[name]);

        result.ExitCode.Should().Be(1);
        result.Output.Should().BeEmpty();
        result.Error.Should().StartWith("error: ").And.Contain(_scene.Folder[name]).And.Contain(reason).And.Contain("--openclaw-home");
        File.Exists(_scene.Db).Should().BeFalse();
    }

    [Fact]
    public void SeveralHomesAreReadAndOneThatIsMissingIsAFailedSource()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        new TestHome(_scene.Folder["other"]).Log("s2.jsonl", Some.Answer("a2", "10:06"));
        var missing = _scene.Folder["missing"];

        Collect("--openclaw-home", _scene.Folder["other"]).ExitCode.Should().Be(0);
        var result = Collect("--openclaw-home", missing);

        _scene.Events.Should().HaveCount(2);
        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain(missing);
    }

    [Fact]
    public void ARescanReadsEverythingAndCountsNothingTwice()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        Collect().ExitCode.Should().Be(0);

        using var json = JsonDocument.Parse(Collect("--rescan", "--json", "--no-status", "--status-every", "5").Output);

        json.RootElement.GetProperty("events_added").GetInt64().Should().Be(0);
        json.RootElement.GetProperty("events_known").GetInt64().Should().Be(1);
    }

    [Fact]
    public void VariablesNameHomeAndStoreAndATildeIsTheUsersFolder()
    {
        _scene.Home.Log("s1.jsonl", Some.Answer("a1"));
        var byVariable = new Dictionary<string, string?>
        {
            ["OPENCLAW_STATE_DIR"] = "~/home",
            ["TOKEN_GOVERNANCE_DB"] = "~/new folder/by-variable.db",
            ["HOME"] = _scene.Folder.Path,
            ["USERPROFILE"] = _scene.Folder.Path,
        };

        Cli.Run(byVariable, "collect", "--once").ExitCode.Should().Be(0);
        StoreRows.Events(_scene.Folder["new folder/by-variable.db"]).Should().HaveCount(1);

        Cli.Run(byVariable, "collect", "--once", "--openclaw-home", "~/home", "--db", "~/by-option.db").ExitCode.Should().Be(0);
        StoreRows.Events(_scene.Folder["by-option.db"]).Should().HaveCount(1);
    }

    [Theory]
    [InlineData(".openclaw")]
    [InlineData(".clawdbot")]
    [InlineData(".moltbot")]
    public void WithoutAnyNameTheUsersOwnHomeIsReadUnderItsOldNamesToo(string name)
    {
        new TestHome(_scene.Folder[name]).Log("s1.jsonl", Some.Answer("a1"));
        var user = new Dictionary<string, string?> { ["HOME"] = _scene.Folder.Path, ["USERPROFILE"] = _scene.Folder.Path };

        Cli.Run(user, "collect", "--once", "--db", _scene.Db).ExitCode.Should().Be(0);

        _scene.Event.Text("home").Should().Be(_scene.Folder[name]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void NothingIsEverWrittenIntoTheHome(bool readOnly)
    {
        var home = new Fixture("openclaw-2026.7.1").CopyTo(_scene.Folder["copy"]);
        SetWritable(home, !readOnly);
        var before = DirectorySnapshot.Of(home);

        foreach (var options in new string[][] { [], ["--rescan"], ["--json"] })
        {
            Cli.Run(["collect", "--once", "--db", _scene.Db, "--openclaw-home", home, .. options]).ExitCode.Should().Be(0);
        }

        DirectorySnapshot.Of(home).Should().Equal(before);
        _scene.Events.Should().HaveCount(43);
        SetWritable(home, true);
    }

    static void SetWritable(string home, bool isWritable)
    {
        foreach (var folder in Directory.EnumerateDirectories(home, "*", SearchOption.AllDirectories).Append(home).ToList())
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(
                    folder, UnixFileMode.UserRead | UnixFileMode.UserExecute | (isWritable ? UnixFileMode.UserWrite : UnixFileMode.None));
            }
        }
    }

    [Fact]
    public async Task AnInterruptedCollectionSaysHowToGoOn()
    {
        _scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("a2"));
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var parse = CommandLine.Create().Parse(["collect", "--once", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path]);

        var exitCode = await parse.InvokeAsync(
            new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false }, new CancellationToken(canceled: true));

        exitCode.Should().Be(ExitCode.Interrupted);
        error.ToString().Should().Contain("interrupted; what was read is stored, and the next run goes on from there");
        output.ToString().Should().Contain("0 responses added").And.Contain("(0 of 2 sources, ").And.NotContain("Up to date");
    }

    CliResult Collect(params string[] options) =>
        Cli.Run(["collect", "--once", "--no-status", "--db", _scene.Db, "--openclaw-home", _scene.Home.Path, .. options]);
}
