using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Tests.Storage;

/// <summary>The list of an event's columns is the table, and what is made from it leaves no column out.</summary>
public sealed class EventColumnsTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void TheTableHasTheColumnsOfTheListInTheirOrder()
    {
        UsageStore.Open(Db).Dispose();

        StoreRows.Query(Db, "SELECT name, type FROM pragma_table_info('usage_events')").Select(row => $"{row.Text("name")} {row.Text("type")}")
            .Should().Equal(EventColumns.All.Select(column => $"{column.Name} {SqlType(column.Type)}"));
    }

    [Fact]
    public void OfAnEventThatSaysEverythingEveryColumnIsStored()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Sessions = [Facts("s1")], Events = [Full("s1")] });

        var row = StoreRows.Events(Db).Should().ContainSingle().Subject;
        row.Columns.Should().OnlyContain(column => row[column] != null);
        row.Show("session_key", "channel", "chat_type", "job_id", "job_name", "input_tokens", "total_tokens", "cost_total", "source_line_no", "run_id").Should().Equal(
            "session_key=agent:main:cron:job-s1:run:1", "channel=channel-s1", "chat_type=chat-s1", "job_id=job-s1", "job_name=name-s1",
            "input_tokens=1", "total_tokens=10", "cost_total=1", "source_line_no=7", "run_id=run-1");
    }

    [Fact]
    public void AnEventThatMovesTakesOnAllThatItsOwnerSays()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Sessions = [Facts("copy", "11:00")], Events = [Full("copy")] });
        store.Append(new Batch { Sessions = [Facts("owner", "10:00")], Events = [Full("owner")] });
        store.Append(new Batch { Sessions = [Facts("alone", "10:00")], Events = [Full("alone", id: "a2")] });

        // As an event that was first read where it belongs, but for the names that differ.
        var rows = StoreRows.Query(Db, "SELECT * FROM usage_events ORDER BY id");
        string Show(int row) => string.Join("\n", rows[row].Show(rows[row].Columns.Except(["id", "ingest_ts", "event_key", "entry_id", "session_ref"])));
        Show(0).Should().Be(Show(1).Replace("alone", "owner", StringComparison.Ordinal));
    }

    [Fact]
    public void LateMetadataFillsEveryColumnOfAttribution()
    {
        using var store = UsageStore.Open(Db);
        store.Append(new Batch { Events = [Full("s1")] });
        store.Append(new Batch { Sessions = [Facts("s1")] });

        var row = StoreRows.Events(Db).Should().ContainSingle().Subject;
        row.Columns.Should().OnlyContain(column => row[column] != null);
    }

    static string SqlType(EventColumnType type) => type switch
    {
        EventColumnType.Text or EventColumnType.Time => "TEXT",
        EventColumnType.Dollars => "REAL",
        EventColumnType.Key => "BLOB",
        _ => "INTEGER",
    };

    /// <summary>All that can be known of a session.</summary>
    static SessionInfo Facts(string session, string started = "10:00") => new(Some.Session(session))
    {
        SessionKey = $"agent:main:cron:job-{session}:run:1",
        StartedMs = Some.Ms(started),
        Channel = $"channel-{session}",
        ChatType = $"chat-{session}",
        OriginProvider = $"origin-{session}",
        SpawnedBy = $"spawner-{session}",
        ParentSessionKey = $"parent-{session}",
        JobName = $"name-{session}",
    };

    /// <summary>An event that says all that an event can say.</summary>
    static UsageEvent Full(string session, string id = "a1") => new()
    {
        Key = EventKey.FromEntry(id, Some.Ms("10:05")),
        Session = Some.Session(session),
        EntryId = id,
        EventMs = Some.Ms("10:05"),
        StartedMs = Some.Ms("10:04"),
        ModelProvider = "stubai",
        Model = "stub-a",
        Api = "openai-completions",
        StopReason = "stop",
        ResponseId = "response-1",
        ResponseModel = "stub-a-2026",
        RunId = "run-1",
        Turn = new RuntimeTurn("thread-1", "turn-1"),
        Tokens = new TokenCounts(1, 2, 3, 4, 10, 1) { CacheWrite1h = 2 },
        Cost = new Cost(0.1, 0.2, 0.3, 0.4, 1, CostClass.Recorded),
        SourceFile = $"{Some.Home}/agents/main/sessions/{session}.jsonl",
        SourceLineNo = 7,
    };
}
