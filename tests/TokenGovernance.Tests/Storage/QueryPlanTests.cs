using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Reports;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;

namespace TokenGovernance.Tests.Storage;

/// <summary>Nothing that runs in a pass or for a report reads a whole table that grows with the history: told by SQLite, of every statement that runs.</summary>
public sealed class QueryPlanTests : IDisposable
{
    /// <summary>What may be read from end to end, as SQLite calls it, and why.</summary>
    static readonly (string Step, string In, string Why)[] Allowed =
    [
        ("SCAN CONSTANT ROW", "", "no table"),
        ("SCAN event_models", "WHERE model_provider IS ?", "one row for each model; asked once for each"),
        ("SCAN event_outcomes", "WHERE stop_reason IS ?", "a handful of rows; asked once for each"),
        ("SCAN sqlite_sequence", "", "one row for each table"),
        ("SCAN q", "FROM (SELECT DISTINCT attribution_id FROM usage_quarters WHERE quarter = ", "the attributions of one quarter of an hour"),
        ("SCAN change_epochs", "ORDER BY id DESC LIMIT ?", "stops at the first row"),
        ("SCAN retention_state", "", "one row"),
        ("SCAN forgotten_keys", "SELECT hash FROM forgotten_keys", "who was forgotten: once, when a writer begins"),
        ("SCAN usage_group_days", "SELECT EXISTS (SELECT ? FROM usage_group_days)", "stops at the first row"),
        ("SCAN e", "SELECT e.event_key, e.total_tokens, e.cost_total FROM event_facts", "an archive is compared with all that goes, before it does"),
        ("SCAN event_sightings USING COVERING INDEX idx_event_sightings_session", "SELECT EXISTS", "stops at the first row"),
        ("SCAN adopted_events", "SELECT EXISTS", "stops at the first row"),
        ("SCAN adopted_events", "SELECT max(instant_ms)", "what still waits of a database of the original; once, when a writer begins"),
        ("SCAN budget_alerts", "FROM budget_alerts ORDER BY id DESC LIMIT ?", "stops after the rows that are shown"),
        ("SCAN budget_alerts", "WHERE resolved_ts IS ?", "what fired: a few rows"),
        ("SCAN event_attributions", "SELECT DISTINCT home, session_key, spawned_by", "who started whom, for trees of sub-agents: a row for each session"),
        ("SCAN event_attributions", "SELECT DISTINCT agent_id FROM event_attributions", "names to complete with: a row for each session, behind the Tab key only"),
        ("SCAN sessions", "SELECT DISTINCT home, session_key, spawned_by", "likewise"),
        ("SCAN m", "UPDATE event_attributions SET agent_id = ?", "sums of the events of the one attribution that changes, by hour and model"),
        ("SCAN e", "e.id FROM event_facts AS e WHERE coalesce(", "an export reads all there is, by time: once for every two million events"),
        ("SCAN provider_usage_snapshots", "SELECT snapshot_ts, id FROM provider_usage_snapshots", "readings of quotas, which do not grow with usage"),
        ("SCAN provider_usage_snapshots", "ORDER BY series, id", "readings of quotas, when they are thinned out"),
        ("SCAN s", "FROM v_provider_usage ORDER BY snapshot_ts, id", "readings of quotas, which do not grow with usage"),
        ("SCAN collector_state", "FROM metric_state", "counts the checkpoints, for a metric"),
        ("SCAN metric_state", "", "one row"),
        ("SCAN metric_series", "", "at most 5,001 rows, whatever the history"),
        ("SCAN metric_jobs", "", "at most 201 rows"),
        ("SCAN collector_state", "SELECT key, value FROM collector_state", "a collector knows all its checkpoints; once, when it begins"),
    ];

