using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Retention;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Retention;

/// <summary>`--keep-snapshots`: of old quota readings the first, last and highest of each hour stay, of newer ones all.</summary>
public sealed class SnapshotRetentionTests : IDisposable
{
    static readonly DateTimeOffset Old = new(DateTimeOffset.UtcNow.AddDays(-100).Date.AddHours(10), TimeSpan.Zero);

    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void FirstLastAndHighestOfEachHourStay()
    {
        Append("stubai", [50, 61, 99, 3, 4], Old);
        Append("stubai", [5, 6, 7], Old.AddHours(1));
        Append("other", [null, null, null], Old);
        AppendAmounts([10, 30, 20, 15], Old);
        Append("stubai", [1, 2, 3, 4], DateTimeOffset.UtcNow.AddDays(-1));

        using var plan = JsonDocument.Parse(Run("plan", "--keep-snapshots", "90d", "--json").Output);
        Count().Should().Be(19, "a plan changes nothing");
        var text = Run("plan", "--keep-snapshots", "90d");
        using var applied = JsonDocument.Parse(Run("apply", "--keep", "13mo", "--keep-snapshots", "90d", "--json").Output);

        plan.RootElement.GetProperty("snapshots").GetInt32().Should().Be(5);
        text.Output.Should().Contain("5 quota readings of before").And.Contain("--keep-snapshots 90d");
        applied.RootElement.GetProperty("snapshots_removed").GetInt64().Should().Be(5);
        StoreRows.Query(Db, "SELECT provider || ' ' || coalesce(used_percent, amount, '?') AS r FROM provider_usage_snapshots ORDER BY id").Select(row => row.Text("r"))
            .Should().Equal("stubai 50.0", "stubai 99.0", "stubai 4.0", "stubai 5.0", "stubai 7.0", "other ?", "other ?", "paid 10.0", "paid 30.0", "paid 15.0", "stubai 1.0", "stubai 2.0", "stubai 3.0", "stubai 4.0");
        Run("apply", "--keep", "13mo", "--keep-snapshots", "90d").Output.Should().Contain("0 quota readings");
    }

    [Fact]
    public void WithoutTheOptionAllStay()
    {
        Append("stubai", [50, 61, 99, 3, 4], Old);

        Run("apply", "--keep", "62d", "--yes").Output.Should().NotContain("quota");

        Count().Should().Be(5);
    }

    [Theory]
    [InlineData("61d", 1, "62 days at least")]
    [InlineData("soon", 2, "--keep-snapshots takes 400d, 60w, 13mo or 2y, not 'soon'")]
    public void AWrongTimeIsRefused(string time, int code, string because)
    {
        Append("stubai", [50, 61, 99, 3, 4], Old);

        var result = Run("apply", "--keep", "13mo", "--keep-snapshots", time);

        result.ExitCode.Should().Be(code);
        result.Error.Should().Contain(because);
        Count().Should().Be(5);
    }

    /// <summary>A reading that the fleet does not have stays, whatever its age.</summary>
    [Fact]
    public void WhatTheFleetDoesNotHaveStays()
    {
        using (var scene = new Scene())
        {
            scene.Home.Log("s1.jsonl", Some.Header("s1"), Some.Answer("a1", "10:01"));
            scene.Collect();
            File.Copy(scene.Db, Db);
        }

        Append("stubai", [50, 1, 2, 3, 4], Old);
        var follower = new FeedFollower();
        follower.Read(Db, 100);
        var token = FeedFollower.Parse(follower.Token);

        Surplus(null).Should().Equal(2, 3, 4);
        Surplus(new FleetProgress(token, SnapshotId: 4)).Should().Equal(2, 3);
        Surplus(new FleetProgress(token)).Should().BeEmpty();
        Surplus(new FleetProgress(null, SnapshotId: 4)).Should().BeEmpty("a database that does not know this store has none of its readings");

        IReadOnlyList<long> Surplus(FleetProgress? fleet) =>
            StoreReader.Read(Db, store => SnapshotPlan.Read(store, new KeepTime(90, "d"), DateTimeOffset.UtcNow, fleet)).Surplus;
    }

    [Fact]
    public void APlanWithoutATimeIsForThePolicyElseForAUsualOne()
    {
        Append("stubai", [1], Old);

        var usual = Run("plan", "--json");
        Run("keep", "26mo").ExitCode.Should().Be(0);
        var policy = Run("plan", "--json");

        usual.Output.Should().Contain("\"keep\":\"13mo\"");
        usual.Error.Should().Contain("'retention keep' has said nothing, this is for 13mo");
        policy.Output.Should().Contain("\"keep\":\"26mo\"");
        policy.Error.Should().Contain("26mo, as 'retention keep' says");
        Run("plan", "--keep", "14mo", "--json").Error.Should().BeEmpty();
        Run("apply").ExitCode.Should().Be(2, "nothing is removed that nobody asked for");
    }

    void Append(string provider, double?[] percents, DateTimeOffset from) =>
        Append([.. percents.Select((percent, i) => new QuotaSnapshot { TakenMs = from.AddMinutes(i).ToUnixTimeMilliseconds(), Home = Some.Home, Provider = provider, UsedPercent = percent })]);

    void AppendAmounts(double[] amounts, DateTimeOffset from) => Append(
    [
        .. amounts.Select((amount, i) => new QuotaSnapshot
        {
            TakenMs = from.AddMinutes(i).ToUnixTimeMilliseconds(), Home = Some.Home, Provider = "paid", Kind = SnapshotKind.Spend, Amount = amount,
        }),
    ]);

    void Append(List<QuotaSnapshot> snapshots)
    {
        using var store = UsageStore.Open(Db);
        store.Append(snapshots, TimeSpan.Zero);
    }

    long? Count() => StoreRows.Query(Db, "SELECT count(*) AS n FROM provider_usage_snapshots").Single().Number("n");

    CliResult Run(params string[] words) => Cli.Run(["retention", .. words, "--db", Db]);
}
