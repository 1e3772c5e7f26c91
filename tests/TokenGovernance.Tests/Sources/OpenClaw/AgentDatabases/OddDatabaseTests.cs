using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Sources.OpenClaw.AgentDatabases;

/// <summary>Databases as public reports show them: foreign modules, restored backups, crashes, odd ids and encodings.</summary>
public sealed class OddDatabaseTests : IDisposable
{
    readonly Scene _scene = new();

    IEnumerable<string?> Ids => _scene.Events.Select(row => row.Text("entry_id"));

    string Db => _scene.Home.StoreOf();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("memory_vec", "CREATE VIRTUAL TABLE memory_vec USING vec0(embedding float[4])")]
    [InlineData("conversations", "CREATE VIRTUAL TABLE conversations USING vec0(embedding float[4])")]
    public void ATableOfAModuleThatIsNotHereCostsNothing(string name, string sql)
    {
        var store = _scene.Home.MakeStore("conversations", "session_conversations");
        store.Window("s1", "agent:main:telegram:direct:1", ("channel", "telegram"));
        store.Append("s1", Some.Header("s1"), Some.Answer("a1"));
        using (var connection = store.Connect())
        {
            AgentDatabaseBuilder.Execute(connection, "PRAGMA writable_schema = ON");
            AgentDatabaseBuilder.Execute(
                connection, "INSERT INTO sqlite_schema (type, name, tbl_name, rootpage, sql) VALUES ('table', $name, $name, 0, $sql)",
                ("name", name), ("sql", sql));
        }

        _scene.Collect().Failures.Should().BeEmpty();

        (_scene.Event.Text("entry_id"), _scene.Event.Text("channel")).Should().Be(("a1", "telegram"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ABackupThatWasPutBackAndGrewFurtherThanBeforeIsReadAgain(bool inPlace)
    {
        var store = _scene.Home.MakeStore();
        store.SetGeneration("s1", "g1");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        File.Copy(Db, _scene.Folder["backup"]);
        store.Append("s1", Some.Answer("lost1", "10:06"), Some.Answer("lost2", "10:07"));
        store.Append("s2", Some.Header("s2"), Some.Answer("lost3", "10:08"));
        using (var passes = _scene.StartPasses())
        {
            passes.Run().Stored.Added.Should().Be(4);
        }

        PutBack(inPlace);
        store.Append("s1", [.. Enumerable.Range(0, 5).Select(i => Some.Answer($"b{i}", $"11:0{i}"))]);
        store.Append("s2", Some.Header("s2"), Some.Answer("other", "11:08", text: "another one"));

        _scene.Collect().Failures.Should().BeEmpty();

        Ids.Should().BeEquivalentTo("a1", "lost1", "lost2", "lost3", "b0", "b1", "b2", "b3", "b4", "other");
        _scene.Collect().Stored.Known.Should().Be(0, "it is read once");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void ASessionMadeAnewUnderTheSameIdIsReadFromItsBeginning(int answers)
    {
        var store = _scene.Home.MakeStore();
        store.SetGeneration("s1", "g1");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        store.Insert("trajectory_runtime_events", ("session_id", "s1"), ("seq", 0), ("event_json", Some.SessionStarted("s1", "agent:main:main", "user")));
        _scene.Collect().Stored.Added.Should().Be(1);

        store.Remove("s1");
        store.SetGeneration("s1", "g1");
        store.Append("s1", [Some.Header("s1", "11:00"), .. Enumerable.Range(0, answers).Select(i => Some.Answer($"b{i}", $"11:0{i + 1}", text: "other"))]);
        store.Insert("trajectory_runtime_events", ("session_id", "s1"), ("seq", 0), ("event_json", Some.SessionStarted("s1", "agent:main:main", "cron", "11:00")));
        _scene.Collect();

        Ids.Should().Equal(["a1", .. Enumerable.Range(0, answers).Select(i => $"b{i}")]);
        if (answers > 1)
        {
            _scene.Events.Skip(1).Should().OnlyContain(row => row.Text("trigger") == "cron", "its runs were read anew");
        }
    }

    [Fact]
    public void AnArchiveThatTookThePlaceOfAnotherIsReadToo()
    {
        var store = _scene.Home.MakeStore();
        void Archive(string id) => store.Insert(
            "session_transcript_archives", ("session_id", "s1"), ("generation", "g1"), ("session_key", "agent:main:main"), ("encoding", "identity"),
            ("archive_blob", Encoding.UTF8.GetBytes(Some.Header("s1") + "\n" + Some.Answer(id) + "\n")),
            ("archive_sha256", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Some.Header("s1") + "\n" + Some.Answer(id) + "\n")))));
        Archive("a1");
        _scene.Collect();

        Archive("a2");
        _scene.Collect().Failures.Should().BeEmpty();

        Ids.Should().BeEquivalentTo("a1", "a2");
    }

    [Fact]
    public void OfATransactionThatACrashEndedOnlyWhatWasCommittedIsRead()
    {
        MakeHotJournal();
        var before = DirectorySnapshot.Of(_scene.Home.Path);

        _scene.Collect().Failures.Should().BeEmpty();

        Ids.Should().Equal("a1");
        DirectorySnapshot.Of(_scene.Home.Path).Should().Equal(before);
    }

    [Fact]
    public void WhatIsCommittedByTheJournalsEndIsReadAfterwards()
    {
        MakeHotJournal();
        using var passes = _scene.StartPasses(new LaterClock());
        passes.Run().Stored.Added.Should().Be(1);

        // The last step of a commit touches nothing but the journal.
        File.Delete(Db + "-journal");
        passes.Run().Stored.Added.Should().Be(400);
    }

    [Fact]
    public void TheIndexOfAKilledWriterStaysAsItIs()
    {
        var store = _scene.Home.MakeStore();
        using (var writer = store.Connect())
        {
            store.Append(writer, "s1", Some.Header("s1"));
            store.Append(writer, "s1", Some.Answer("a1"));
            foreach (var ending in new[] { "", "-wal", "-shm" })
            {
                File.Copy(Db + ending, _scene.Folder["left" + ending]);
            }
        }

        foreach (var ending in new[] { "", "-wal", "-shm" })
        {
            File.Copy(_scene.Folder["left" + ending], Db + ending, overwrite: true);
        }

        var before = (DirectorySnapshot.Of(_scene.Home.Path), File.GetLastWriteTimeUtc(Db + "-shm"), Convert.ToHexString(File.ReadAllBytes(Db + "-shm")));

        _scene.Collect().Failures.Should().BeEmpty();

        Ids.Should().Equal("a1");
        DirectorySnapshot.Of(_scene.Home.Path).Should().Equal(before.Item1);
        (File.GetLastWriteTimeUtc(Db + "-shm"), Convert.ToHexString(File.ReadAllBytes(Db + "-shm"))).Should().Be((before.Item2, before.Item3));
    }

    /// <summary>Root, too: SQLite would give the files to the owner of the database, which sets the time of their last change.</summary>
    [Fact]
    public void ALookLeavesEvenTheTimesOfTheFilesBesideARunningGatewaysDatabase()
    {
        var store = _scene.Home.MakeStore();
        using var gateway = store.Connect();
        store.Append(gateway, "s1", Some.Header("s1"));
        store.Append(gateway, "s1", Some.Answer("a1"));
        var before = Stats();

        // The file system's clock ticks coarsely: a change now must have a later time.
        do
        {
            File.WriteAllText(_scene.Folder["tick"], "");
        }
        while (FileStat.Of(_scene.Folder["tick"]).ChangedNs <= before.Max(stat => stat.ChangedNs));

        _scene.Collect().Stored.Added.Should().Be(1);

        Stats().Should().Equal(before);

        FileStat[] Stats() => [.. new[] { "", "-wal", "-shm" }.Select(ending => FileStat.Of(Db + ending))];
    }

    [Fact]
    public void NegativeNumbersOfRowsAreNumbersToo()
    {
        var store = _scene.Home.MakeStore();
        Row(store, "s1", -5, Some.Header("s1"));
        Row(store, "s1", -4, Some.Answer("a1", "10:05"));
        using var passes = _scene.StartPasses();
        passes.Run().Stored.Added.Should().Be(1);

        Row(store, "s1", -1, Some.Answer("a2", "10:06"));
        Row(store, "s1", 0, Some.Answer("a3", "10:07"));

        passes.Run().Stored.Added.Should().Be(2);
        _scene.Collect().Stored.Known.Should().Be(0);
    }

    [Fact]
    public void SessionIdsWithOddBytesAreReadLikeOthers()
    {
        var store = _scene.Home.MakeStore();
        foreach (var (id, hex) in new[] { ("a1", "610062"), ("a2", "61FF62"), ("a3", "61FE62"), ("a4", "615C783432") })
        {
            store.Execute(
                $"INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (CAST(x'{hex}' AS TEXT), 0, $json, 1)",
                ("json", Some.Answer(id, $"10:0{id[1]}")));
        }

        using var passes = _scene.StartPasses();
        passes.Run().Failures.Should().BeEmpty();

        Ids.Should().Equal("a1", "a2", "a3", "a4");
        _scene.Events.Select(row => row.Text("session_id")).Should().OnlyHaveUniqueItems();
        store.Execute("INSERT INTO transcript_events (session_id, seq, event_json, created_at) VALUES (CAST(x'61FF62' AS TEXT), 1, $json, 1)", ("json", Some.Answer("a5", "10:08")));
        var next = passes.Run().Stored;
        (next.Added, next.Known).Should().Be((1, 0));
    }

    [Theory]
    [InlineData("UTF-16le")]
    [InlineData("UTF-16be")]
    public void ADatabaseInUtf16IsReadLikeOthers(string encoding)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Db)!);
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Db, Pooling = false }.ToString()))
        {
            connection.Open();
            AgentDatabaseBuilder.Execute(connection, $"PRAGMA encoding = '{encoding}'");
            AgentDatabaseBuilder.Execute(connection, "CREATE TABLE transcript_events (session_id, seq, event_json, created_at, event_zstd, PRIMARY KEY (session_id, seq))");
            AgentDatabaseBuilder.Execute(connection, "CREATE TABLE trajectory_runtime_events (session_id, seq, event_json, PRIMARY KEY (session_id, seq))");
            AgentDatabaseBuilder.Execute(connection, "INSERT INTO transcript_events VALUES ('sß', 0, $json, 1, NULL)", ("json", Some.Answer("a1", about: "\"model\":\"grün\"")));
            AgentDatabaseBuilder.Execute(connection, "INSERT INTO trajectory_runtime_events VALUES ('sß', 0, $json)", ("json", Some.SessionStarted("sß", "agent:main:main", "cron")));
        }

        _scene.Collect().Failures.Should().BeEmpty();

        (_scene.Event.Text("model"), _scene.Event.Text("session_id"), _scene.Event.Text("trigger")).Should().Be(("grün", "sß", "cron"));
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-shm")]
    [InlineData("-journal")]
    public void APipeBesideADatabaseIsNamedAndNotWaitedFor(string ending)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var store = _scene.Home.MakeStore();
        store.Append("s1", Some.Header("s1"), Some.Answer("a1"));
        _scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("a2"));
        using (var process = System.Diagnostics.Process.Start("mkfifo", [Db + ending]))
        {
            process.WaitForExit();
        }

        _scene.Collect().Failures.Should().ContainSingle().Which.Reason.Should().Be($"its {ending} is not a regular file");
        Ids.Should().Equal("a2");
    }

    [Fact]
    public void PathsInTheStateDatabaseMayBeSpelledTwiceOrBeNonsense()
    {
        var elsewhere = new AgentDatabaseBuilder(Path.Combine(_scene.Home.Path, "elsewhere", "openclaw-agent.sqlite"));
        elsewhere.Append("s1", Some.Header("s1"), Some.Answer("a1"));
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "state"));
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_scene.Home.Path, "state", "openclaw.sqlite"), Pooling = false }.ToString()))
        {
            connection.Open();
            AgentDatabaseBuilder.Execute(connection, "CREATE TABLE agent_databases (agent_id, path, schema_version)");
            foreach (var path in new[] { "elsewhere/openclaw-agent.sqlite", "./elsewhere/../elsewhere/openclaw-agent.sqlite", "a\0b", "" })
            {
                AgentDatabaseBuilder.Execute(connection, "INSERT INTO agent_databases VALUES ('work', CAST($path AS TEXT), 23)", ("path", path));
            }
        }

        using var passes = _scene.StartPasses();
        var pass = passes.Run();

        (_scene.Event.Text("agent_id"), pass.Stored.Known).Should().Be(("work", 0));
        pass.Failures.Should().ContainSingle().Which.Reason.Should().Contain("path is none");
        passes.Run().Failures.Should().ContainSingle("it is said until it is mended");
    }

    [Fact]
    public void BesideADatabaseElsewhereAreItsArchives()
    {
        var folder = Path.Combine(_scene.Folder.Path, "far", "away");
        var elsewhere = new AgentDatabaseBuilder(Path.Combine(folder, "openclaw-agent.sqlite"));
        elsewhere.Append("s1", Some.Header("s1"), Some.Answer("a1", "10:05"));
        File.WriteAllText(Path.Combine(folder, "s2.jsonl.deleted.2026-11-21T20-11-12.323Z"), Some.Header("s2") + "\n" + Some.Answer("a2", "10:06") + "\n");
        Directory.CreateDirectory(Path.Combine(folder, "cold"));
        var cold = Archives.Cold("s3", Some.Header("s3"), Some.Answer("a3", "10:07"));
        File.WriteAllBytes(Path.Combine(folder, "cold", $"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(cold))}.jsonl.zst"), cold);
        Directory.CreateDirectory(Path.Combine(_scene.Home.Path, "state"));
        using (var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(_scene.Home.Path, "state", "openclaw.sqlite"), Pooling = false }.ToString()))
        {
            connection.Open();
            AgentDatabaseBuilder.Execute(connection, "CREATE TABLE agent_databases (agent_id, path, schema_version)");
            AgentDatabaseBuilder.Execute(connection, "INSERT INTO agent_databases VALUES ('work', $path, 23)", ("path", elsewhere.Path));
        }

        _scene.Collect().Failures.Should().BeEmpty();

        Ids.Should().Equal("a1", "a2", "a3");
        _scene.Events.Should().OnlyContain(row => row.Text("agent_id") == "work");
    }

    void PutBack(bool inPlace)
    {
        File.Delete(Db + "-wal");
        File.Delete(Db + "-shm");
        if (!inPlace)
        {
            File.Delete(Db);
        }

        File.Copy(_scene.Folder["backup"], Db, overwrite: true);
    }

    static void Row(AgentDatabaseBuilder store, string session, long seq, string json) =>
        store.Insert("transcript_events", ("session_id", session), ("seq", seq), ("event_json", json), ("created_at", 1));

    /// <summary>One answer that is committed, and a transaction of 400 more that has reached the file when the writer dies.</summary>
    void MakeHotJournal()
    {
        var store = _scene.Home.MakeStore();
        store.Execute("PRAGMA journal_mode = DELETE");
        store.Append("s1", Some.Header("s1"), Some.Answer("a1", "09:00"));
        using (var writer = store.Connect())
        {
            AgentDatabaseBuilder.Execute(writer, "PRAGMA cache_size = 1");
            AgentDatabaseBuilder.Execute(writer, "PRAGMA synchronous = FULL");
            AgentDatabaseBuilder.Execute(writer, "BEGIN IMMEDIATE");
            for (var i = 0; i < 400; i++)
            {
                store.Append(writer, "s1", Some.Answer($"b{i}", $"11:{i / 60:00}:{i % 60:00}"));
            }

            AgentDatabaseBuilder.Execute(writer, "PRAGMA cache_spill = ON");
            File.Copy(Db, _scene.Folder["dirty"]);
            File.Copy(Db + "-journal", _scene.Folder["dirty-journal"]);
            AgentDatabaseBuilder.Execute(writer, "COMMIT");
            File.Copy(Db, _scene.Folder["committed"]);
        }

        // All pages are there, as when the commit has nothing left to do but to remove the journal.
        File.Copy(_scene.Folder["committed"], Db, overwrite: true);
        File.Copy(_scene.Folder["dirty-journal"], Db + "-journal", overwrite: true);
    }
}
