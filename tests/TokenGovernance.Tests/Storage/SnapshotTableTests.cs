using System.Text;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Status;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.Storage;

public sealed class SnapshotTableTests : IDisposable
{
    const long StartMs = 1_795_293_559_487;
    const long Minute = 60_000;

    static readonly TimeSpan Keep = TimeSpan.FromMinutes(15);

    static readonly QuotaSnapshot Window = new()
    {
        TakenMs = StartMs,
        Kind = SnapshotKind.Window,
        Provider = "anthropic",
        DisplayName = "Claude",
        Plan = "max",
        WindowLabel = "5h",
        UsedPercent = 37.5,
        ResetAtMs = StartMs + 200 * Minute,
        Home = "/h",
    };

    readonly StatusFolder _folder = new();
    readonly UsageStore _store;

    public SnapshotTableTests() => _store = UsageStore.Open(_folder["usage.db"]);

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void EveryRecordedFieldHasItsColumn()
    {
        var rows = StatusParser.Parse(StatusCases.Output("9.6-creds-gw"), new QuotaSnapshot { TakenMs = StartMs, Home = "/h", AgentId = "main" });

        _store.Append(rows.Snapshots, Keep).Should().Be(11);

        SnapshotRows.Query(_store.Path, """
            SELECT snapshot_ts, provider, display_name, plan, window_label, used_percent, reset_at_ms, kind, group_label, amount, amount_limit,
              unit, period, account_hash IS NULL, agent_id, error, home
            FROM provider_usage_snapshots WHERE id IN (1, 3, 4, 10, 11) ORDER BY id
            """).Should().Equal(
            "2026-11-21T20:39:19.487Z | anthropic | Claude | - | 5h | 37.5 | 1795299883605 | window | - | - | - | - | - | 1 | main | - | /h",
            "2026-11-21T20:39:19.487Z | anthropic | Claude | - | Opus | 18.0 | - | window | - | - | - | - | - | 1 | main | - | /h",
            "2026-11-21T20:39:19.487Z | anthropic | Claude | - | - | - | - | budget | - | 12.34 | 50.0 | USD | month | 1 | main | - | /h",
            "2026-11-21T20:39:19.487Z | openai | OpenAI | plus | - | - | - | balance | - | 7.25 | - | credits | - | 0 | main | - | /h",
            "2026-11-21T20:39:19.487Z | openrouter | OpenRouter | - | - | - | - | error | - | - | - | - | - | 1 | main | Usage unavailable | /h");
    }

    [Fact]
    public void AnUnchangedReadingIsStoredOncePerKeepTime()
    {
        var stored = Enumerable.Range(0, 61).Sum(minute => Append(After(minute)));

        stored.Should().Be(5);
        SnapshotRows.Query(_store.Path, "SELECT substr(snapshot_ts, 12, 5) FROM provider_usage_snapshots ORDER BY id")
            .Should().Equal("20:39", "20:54", "21:09", "21:24", "21:39");
    }

    [Fact]
    public void ARecordedReadingTakenAgainIsUnchangedInAllItsRows()
    {
        Append(Parse("9.6-creds-gw", StartMs));

        Append(Parse("9.6-creds-gw", StartMs + Minute)).Should().Be(0);
        Append(Parse("9.6-creds-gw", StartMs + 15 * Minute)).Should().Be(11);
    }

    [Fact]
    public void WhatChangedIsStoredAtOnce()
    {
        QuotaSnapshot[] changes =
        [
            Window with { UsedPercent = 38 },
            Window with { UsedPercent = null },
            Window with { Plan = "pro" },
            Window with { Amount = 1 },
            Window with { AmountLimit = 2 },
            Window with { ResetAtMs = null },
            Window with { ResetAtMs = StartMs + 500 * Minute },
            Window with { Error = "HTTP 500" },
            Window with { DisplayName = "Claude by Anthropic" },
        ];

        foreach (var change in changes)
        {
            // There and back: both differ from the last row in this one field.
            Append(Window).Should().Be(1);
            Append(change).Should().Be(1, "{0} is new", change);
        }
    }

    [Fact]
    public void ADifferentSeriesIsNoChangeOfThisOne()
    {
        QuotaSnapshot[] series =
        [
            Window,
            Window with { Provider = "openai" },
            Window with { WindowLabel = "Week" },
            Window with { GroupLabel = "Pro" },
            Window with { Kind = SnapshotKind.Error },
            Window with { AccountEmail = "a@example.com" },
            Window with { AccountEmail = "b@example.com" },
            Window with { AgentId = "research" },
            Window with { Home = "/other" },
            Window with { Unit = "USD" },
            Window with { Period = "month" },
            Window with { Provider = null },
        ];

        Append(series).Should().Be(series.Length);
        Append([.. series.Select(one => one with { TakenMs = StartMs + Minute })]).Should().Be(0);
    }