    readonly Scene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void APassLooksUpWhatItNeeds()
    {
        LegacyDatabaseBuilder.CopyFixture(_scene.Db);
        string[] homes = [.. new[] { "openclaw-2026.2.9", "openclaw-2026.7.1", "openclaw-2026.9.6", "openclaw-2026.9.6-codex" }.Select(name => new Fixture(name).CopyTo(_scene.Folder[name]))];
        using var store = UsageStore.Open(_scene.Db, new LaterClock());
        var plans = new QueryPlans(store.Connection);

        foreach (var rescan in new[] { false, true })
        {
            var collector = new Homes(homes).OpenCollector(store, rescan, new LaterClock());
            collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);
            collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);
        }

        Fork(store);
        store.NoteLastPass();

        plans.Statements.Should().HaveCountGreaterThan(40);
        ShouldBeAllowed(plans);
    }

    [Fact]
    public void AReaderLooksUpWhatItNeeds()
    {
        _scene.CollectFrom(new Fixture("openclaw-2026.9.6").CopyTo(_scene.Folder["copy"]));
        var asked = new HashSet<string>();

        StoreReader.Read(_scene.Db, store =>
        {
            var plans = new QueryPlans(store.Connection);
            foreach (var (name, ask) in Questions)
            {
                asked.Add(name);
                ask(store);
            }

            ShouldBeAllowed(plans);

            return true;
        });

        // Whoever lets a reader answer more says here what is asked then.
        asked.Should().BeEquivalentTo(typeof(StoreReader).GetMethods(System.Reflection.BindingFlags.Instance | System.Reflection.BindingFlags.Public | System.Reflection.BindingFlags.DeclaredOnly)
            .Where(method => !method.IsSpecialName).Select(method => method.Name).Except(["Check", "ReadTable"]));
    }

    static readonly (string Method, Action<StoreReader> Ask)[] Questions =
    [
        ("OpenRollup", AskRollup),
        ("OpenChanges", Follow),
        ("OpenResponses", AskResponses),
        ("ReadNames", store => store.ReadNames("event_attributions", "agent_id")),
        ("HasEvents", store => store.HasEvents()),
        ("ReadLastPass", store => store.ReadLastPass()),
        ("ReadCheckpoints", store => store.ReadCheckpoints()),
        ("ReadQuotas", store => store.ReadQuotas()),
        ("ReadAlerts", store => store.ReadAlerts(10)),
        ("ReadMetrics", store => store.ReadMetrics()),
        ("OpenQuarterCosts", AskQuarterCosts),
        ("ReadPosition", store => store.ReadPosition()),
        ("HasEarlierChanges", store => store.HasEarlierChanges(store.ReadPosition(), 0)),
        ("OpenByTime", AskByTime),
        ("ReadLastQuota", store => store.ReadLastQuota()),
        ("ReadSnapshotsAfter", store => ReadAll(store.ReadSnapshotsAfter(0))),
        ("CountEventsAfter", store => store.CountEventsAfter(1)),
        ("FindStoredAfter", store => store.FindStoredAfter(1)),
        ("ReadRetention", store => store.ReadRetention()),
        ("MeasureBelow", store => store.MeasureBelow(0)),
        ("FindSurplusSnapshots", store => store.FindSurplusSnapshots(long.MaxValue / 1_000_000, long.MaxValue)),
        ("FindOldestAfter", store => store.FindOldestAfter(store.ReadPosition())),
        ("Digest", store => store.Digest(0)),
        ("FindHistory", store => store.FindHistory("")),
    ];

    static void ReadAll(TableRows rows)
    {
        using (rows)
        {
            while (rows.Next())
            {
            }
        }
    }

    static void AskByTime(StoreReader store)
    {
        foreach (var table in new[] { "usage_events", "provider_usage_snapshots" })
        {
            using var rows = store.OpenByTime(table);
            rows.Find(rows.ReadPlaces(default, _ => true).SelectMany(places => places).FirstOrDefault().Id);
        }
    }

    static void AskQuarterCosts(StoreReader store)
    {
        using var costs = store.OpenQuarterCosts();
        costs.Read(0, int.MaxValue).Should().NotBeEmpty();
    }

    static void AskRollup(StoreReader store)
    {
        using var rollup = store.OpenRollup();
        var newest = rollup.FindNewestMs()!.Value;
        foreach (var range in new[] { default, new TimeRange(newest - 100_000_000, newest - 1), new TimeRange(newest - 1000, null) })
        {
            foreach (var row in rollup.Read(range, isWhole: _ => true))
            {
                rollup.FindAttribution(row.Attribution);
                rollup.FindModel(row.Model);
            }
        }

        using var responses = store.OpenResponses();
        Report.Read(store, rollup, responses, new ReportQuery { By = [.. Enum.GetValues<Dimension>()], Zone = TimeZoneInfo.Utc });
    }

    static void AskResponses(StoreReader store)
    {
        using var responses = store.OpenResponses();
        _ = responses.Read([1], default).Count();
        _ = responses.ReadRuns([1], default).Count();
        _ = responses.ReadSpans([1]);
        responses.ReadStarters();
    }

    static void Follow(StoreReader store)
    {
        using var feed = store.OpenChanges();
        var first = feed.Read(null, 5);
        feed.Read(first.Next with { Position = new ChangePosition(3, 0) }, int.MaxValue);
    }

    /// <summary>A session that is read before the one it was forked from, and evidence that comes late.</summary>
    static void Fork(UsageStore store)
    {
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("fork")) { StartedMs = Some.Ms("10:20") }], Events = [Some.Event("f1", "fork"), Some.Event("f2", "fork", "10:06")] });
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("owner")) { StartedMs = Some.Ms("10:00") }], Events = [Some.Event("f1", "owner")] });
        store.Append(new Batch { Events = [Some.Event("f2", "other", "10:06")] });
        store.Append(new Batch { Sessions = [new SessionInfo(Some.Session("other")) { StartedMs = Some.Ms("10:01"), Channel = "telegram" }] });
        store.Append(new Batch { Runs = [new RunStart(Some.Session("owner"), null, Some.Ms("10:04"), "cron")] });
        store.Append([new QuotaSnapshot { TakenMs = Some.Ms("10:00"), Home = Some.Home, Provider = "stubai" }], TimeSpan.Zero);
        store.ChangeAlerts(table => table.FindOpen().Count);
    }

    static void ShouldBeAllowed(QueryPlans plans) => string.Join("\n\n", plans.FindScans()
        .Where(scan => !Allowed.Any(allowed => scan.Step == allowed.Step && scan.Statement.Contains(allowed.In, StringComparison.Ordinal)))
        .Select(scan => $"{scan.Step}: {scan.Statement}")).Should().BeEmpty();
}
