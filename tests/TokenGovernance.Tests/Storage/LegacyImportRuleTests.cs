using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Storage;

/// <summary>Which rows of the original are one response, and what becomes of each when sources show them or do not.</summary>
public sealed class LegacyImportRuleTests : IDisposable
{
    const string Fork = "2026-11-21T11-00-00-000Z_f1";

    /// <summary>Nothing was used: a call that failed.</summary>
    const string NoUsage = """{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"totalTokens":0,"cost":{"input":0,"output":0,"cacheRead":0,"cacheWrite":0,"total":0}}""";

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void OfCopiesTheOneInTheOlderSessionIsKept()
    {
        Adopt(Row($"{Fork}.jsonl", 2, "10:05") with { Agent = null }, Row("p.jsonl", 2, "10:05"), Row($"{Fork}.jsonl", 4, "11:05") with { Agent = null });

        Show().Should().Equal("2 main/p", "3 main/f1");
        Surplus().Should().Equal("1 copy");
    }

    [Fact]
    public void OfCopiesInEqualSessionsTheFirstIsKept()
    {
        Adopt(Row("q.jsonl", 2, "10:05"), Row("p.jsonl", 2, "10:05"));

        Show().Should().Equal("1 main/q");
        Surplus().Should().Equal("2 copy");
    }

    [Fact]
    public void OfATranscriptAndItsCheckpointTheTranscriptIsKept()
    {
        Adopt(Row("p.checkpoint.0e5b-1.jsonl", 2, "10:05"), Row("p.jsonl", 7, "10:05"), Row("p.checkpoint.0e5b-1.jsonl", 3, "10:06"));

        Show().Should().Equal("2 main/p", "3 main/p");
        Surplus().Should().Equal("1 copy");
    }

    [Fact]
    public void ARewrittenFileThatWasReadTwiceCountsOnce()
    {
        Adopt(Row("p.jsonl", 2, "10:05"), Row("p.jsonl", 9, "10:05"));

        Show().Should().Equal("1 main/p");
    }

    [Fact]
    public void WhatTrajectoriesAndOpenClawItselfSayIsSurplus()
    {
        Adopt(
            Row("p.trajectory.jsonl", 2, "10:05"), Row("p.jsonl", 2, "10:06") with { Provider = "openclaw" },
            Row("p.jsonl", 3, "10:07") with { Api = "openclaw-transcript" }, Row("p.jsonl", 4, "10:08"));

        Show().Should().Equal("4 main/p");
        Surplus().Should().Equal("1 trajectory", "2 synthetic", "3 synthetic");
    }

    [Theory]
    [InlineData("stub-b", null, 123)]
    [InlineData(null, "other", 123)]
    [InlineData(null, null, 124)]
    public void WhatDiffersIsNoCopy(string? model, string? provider, long total)
    {
        var first = Row("p.jsonl", 2, "10:05");
        Adopt(first, first with { File = Path("q.jsonl"), Model = model ?? first.Model, Provider = provider ?? first.Provider, Total = total });

        Show().Should().Equal("1 main/p", "2 main/q");
    }

    [Fact]
    public void CallsThatFailTogetherInSeveralSessionsAreNoCopies()
    {
        Adopt(
            Row("p.jsonl", 2, "10:05").Unused, Row("q.jsonl", 2, "10:05").Unused, Row($"{Fork}.jsonl", 2, "10:05").Unused,
            Row("p.jsonl", 9, "10:05").Unused);

        Show().Should().Equal("1 main/p", "2 main/q");
        Surplus().Should().Equal("3 copy", "4 copy");

        // The first is told with another id, the second in a copy of the first: so it was a copy, too.
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1", "10:05", NoUsage));
        _scene.Home.Log("q.jsonl", Some.Header("q"), Some.Answer("e2", "10:05", NoUsage));
        _scene.Collect().Stored.Added.Should().Be(0);
        Show().Should().Equal("1 main/p e1", "2 main/q e2");
    }

    [Theory]
    [InlineData("p", "q")]
    [InlineData("q", "p")]
    public void AFailureThatWasACopyAfterAllLeavesWhenThatIsSeen(string first, string second)
    {
        Adopt(Row("p.jsonl", 2, "10:05").Unused, Row("q.jsonl", 2, "10:05").Unused);
        using var passes = _scene.StartPasses();
        foreach (var session in new[] { first, second })
        {
            _scene.Home.Log($"{session}.jsonl", Some.Header(session, session == "p" ? "10:00" : "10:10"), Some.Answer("e1", "10:05", NoUsage));
            passes.Run();
        }

        _scene.Events.Select(row => $"{row.Text("session_id")} {row.Text("entry_id")}").Should().Equal("p e1");
        Surplus().Should().ContainSingle().Which.Should().EndWith("copy");
        Waiting().Should().Be(0);
    }

