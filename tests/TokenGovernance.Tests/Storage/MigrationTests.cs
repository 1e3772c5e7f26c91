using System.Globalization;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Migrations;

namespace TokenGovernance.Tests.Storage;

/// <summary>An older store is upgraded where it is; whoever reads it by the names it had reads the same, column by column.</summary>
public sealed class MigrationTests : IDisposable
{
    /// <summary>Columns that older stores do not have.</summary>
    static readonly string[] Later = ["runtime", "scope", "thread_id", "turn_id", "unmeasured_events", "cache_write_1h_tokens", "is_key_fallback"];

    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("token_usage.db")]
    [InlineData("legacy_import.db")]
    public void AStoreOfVersion010SaysTheSameAfterwards(string name)
    {
        File.Copy(Fixture.PathOf($"store-0.1.0/{name}"), Db);

        UpgradedSaysTheSame();
    }

    [Fact]
    public void AStoreOfSchema1SaysTheSameAfterwards()
    {
        OlderStore.MakeSchema1(Db);

        UpgradedSaysTheSame();
    }

    [Fact]
    public void RowsOfEveryKindSayTheSameAfterwards()
    {
        MakeSchema2(Db);
        InsertRandomRows(new Random(31), 2500);

        UpgradedSaysTheSame();
    }

    [Fact]
    public void ZerosThatNobodyMeasuredBecomeUnknown()
    {
        MakeSchema2(Db);
        const string Zeros = "0, 0, 0, NULL, 0, NULL, 0, 0";
        StoreRows.Execute(Db, $"""
            INSERT INTO usage_events (event_ts, ingest_ts, model_provider, model, event_key, stop_reason, cost_source,
              input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, total_tokens, reasoning_tokens, cost_input, cost_total)
            VALUES
              ('2026-11-21T10:00:01.000Z', '', 'xai', 'grok', x'01', 'toolUse', 'recorded', {Zeros}),
              ('2026-11-21T10:00:02.000Z', '', 'xai', 'grok', x'02', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
              ('2026-11-21T10:00:03.000Z', '', 'xai', 'grok', x'03', 'error', 'recorded', {Zeros}),
              ('2026-11-21T10:00:04.000Z', '', 'xai', 'grok', x'04', 'aborted', 'recorded', {Zeros}),
              ('2026-11-21T10:00:05.000Z', '', 'xai', 'grok', x'05', 'stop', 'provider-billed', {Zeros}),
              ('2026-11-21T10:00:06.000Z', '', 'xai', 'grok', x'06', 'stop', 'recorded', 0, 0, 0, 0, 0, NULL, 0.25, 0),
              ('2026-11-21T10:00:07.000Z', '', 'xai', 'grok', x'07', 'stop', 'none-recorded', 0, 1, 0, 0, 1, NULL, 0, 0);
            """);

        UsageStore.Open(Db).Dispose();

        StoreRows.Query(Db, "SELECT stop_reason, input_tokens, total_tokens, cost_total, cost_source FROM usage_events ORDER BY id")
            .Select(row => string.Join(" ", row.Columns.Select(column => row.Text(column) ?? "-"))).Should().Equal(
                "toolUse - - - not-measured", "- - - - not-measured", "error 0 0 0 recorded", "aborted 0 0 0 recorded", "stop 0 0 0 provider-billed",
                "stop 0 0 0 recorded", "stop 0 1 0 none-recorded");
        StoreRows.Query(Db, "SELECT events, unpriced_events, unmeasured_events FROM v_usage_daily").Single().Show("events", "unpriced_events", "unmeasured_events")
            .Should().Equal("events=7", "unpriced_events=1", "unmeasured_events=2");
        StoreRows.Query(Db, "SELECT count(*) AS changes FROM event_changes").Single().Number("changes").Should().Be(2);
        RollupRows.ShouldBeTheEvents(Db);
    }

    [Fact]
    public void WhatGotAnIdLaterAndWasStoredTwiceIsMerged()
    {
        File.Copy(Fixture.PathOf("store-0.1.0/nameless_twice.db"), Db);
        StoreRows.Events(Db).Should().HaveCount(10);

        UsageStore.Open(Db).Dispose();

        StoreRows.Query(Db, "SELECT event_ts, total_tokens FROM usage_events ORDER BY id")
            .Select(row => $"{row.Text("event_ts")![11..16]} {row.Text("total_tokens") ?? "-"}").Should().Equal("10:05 7", "10:05 7", "10:06 9", "10:07 0", "10:08 -");
        StoreRows.Query(Db, "SELECT count(removed_key) AS removed FROM event_changes").Single().Number("removed").Should().Be(5);
        RollupRows.ShouldBeTheEvents(Db);
        StoreRows.Query(Db, "PRAGMA foreign_key_check").Should().BeEmpty();
        UsageStore.Open(Db).Dispose();
        StoreRows.Events(Db).Should().HaveCount(5);
    }

    [Fact]
    public void EveryWayLeadsToOneSchema()
    {
        string[] ways = ["new", "schema-1", "version-0.1.0", "original"];
        OlderStore.MakeSchema1(_folder["schema-1"]);
        File.Copy(Fixture.PathOf("store-0.1.0/token_usage.db"), _folder["version-0.1.0"]);
        OlderStore.MakeOriginal(_folder["original"]);

        var schemas = ways.Select(way =>
        {
            UsageStore.Open(_folder[way]).Dispose();

            return string.Join("\n", StoreRows.Query(_folder[way], "SELECT type, name, sql FROM sqlite_schema ORDER BY name").Select(row => row.ToString()))
                + string.Join("", StoreRows.Query(_folder[way], "PRAGMA user_version").Concat(StoreRows.Query(_folder[way], "PRAGMA application_id")));
        }).ToList();

        schemas.Should().AllBe(schemas[0]);
    }

    [Fact]
    public void IdsOfEventsThatAreGoneAreNotGivenAgain()
    {
        MakeSchema2(Db);
        InsertRandomRows(new Random(32), 20);
        StoreRows.Execute(Db, "DELETE FROM usage_events WHERE id > 10");

        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Some.Event()] });

        StoreRows.Query(Db, "SELECT max(id) AS id FROM usage_events").Single().Number("id").Should().Be(21);
    }

    [Fact]
    public void TablesAndViewsOfTheUserStayAndGoOnWorking()
    {
        File.Copy(Fixture.PathOf("store-0.1.0/token_usage.db"), Db);
        StoreRows.Execute(Db, """
            CREATE TABLE notes (text TEXT);
            INSERT INTO notes VALUES ('mine');
            CREATE VIEW mine AS SELECT agent_id, sum(total_tokens) AS tokens, max(event_ts) AS last FROM usage_events GROUP BY 1;
            """);
        var before = Dump(Db, "mine", "notes");

        UsageStore.Open(Db).Dispose();

        Dump(Db, "mine", "notes").Should().Equal(before);
    }

    [Fact]
    public void ANameThatIsNeededAndTakenLeavesTheStoreAsItWas()
    {
        File.Copy(Fixture.PathOf("store-0.1.0/token_usage.db"), Db);
        StoreRows.Execute(Db, "CREATE TABLE event_facts (mine TEXT)");
        var before = Dump(Db);

        var open = () => UsageStore.Open(Db);

        open.Should().Throw<UserFacingException>().WithMessage("*event_facts*already exists*");
        Dump(Db).Should().Equal(before);
        Version().Should().Be(2);
    }

    [Fact]
    public void AFullDiskInTheMiddleLeavesTheStoreAsItWas()
    {
        MakeSchema2(Db);
        InsertRandomRows(new Random(33), 2000);
        var before = Dump(Db);

        using (var connection = Connect(Db))
        {
            connection.Execute("PRAGMA journal_mode = WAL");
            connection.Execute($"PRAGMA max_page_count = {connection.QueryInt("PRAGMA page_count") + 20}");
            using var transaction = connection.BeginTransaction(deferred: false);

            var apply = () => Version3.Apply(connection, progress: null);

            apply.Should().Throw<SqliteException>().WithMessage("*full*");
        }

        Dump(Db).Should().Equal(before);
        UpgradedSaysTheSame();
    }

    [Fact]
    public void TheUpgradeSaysHowFarItIsAndWhatItNeeds()
    {
        File.Copy(Fixture.PathOf("store-0.1.0/token_usage.db"), Db);
        var told = new List<UpgradeProgress>();

        UsageStore.Open(Db, upgrading: told.Add).Dispose();
        UsageStore.Open(Db, upgrading: told.Add).Dispose();

        told.Select(progress => (progress.Done, progress.Total)).Should().Equal((0, 86), (86, 86), (0, 86), (86, 86));
        told[0].NeededBytes.Should().BeInRange(new FileInfo(Fixture.PathOf("store-0.1.0/token_usage.db")).Length / 2, 50 << 20);
        var require = () => StoreSpace.Require(Db, needed: 5_000_000, free: 4_000_000);
        require.Should().Throw<UserFacingException>().WithMessage($"*{Db}*needs about 5 MB*there are 4 MB*Nothing was changed*");
    }

    [Fact]
    public void AnUpgradedStoreGivesBackWhatItDoesNotNeed()
    {
        MakeLargeSchema2();
        var before = new FileInfo(Db).Length;

        UsageStore.Open(Db).Dispose();

        new FileInfo(Db).Length.Should().BeLessThan(before * 2 / 3);
        StoreRows.Query(Db, "PRAGMA page_size").Single().Number("page_size").Should().Be(StoreSpace.PageSize);
        StoreRows.Query(Db, "PRAGMA journal_mode").Single().Text("journal_mode").Should().Be("wal");
    }

    /// <summary>A dashboard or an older daemon may have it open for days. Whoever waited for it here would do so for an hour.</summary>
    [Fact]
    public async Task AnUpgradeDoesNotWaitForThoseWhoHaveTheStoreOpen()
    {
        MakeLargeSchema2();
        var before = new FileInfo(Db).Length;
        using (var other = Connect(Db))
        {
            other.QueryInt("SELECT count(*) FROM usage_events").Should().Be(8000);

            await Task.Run(() => UsageStore.Open(Db, busyTimeout: TimeSpan.FromHours(1)).Dispose()).WaitAsync(TimeSpan.FromMinutes(5));

            Version().Should().Be(Schema.Latest);
        }

        UsageStore.Open(Db).Dispose();

        new FileInfo(Db).Length.Should().BeLessThan(before * 2 / 3, because: "the next one who opens it alone gives the space back");
    }

    void MakeLargeSchema2()
    {
        MakeSchema2(Db);
        StoreRows.Execute(Db, $"""
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 8000)
            INSERT INTO usage_events (event_ts, ingest_ts, agent_id, session_id, home, source_file, source_line_no, event_key, entry_id, total_tokens)
            SELECT '2026-11-21T10:00:00.000Z', '2026-11-21T10:00:00.000Z', 'main', 'a-session', '/home/me/.openclaw',
              '/home/me/.openclaw/agents/main/sessions/a-session.jsonl', i, randomblob(16), printf('%08x', i), i FROM n;
            PRAGMA wal_checkpoint(TRUNCATE);
            """);
    }

    /// <summary>A store as 0.1.0 made it, without a row.</summary>
    static void MakeSchema2(string db)
    {
        using var connection = Connect(db);
        connection.Execute($"""
            {Version1.Sql}
            {Version2.Sql}
            PRAGMA application_id = {Schema.ApplicationId};
            PRAGMA user_version = 2;
            """);
    }

    void UpgradedSaysTheSame()
    {
        var before = Dump(Db);

        UsageStore.Open(Db).Dispose();

        Version().Should().Be(Schema.Latest);
        Dump(Db).Should().Equal(before);
        StoreRows.Query(Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
        StoreRows.Query(Db, "PRAGMA foreign_key_check").Should().BeEmpty();
        RollupRows.ShouldBeTheEvents(Db);
    }

    long Version() => StoreRows.Query(Db, "PRAGMA user_version").Single().Number("user_version")!.Value;

    /// <summary>Every row and column of what people read, with its type; without a column that there was not then.</summary>
    static List<string> Dump(string db, params string[] tables)
    {
        string[] all =
        [
            "usage_events", "provider_usage_snapshots", "sessions", "event_copies", "runs", "adopted_events", "adopted_surplus",
            "v_usage_events_enriched", "v_usage_daily", "v_usage_monthly", "v_provider_usage",
        ];

        return
        [
            .. (tables.Length > 0 ? tables : all).SelectMany(table => StoreRows.Query(db, $"SELECT * FROM {table}")
                .Select(row => $"{table}: {string.Join(", ", row.Columns.Except(Later).Select(column => $"{column}={Show(row[column])}"))}")
                .Order(StringComparer.Ordinal)),
        ];
    }

    static string Show(object? value) => value switch
    {
        null => "NULL",
        double number => number.ToString("R", CultureInfo.InvariantCulture) + "d",
        byte[] bytes => Convert.ToHexString(bytes),
        string text => $"'{text}'",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    /// <summary>Anything that a row of 0.1.0 can hold, in any combination.</summary>
    void InsertRandomRows(Random random, int count)
    {
        using var connection = Connect(Db);
        using var transaction = connection.BeginTransaction();
        for (var i = 1; i <= 30; i++)
        {
            using var session = connection.Prepare("""
                INSERT INTO sessions (home, agent_id, session_id, first_seen_ts, last_seen_ts)
                VALUES ('/h', $p0, $p1, '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')
                """);
            session.With($"a{i % 3}", $"s{i}").ExecuteNonQuery();
        }

        string[] columns =
        [
            "event_ts", "ingest_ts", "agent_id", "session_id", "session_key", "channel", "chat_type", "origin_provider", "model_provider", "model",
            "api", "stop_reason", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "total_tokens", "cost_input",
            "cost_output", "cost_cache_read", "cost_cache_write", "cost_total", "source_file", "source_line_no", "event_key", "entry_id",
            "started_ts", "response_id", "response_model", "run_id", "trigger", "job_id", "job_name", "spawned_by", "parent_session_key",
            "reasoning_tokens", "cost_source", "home", "session_ref",
        ];
        using var insert = connection.Prepare(
            $"INSERT INTO usage_events ({string.Join(", ", columns)}) VALUES ({string.Join(", ", columns.Select((_, i) => $"$p{i}"))})");
        using var copy = connection.Prepare("INSERT INTO event_copies (event_id, session_ref, source_file, source_line_no) VALUES ($p0, $p1, $p2, $p3)");
        for (var i = 1; i <= count; i++)
        {
            insert.With([.. columns.Select(column => Invent(random, column))]).ExecuteNonQuery();
            if (i % 7 == 0)
            {
                copy.With((long)i, (long)random.Next(1, 31), Invent(random, "source_file"), Invent(random, "source_line_no")).ExecuteNonQuery();
            }
        }

        transaction.Commit();
    }

    static object? Invent(Random random, string column)
    {
        if (column is not ("ingest_ts" or "event_key") && random.Next(6) == 0)
        {
            return null;
        }

        return column switch
        {
            "event_ts" or "ingest_ts" or "started_ts" => UtcTime.Format(random.Next(20) == 0
                ? random.NextInt64(-62_135_596_800_000, 253_402_300_799_999)
                : random.NextInt64(1_700_000_000_000, 1_800_000_000_000)),
            "event_key" => Bytes(random, 16),
            "entry_id" or "response_id" or "run_id" => InventId(random),
            "cost_source" => new[] { "recorded", "none-recorded", "provider-billed" }[random.Next(3)],
            "session_ref" => (long)random.Next(1, 31),
            _ when column.StartsWith("cost_", StringComparison.Ordinal) => InventCost(random),
            _ when column.EndsWith("_tokens", StringComparison.Ordinal) => random.Next(40) switch { 0 => TokenCounts.Max, 1 => 0, _ => random.NextInt64(500_000) },
            "source_line_no" => random.NextInt64(10_000),
            "stop_reason" => new[] { "stop", "error", "toolUse" }[random.Next(3)],
            _ => $"{column}-{random.Next(3)}é",
        };
    }

    static double InventCost(Random random) => random.Next(9) switch
    {
        0 => 0.0,
        1 => 1e-12,
        2 => 1e300,
        3 => random.Next(1_000_000) * (3.0 / 1e6),
        4 => random.Next(1_000_000) * 1e-9,
        5 => 0.1 + 0.2,
        6 => 9_000_000.0,
        7 => (double)random.Next(100),
        _ => random.NextDouble(),
    };

    static string InventId(Random random) => random.Next(9) switch
    {
        0 => Convert.ToHexStringLower(Bytes(random, 4)),
        1 => Convert.ToHexString(Bytes(random, 4)),
        2 => new Guid(Bytes(random, 16)).ToString(),
        3 => new Guid(Bytes(random, 16)).ToString().ToUpperInvariant(),
        4 => new Guid(Bytes(random, 16)).ToString("N"),
        5 => "00000000",
        6 => "0x123456-1234-1234-1234-123456789012",
        7 => "chatcmpl-" + random.Next(),
        _ => random.Next().ToString("d8", CultureInfo.InvariantCulture),
    };

    static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);

        return bytes;
    }

    static SqliteConnection Connect(string db)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = db, Pooling = false }.ToString());
        connection.Open();

        return connection;
    }
}
