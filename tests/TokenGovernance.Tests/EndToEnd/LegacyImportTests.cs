using TokenGovernance.Storage;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The database that the Python original made of a real home, and that home afterwards, live or migrated.</summary>
[Trait("Category", "Slow")]
public sealed class LegacyImportTests : IDisposable
{
    const string Live = "openclaw-2026.7.1";
    const string Migrated = "openclaw-2026.7.1-migrated-2026.9.6";

    readonly Scene _scene = new();

    string Db => _scene.Db;

    public static TheoryData<string, bool> Homes => new() { { Live, true }, { Live, false }, { Migrated, true }, { Migrated, false } };

    public void Dispose() => _scene.Dispose();

    [Theory]
    [MemberData(nameof(Homes))]
    public void CollectingEndsWithExactlyTheTruthOfTheHome(string name, bool isWhereItWas)
    {
        var home = new Fixture(name).CopyTo(_scene.Folder["copy"]);
        LegacyDatabaseBuilder.CopyFixture(Db, isWhereItWas ? home : LegacyDatabaseBuilder.FixtureHome);
        UsageStore.Open(Db).Dispose();
        var adopted = Ids();

        var pass = _scene.CollectFrom(home);

        pass.Failures.Should().BeEmpty();
        pass.Stored.Added.Should().Be(3, "the original read no archives");
        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(home));
        _scene.Events.Should().OnlyContain(row => File.Exists(row.Text("source_file")));
        Ids().Should().Contain(adopted, "every row is still the same row");
        StoreRows.Query(Db, "SELECT * FROM adopted_events").Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(Homes))]
    public void CollectingAgainAndARescanChangeNothing(string name, bool isWhereItWas)
    {
        var home = new Fixture(name).CopyTo(_scene.Folder["copy"]);
        LegacyDatabaseBuilder.CopyFixture(Db, isWhereItWas ? home : LegacyDatabaseBuilder.FixtureHome);
        _scene.CollectFrom(home);
        var before = _scene.Events.Select(row => row.ToString()).ToList();

        _scene.CollectFrom(home).Stored.Added.Should().Be(0);
        _scene.CollectFrom(home, rescan: true).Stored.Added.Should().Be(0);
        _scene.CollectFrom(new Fixture(Live).CopyTo(_scene.Folder["elsewhere"])).Stored.Added.Should().Be(0);

        _scene.Events.Select(row => row.ToString()).Should().Equal(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void RowsWhoseSourcesAreGoneStayAndCount(bool isWhereItWas)
    {
        var home = new Fixture(Live).CopyTo(_scene.Folder["copy"]);
        LegacyDatabaseBuilder.CopyFixture(Db, isWhereItWas ? home : LegacyDatabaseBuilder.FixtureHome);
        foreach (var gone in new[] { "agents/research/sessions", "agents/main/sessions/sess-main-1.jsonl" })
        {
            var path = Path.Combine(home, gone);
            if (File.Exists(path))
            {
                File.Delete(path);
            }
            else
            {
                Directory.Delete(path, recursive: true);
            }
        }

        _scene.CollectFrom(home);
        _scene.CollectFrom(home, rescan: true);

        var events = _scene.Events;
        var goneRows = events.Where(row => row.Text("entry_id") is null).ToList();
        goneRows.Select(row => row.Text("session_id")).Distinct().Should().BeEquivalentTo(
            "sess-main-1", "sess-res-1", "sess-res-2", "85e7d625-434d-4b93-b317-db70197cd4ff", "3c5c57a0-c09d-46e4-8375-ae1c3206b98a");
        goneRows.Should().HaveCount(12).And.OnlyContain(row => row.Text("agent_id") != null && row.Text("cost_source") == "recorded");
        ComparableEvents.Of(events.Except(goneRows)).Should().Equal(ComparableEvents.OfFirstCollection(home));
        events.Sum(row => row.Number("total_tokens")).Should().Be(172_048, "nothing is lost, and nothing counted twice");
    }

    [Fact]
    public void InitUpgradesInPlaceAndLosesNothing()
    {
        LegacyDatabaseBuilder.CopyFixture(Db);
        var before = StoreRows.Query(Db, "SELECT * FROM usage_events").ToDictionary(row => row.Number("id")!.Value);

        var result = Cli.Run("init", "--db", Db);

        result.ExitCode.Should().Be(0);
        result.Output.Should().Contain("40 responses kept").And.Contain("2 copies").And.Contain("3 synthetic").And.Contain(Backup());
        string[] same =
        [
            "session_key", "channel", "chat_type", "origin_provider", "model_provider", "model", "api", "stop_reason", "input_tokens",
            "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens", "cost_input", "cost_output", "cost_cache_read",
            "cost_cache_write", "cost_total", "source_file", "source_line_no", "event_ts",
        ];
        foreach (var row in _scene.Events)
        {
            row.Show(same).Should().Equal(before[row.Number("id")!.Value].Show(same));
            row.Text("ingest_ts").Should().MatchRegex(@"^2026-11-21T21:01:06\.32\dZ$");
            row.Text("home").Should().Be(LegacyDatabaseBuilder.FixtureHome);
            row.Text("agent_id").Should().BeOneOf("main", "research");
        }

        var surplus = StoreRows.Query(Db, "SELECT * FROM adopted_surplus ORDER BY id");
        surplus.Select(row => $"{row.Number("id")} {row.Text("reason")}").Should()
            .Equal("19 synthetic", "30 synthetic", "35 copy", "36 copy", "43 synthetic");
        surplus.Select(row => string.Join(", ", row.Show(before[19].Columns))).Should()
            .Equal(surplus.Select(row => before[row.Number("id")!.Value].ToString()), "these rows are kept as they were");
        _scene.Events.Count.Should().Be(40);
        StoreRows.Query(Db, "SELECT seq FROM sqlite_sequence WHERE name = 'event_facts'").Single().Number("seq").Should().Be(45);
        StoreRows.Query(Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        StoreRows.Query(Db, "PRAGMA foreign_key_check").Should().BeEmpty();
    }

    [Fact]
    public void TheEventOfAForkThatWasNoCopyIsInItsSessionAtOnce()
    {
        LegacyDatabaseBuilder.CopyFixture(Db);

        UsageStore.Open(Db).Dispose();

        _scene.Events.Single(row => row.Number("id") == 37).Show("agent_id", "session_id").Should()
            .Equal("agent_id=main", "session_id=986068d9-c2c1-49c5-ac3a-99195b8260cb");
    }

    [Fact]
    public void SnapshotsAreKeptAsWindows()
    {
        LegacyDatabaseBuilder.CopyFixture(Db);

        UsageStore.Open(Db).Dispose();

        var rows = StoreRows.Query(Db, "SELECT * FROM provider_usage_snapshots ORDER BY id");
        rows.Should().HaveCount(10).And.OnlyContain(row => row.Text("kind") == "window" && row.Text("snapshot_ts") == "2026-11-21T21:01:06.329Z");
        rows[7].Show("id", "provider", "display_name", "plan", "window_label", "used_percent", "reset_at_ms").Should().Equal(
            "id=8", "provider=openai-codex", "display_name=Codex", "plan=plus ($7.25)", "window_label=Day", "used_percent=44",
            "reset_at_ms=1795692389000");
        StoreRows.Query(Db, "SELECT * FROM collector_state").Should().BeEmpty();
    }

    [Fact]
    public void TheBackupIsTheFileAsItWasForItsOwnerOnly()
    {
        LegacyDatabaseBuilder.CopyFixture(Db);
        var before = Dump(Db);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(Db, (UnixFileMode)0b110_100_100);
        }

        // Left by an upgrade that was killed; and a link where a guessed name may be.
        File.WriteAllText($"{Db}.original-20261121T210106Z.bak.0123456789abcdef.tmp", "");
        File.WriteAllText(_scene.Folder["mine"], "mine");
        File.CreateSymbolicLink($"{Db}.original-20261121T210106Z.bak.tmp", _scene.Folder["mine"]);

        Cli.Run("init", "--db", Db).ExitCode.Should().Be(0);

        Dump(Backup()).Should().Equal(before);
        foreach (var file in new[] { Db, Backup() })
        {
            (OperatingSystem.IsWindows() ? UnixFileMode.UserRead | UnixFileMode.UserWrite : File.GetUnixFileMode(file)).Should()
                .Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.ReadAllText(_scene.Folder["mine"]).Should().Be("mine");
        File.Delete(_scene.Folder["mine"]);
        StoreRows.Query(Backup(), "PRAGMA journal_mode").Single().Text("journal_mode").Should().Be("delete", "it is one file");
        Directory.GetFiles(_scene.Folder.Path).Should().BeEquivalentTo([Db, Backup()]);
    }

    [Theory]
    [InlineData("collect", "--once", "--no-status", "--openclaw-home", "HOME")]
    [InlineData("collect", "--once", "--json", "--no-status", "--openclaw-home", "HOME")]
    public void CollectingUpgradesAndSaysSoOnStandardError(params string[] args)
    {
        var home = new Fixture(Live).CopyTo(_scene.Folder["copy"]);
        LegacyDatabaseBuilder.CopyFixture(Db);

        var result = Cli.Run([.. args.Select(arg => arg.Replace("HOME", home, StringComparison.Ordinal)), "--db", Db]);

        result.ExitCode.Should().Be(0);
        result.Error.Should().Contain("40 responses kept").And.Contain(Backup());
        result.Output.Should().NotContain("responses kept");
    }

    IReadOnlyList<long> Ids() => [.. _scene.Events.Select(row => row.Number("id")!.Value)];

    string Backup() => Directory.GetFiles(_scene.Folder.Path, "usage.db.original-*.bak").Should().ContainSingle().Subject;

    static List<string> Dump(string db) =>
    [
        .. new[] { "sqlite_schema", "usage_events", "provider_usage_snapshots", "collector_state" }
            .SelectMany(table => StoreRows.Query(db, $"SELECT * FROM {table} ORDER BY 1, 2, 3").Select(row => row.ToString())),
    ];
}