    [Fact]
    public void EqualResponsesOfTwoSessionsAreTwoOnceTheirSourcesShowIt()
    {
        Adopt(Row("p.jsonl", 2, "10:05"), Row("q.jsonl", 2, "10:05"));
        _scene.Home.Log("q.jsonl", Some.Header("q"), Some.Answer("e2"));
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1"));

        _scene.Collect();
        _scene.Collect(rescan: true);

        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(_scene.Home.Path));
        _scene.Events.Should().HaveCount(2);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AForkThatIsReadBeforeItsParentTakesNothingFromIt(bool wasWhereItIs)
    {
        var at = wasWhereItIs ? null : "/gone/.openclaw";
        Adopt(
            Row("p.jsonl", 2, "10:05", at) with { Key = "agent:main:p", Channel = "webchat" },
            Row($"{Fork}.jsonl", 2, "10:05", at) with { Agent = null }, Row($"{Fork}.jsonl", 3, "11:05", at) with { Agent = null });
        using var passes = _scene.StartPasses();

        _scene.Home.Log($"{Fork}.jsonl", Some.Header("f1", "11:00", "p.jsonl"), Some.Answer("e1", "10:05"), Some.Answer("e2", "11:05"));
        passes.Run().Stored.Added.Should().Be(0);
        Show().Should().Equal(["1 main/p e1", "3 main/f1 e2"], "the original saw the first in its own transcript");
        _scene.Events[0].Show("session_key", "channel", "home").Should()
            .Equal("session_key=agent:main:p", "channel=webchat", $"home={_scene.Home.Path}");
        Copies().Should().Equal("1 f1");

        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Question("q1"), Some.Answer("e1", "10:05"));
        passes.Run().Stored.Added.Should().Be(0);
        Show().Should().Equal("1 main/p e1", "3 main/f1 e2");
        _scene.Events[0].Show("source_file", "source_line_no", "session_key", "channel", "started_ts").Should().Equal(
            $"source_file={_scene.Home.FileOf("p.jsonl")}", "source_line_no=3", "session_key=agent:main:p", "channel=webchat",
            "started_ts=2026-11-21T10:05:00.000Z");
        Copies().Should().Equal("1 f1");
        Waiting().Should().Be(0);
    }

    [Fact]
    public void AnEventThatTheOriginalSawInTheForkOnlyGoesToItsParent()
    {
        Adopt(Row($"{Fork}.jsonl", 2, "10:05") with { Agent = null });
        Show().Should().Equal("1 main/f1");

        _scene.Home.Log("p.jsonl.reset.2026-11-21T10-50-00.000Z", Some.Header("p"), Some.Answer("e1", "10:05"));
        _scene.Collect().Stored.Added.Should().Be(0);

        Show().Should().Equal("1 main/p e1");
        Waiting().Should().Be(0);
    }

    [Fact]
    public void WhatTheOriginalDidNotKnowMatchesAndIsFilled()
    {
        Adopt(Row("p.jsonl", 3, "10:05") with { Model = null, Provider = null, CacheRead = null, Total = null, Cost = null });
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.ModelChange("stubai", "stub-z"), Some.Answer("e1", about: ""));

        _scene.Collect().Stored.Added.Should().Be(0);

        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(_scene.Home.Path));
        _scene.Event.Show("model", "model_provider", "total_tokens").Should().Equal("model=stub-z", "model_provider=stubai", "total_tokens=123");
    }

    [Fact]
    public void TheSameLineInTheSameMillisecondIsTheSameResponseWhateverTheOriginalMadeOfIt()
    {
        Adopt(Row("p.jsonl", 2, "10:05").Unused with { Model = "alias" });
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1", usage: """{"input_tokens":7,"completion_tokens":5}"""));

        _scene.Collect().Stored.Added.Should().Be(0);

        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(_scene.Home.Path));
        _scene.Event.Number("total_tokens").Should().Be(12);
    }

    [Theory]
    [InlineData("p.jsonl", 8, true)]
    [InlineData("p.jsonl.reset.2026-11-21T12-00-00.000Z", 2, true)]
    [InlineData("p.jsonl.deleted.2026-11-21T12-00-00.000Z", 2, true)]
    [InlineData("p.jsonl.bak.2026-11-21T12-00-00.000Z", 2, true)]
    [InlineData("other.jsonl", 2, true)]
    [InlineData("p.jsonl", 8, false)]
    public void AResponseIsRecognisedWhereverItsEntryIsNow(string file, int line, bool isSame)
    {
        Adopt(Row("p.jsonl", 2, "10:05"));
        var answer = Some.Answer("e1", isSame ? "10:05" : "10:05:00.001");
        _scene.Home.Log(file, [Some.Header(file.Split('.')[0]), .. Enumerable.Repeat(Some.Question("q"), line - 2), answer]);

        _scene.Collect().Stored.Added.Should().Be(isSame ? 0 : 1);
    }

    [Theory]
    [InlineData("2026-11-21T10:05:00.000Z")]
    [InlineData("2026-11-21T10:05:00+00:00")]
    [InlineData("2026-11-21T11:05:00.000999+01:00")]
    [InlineData("1795255500000")]
    public void EveryFormOfAnInstantIsUnderstood(string time)
    {
        Adopt(Row("p.jsonl", 2, "10:05") with { Time = time });

        _scene.Event.Text("event_ts").Should().Be("2026-11-21T10:05:00.000Z");
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1"));
        _scene.Collect().Stored.Added.Should().Be(0);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("soon")]
    public void WithoutAnInstantTheLineIsTheEvidence(string? time)
    {
        var row = Row("p.jsonl", 2, "10:05") with { Time = time };
        Adopt(row, row with { Line = 3 }, row with { File = Path("q.jsonl") });
        Show().Should().Equal("1 main/p", "2 main/p", "3 main/q");

        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1", null), Some.Answer("e2", "10:06"));
        _scene.Collect().Stored.Added.Should().Be(0);

        Show().Should().Equal("1 main/p e1", "2 main/p e2", "3 main/q");
        _scene.Events.Select(e => e.Text("event_ts")).Should().Equal(null, null, "2026-11-21T10:06:00.000Z");
    }

    [Fact]
    public void AttributionThatOnlyTheOriginalSawStays()
    {
        Adopt(Row("p.jsonl", 2, "10:05") with { Key = "agent:main:telegram:direct:42", Channel = "webchat" });
        _scene.Event.Show("session_key", "channel", "chat_type", "trigger").Should().Equal(
            "session_key=agent:main:telegram:direct:42", "channel=webchat", "chat_type=direct", "trigger=user");
        _scene.Home.Log("p.jsonl.deleted.2026-11-21T12-00-00.000Z", Some.Header("p"), Some.Answer("e1"), Some.Answer("e2", "10:06"));

        _scene.Collect();

        Show().Should().Equal("1 main/p e1", "2 main/p e2");
        _scene.Events.Should().OnlyContain(row => row.Text("session_key") == "agent:main:telegram:direct:42");
        _scene.Events[0].Text("channel").Should().Be("webchat");
    }

    [Fact]
    public void AttributionThatTheHomeKnowsReplacesTheOriginals()
    {
        Adopt(Row("p.jsonl", 2, "10:05") with { Key = "agent:main:p:with:a:long:name", Channel = "webchat" });
        _scene.Home.Index("""{"agent:main:p":{"sessionId":"p","lastChannel":"telegram","chatType":"direct"}}""");
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1"));

        _scene.Collect();

        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(_scene.Home.Path));
        _scene.Event.Text("channel").Should().Be("telegram");
    }

    [Fact]
    public void AnyValueThatTheOriginalsColumnsTookIsAdopted()
    {
        Adopt(
            Row("p.jsonl", 2, "10:05") with { Input = 12.7, Output = -5L, CacheRead = "many", Total = 1e300, Cost = "free" },
            Row("p.jsonl", 3, "10:06") with { Input = null, Output = null, CacheRead = null, Total = null, Cost = -1.0, Model = "", Key = "" },
            Row("p.jsonl", 4, "10:07") with { Cost = 0.0 });

        var rows = _scene.Events;
        rows[0].Show("input_tokens", "output_tokens", "cache_read_tokens", "total_tokens", "cost_total", "cost_source").Should().Equal(
            "input_tokens=12", "output_tokens=0", "cache_read_tokens=NULL", "total_tokens=9007199254740991", "cost_total=NULL", "cost_source=NULL");
        rows[1].Show("total_tokens", "model", "session_key", "cost_total").Should()
            .Equal("total_tokens=NULL", "model=NULL", "session_key=NULL", "cost_total=NULL");
        rows[2].Text("cost_source").Should().Be("none-recorded");
    }

    [Fact]
    public void NewEventsOfAnAdoptedStoreAreNew()
    {
        Adopt(Row("p.jsonl", 2, "10:05"));
        _scene.Home.Log("p.jsonl", Some.Header("p"), Some.Answer("e1"), Some.Answer("e2", "10:04"), Some.Answer("e3", "10:06"));

        _scene.Collect().Stored.Added.Should().Be(2);

        ComparableEvents.Of(_scene.Events).Should().Equal(ComparableEvents.OfFirstCollection(_scene.Home.Path));
    }

    [Fact]
    public void ViewsAndTablesOfTheUserStay()
    {
        LegacyDatabaseBuilder.Make(_scene.Db, Row("p.jsonl", 2, "10:05"));
        StoreRows.Execute(_scene.Db, """
            CREATE VIEW tokens_by_model AS SELECT model, sum(total_tokens) AS tokens FROM usage_events GROUP BY model;
            CREATE TABLE prices (model TEXT, usd REAL);
            INSERT INTO prices VALUES ('stub-a', 1.5);
            """);

        UsageStore.Open(_scene.Db).Dispose();

        StoreRows.Query(_scene.Db, "SELECT * FROM tokens_by_model JOIN prices USING (model)").Single().ToString().Should()
            .Be("model=stub-a, tokens=123, usd=1.5");
    }

    [Theory]
    [InlineData("ALTER TABLE usage_events ADD COLUMN mine TEXT")]
    [InlineData("ALTER TABLE usage_events DROP COLUMN stop_reason")]
    [InlineData("DROP TABLE collector_state")]
    [InlineData("PRAGMA user_version = 1")]
    [InlineData("PRAGMA application_id = 7")]
    public void WhatIsNotQuiteTheOriginalsIsRefusedUnchanged(string change)
    {
        LegacyDatabaseBuilder.Make(_scene.Db, Row("p.jsonl", 2, "10:05"));
        StoreRows.Execute(_scene.Db, change);
        var before = DirectorySnapshot.Of(_scene.Folder.Path);

        var open = () => UsageStore.Open(_scene.Db);

        open.Should().Throw<TokenGovernance.Domain.UserFacingException>().WithMessage("*not one of token-governance*nothing was changed*");
        DirectorySnapshot.Of(_scene.Folder.Path).Where(line => line.Contains("usage.db", StringComparison.Ordinal)).Should()
            .Equal(before.Where(line => line.Contains("usage.db", StringComparison.Ordinal)));
    }

    [Fact]
    public void ATableThatIsInOurWayIsToldAndNothingIsChanged()
    {
        LegacyDatabaseBuilder.Make(_scene.Db, Row("p.jsonl", 2, "10:05"));
        StoreRows.Execute(_scene.Db, "CREATE TABLE sessions (mine TEXT)");

        var open = () => UsageStore.Open(_scene.Db);

        open.Should().Throw<TokenGovernance.Domain.UserFacingException>().WithMessage("*sessions*already exists*");
        StoreRows.Query(_scene.Db, "SELECT total_tokens FROM usage_events").Single().Number("total_tokens").Should().Be(123);
    }

    LegacyRow Row(string file, long line, string time, string? home = null) => new(Path(file, home), line, Some.Time(time));

    string Path(string file, string? home = null) => $"{home ?? _scene.Home.Path}/agents/main/sessions/{file}";

    void Adopt(params LegacyRow[] rows)
    {
        LegacyDatabaseBuilder.Make(_scene.Db, rows);
        using var store = UsageStore.Open(_scene.Db);
        store.Adoption.Should().NotBeNull();
    }

    List<string> Show() => [.. StoreRows.Query(_scene.Db, "SELECT * FROM usage_events ORDER BY id")
        .Select(row => $"{row.Number("id")} {row.Text("agent_id")}/{row.Text("session_id")} {row.Text("entry_id")}".TrimEnd())];

    List<string> Surplus() => [.. StoreRows.Query(_scene.Db, "SELECT * FROM adopted_surplus ORDER BY id")
        .Select(row => $"{row.Number("id")} {row.Text("reason")}")];

    List<string> Copies() => [.. StoreRows.Query(
        _scene.Db, "SELECT event_id, session_id FROM event_copies JOIN sessions ON sessions.id = session_ref ORDER BY 1, 2")
        .Select(row => $"{row.Number("event_id")} {row.Text("session_id")}")];

    long Waiting() => StoreRows.Query(_scene.Db, "SELECT count(*) AS n FROM adopted_events").Single().Number("n")!.Value;
}