    [Theory]
    [InlineData(0, 5_000, false)]
    [InlineData(0, -5_000, false)]
    [InlineData(2, 2 * Minute, false)]
    [InlineData(2, 2 * Minute - 4_000, false)]
    [InlineData(2, Minute, true)]
    [InlineData(2, 300 * Minute, true)]
    public void AResetThatJittersOrMovesWithTheClockIsNoChange(long minutesLater, long movedMs, bool isChange)
    {
        Append(Window);

        Append(After(minutesLater) with { ResetAtMs = Window.ResetAtMs + movedMs }).Should().Be(isChange ? 1 : 0);
    }

    [Fact]
    public void AfterTheClockWasSetBackAReadingIsStored()
    {
        Append(After(60));

        Append(After(0)).Should().Be(1);
    }

    [Fact]
    public void AnotherProcessCountsToo()
    {
        using var other = UsageStore.Open(_store.Path);
        Append(Window);

        other.Append([After(1)], Keep).Should().Be(0);
    }

    [Fact]
    public void AnAccountIsToldApartButNamedNowhere()
    {
        Append(Parse("9.6-creds-gw", StartMs));
        Append(Window with { AccountEmail = " User@Example.com " }, Window with { AccountEmail = "other@example.com" });

        var hashes = SnapshotRows.Query(_store.Path, "SELECT DISTINCT account_hash FROM provider_usage_snapshots WHERE account_hash IS NOT NULL");
        hashes.Should().HaveCount(2).And.OnlyContain(hash => hash.Length == 16 && hash.All(char.IsAsciiHexDigitLower));
        foreach (var file in Directory.GetFiles(_folder.Path))
        {
            Latin1(file).Should().NotContainEquivalentOf("example.com", "that is in {0}", file);
        }
    }

    [Fact]
    public void AnotherStoreGivesAnotherHash()
    {
        using var other = UsageStore.Open(_folder["other.db"]);
        var snapshot = Window with { AccountEmail = StatusCases.Email };
        Append(snapshot);
        other.Append([snapshot], Keep);

        const string sql = "SELECT account_hash FROM provider_usage_snapshots";
        SnapshotRows.Query(_store.Path, sql).Should().NotBeEquivalentTo(SnapshotRows.Query(other.Path, sql));
    }

    [Fact]
    public void TheSaltOutlivesTheProcessAndIsNoCheckpointOfAnySource()
    {
        Append(Window with { AccountEmail = StatusCases.Email });
        using (var later = UsageStore.Open(_store.Path))
        {
            later.Append([After(1) with { AccountEmail = StatusCases.Email }], Keep).Should().Be(0);
        }

        _store.ReadCheckpoints().Should().ContainKey("salt:accounts").WhoseValue.Should().HaveLength(64);
    }

    [Fact]
    public void WithoutAccountsThereIsNoSalt()
    {
        Append(Window);

        _store.ReadCheckpoints().Should().BeEmpty();
    }

    [Fact]
    public void ARenamedProviderIsOneGroup()
    {
        Append(Window with { Provider = "openai-codex" }, Window with { Provider = "openai" }, Window with { Provider = "zai" });

        SnapshotRows.Query(_store.Path, "SELECT provider, provider_group FROM v_provider_usage ORDER BY id")
            .Should().Equal("openai-codex | openai", "openai | openai", "zai | zai");
    }

    [Fact]
    public void AReadingIsStoredWholeOrNotAtAll()
    {
        var append = () => Append(Window, Window with { WindowLabel = "Week", Kind = (SnapshotKind)99 });

        append.Should().Throw<ArgumentOutOfRangeException>();
        SnapshotRows.Count(_store.Path).Should().Be(0);
        Append(Window).Should().Be(1);
    }

    [Fact]
    public void TheLastOfASeriesIsFoundByTheIndex() =>
        SnapshotRows.Query(_store.Path, """
            EXPLAIN QUERY PLAN SELECT error FROM provider_usage_snapshots
            WHERE provider IS 'a' AND window_label IS NULL AND kind IS 'window' AND home IS '/h' ORDER BY id DESC LIMIT 1
            """).Should().ContainSingle().Which.Should()
            .Contain("USING INDEX idx_provider_usage_snapshots_series (provider=? AND window_label=? AND kind=?)");

    static QuotaSnapshot After(long minutes) => Window with { TakenMs = StartMs + minutes * Minute };

    static QuotaSnapshot[] Parse(string name, long takenMs) =>
        [.. StatusParser.Parse(StatusCases.Output(name), new QuotaSnapshot { TakenMs = takenMs, Home = "/h" }).Snapshots];

    static string Latin1(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file, Encoding.Latin1);

        return reader.ReadToEnd();
    }

    int Append(params QuotaSnapshot[] snapshots) => _store.Append(snapshots, Keep);
}
