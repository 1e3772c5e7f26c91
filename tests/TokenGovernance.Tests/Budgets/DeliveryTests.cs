using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>How messages reach people and programs, and what happens when they do not.</summary>
public sealed class DeliveryTests : IDisposable
{
    readonly BudgetScene _scene = new() { Config = Hook("") };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void AMessageThatFailsIsTriedAgainAfterLongerAndLongerPausesUntilADayIsOver()
    {
        _scene.Config = Hook("", "format = 'slack'");
        _scene.Receiver.Status = 500;
        _scene.Spend(5);
        var start = _scene.Clock.Now;
        var tries = new List<double>();
        _scene.Check().Should().ContainSingle();
        while (Deliveries().Single().Text("next_try_ts") is { } next)
        {
            _scene.Clock.Now = DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture).AddMilliseconds(-1);
            _scene.Check().Should().BeEmpty();
            _scene.Clock.Advance(TimeSpan.FromMilliseconds(1));
            _scene.Check().Should().ContainSingle();
            tries.Add((_scene.Clock.Now - start).TotalMinutes);
        }

        tries.Take(8).Should().Equal(1, 3, 7, 15, 31, 63, 123, 183);
        tries[^1].Should().BeInRange(22 * 60, 24 * 60);
        Deliveries().Single().Text("last_error").Should().Be("the webhook answered 500");
    }

    [Fact]
    public void WhatWasStoredButNotSentIsSentByWhoeverComesNextOnceAndSaysThatItIsLate()
    {
        _scene.Spend(5);
        _scene.Check(deliver: false).Should().BeEmpty();
        _scene.Clock.Advance(TimeSpan.FromHours(3));

        _scene.Check().Should().ContainSingle().Which.Should().Be("(late, of 2026-11-18T11:00Z) b: $5.00 of $5.00 used today (100 %).");
        _scene.Check().Should().BeEmpty();
        JsonDocument.Parse(_scene.Receiver.All[0].Body).RootElement.GetProperty("late").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public void WhatAnotherProcessIsSendingIsLeftToItUntilItMustBeDead()
    {
        _scene.Spend(5);
        _scene.Check(deliver: false);
        using var store = UsageStore.Open(_scene.Db, _scene.Clock);
        using var destinations = new Destinations(_scene.ReadSettings(), null, _scene.Clock);
        var claimed = store.ChangeAlerts(table => new Outbox(destinations, _scene.Clock).Claim(table, []));

        claimed.Should().ContainSingle();
        _scene.Check().Should().BeEmpty();
        _scene.Clock.Advance(TimeSpan.FromMinutes(1));
        _scene.Check().Should().ContainSingle();
    }

    [Fact]
    public void AfterNineteenMessagesInAnHourTheRestComesAsOne()
    {
        _scene.Config = Hook("each = 'agent'");
        for (var agent = 0; agent < 30; agent++)
        {
            _scene.Spend(6, $"agent-{agent:00}");
        }

        var texts = _scene.Check();

        texts.Should().HaveCount(20);
        texts[^1].Should().StartWith("11 alerts at once:\n- b, agent agent-").And.Contain("agent-29");
        _scene.Spend(6, "agent-late");
        _scene.Check().Should().BeEmpty();
        _scene.Clock.Advance(TimeSpan.FromMinutes(61));
        _scene.Check().Should().ContainSingle().Which.Should().Contain("agent-late");
    }

    [Fact]
    public void ADestinationThatIsGoneFromTheFileIsGivenUp()
    {
        _scene.Spend(5);
        _scene.Check(deliver: false);
        _scene.Config = _scene.Config.Replace("'hook'", "'other'", StringComparison.Ordinal).Replace("notify.hook", "notify.other", StringComparison.Ordinal);

        _scene.Check();

        Deliveries().Single(row => row.Text("destination") == "hook").Text("last_error").Should().Be("this destination is not configured any more");
    }

    [Fact]
    public void AProgramIsToldThatItIsOver()
    {
        _scene.Spend(5);
        _scene.Check();
        _scene.Clock.Advance(TimeSpan.FromHours(24));

        _scene.Check().Should().Equal("Over: b: $5.00 of $5.00 used today (100 %).");
        Last("status").Should().Be("resolved");
        Last("id").Should().Be("1-resolved");
    }

    [Fact]
    public void AGenericWebhookGetsASignedObject()
    {
        _scene.Config = Hook("", "secret = 'key'");
        _scene.Spend(5);
        _scene.Check();

        var posted = _scene.Receiver.All.Single();

        posted.Path.Should().Be("/hook");
        posted.Headers["Content-Type"].Should().Be("application/json");
        posted.Headers["X-Token-Governance-Id"].Should().Be("1");
        posted.Headers["X-Token-Governance-Signature"].Should().Be(
            $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData("key"u8, Encoding.UTF8.GetBytes(posted.Body)))}");
        posted.Body.Should().Be(
            """{"version":1,"id":"1","status":"firing","kind":"budget","budget":"b","threshold":100,"value":5,"limit":5,"unit":"USD","share":1,"unpriced":0,"""
            + "\"period_start\":\"2026-11-17T23:00:00.000Z\",\"period_end\":\"2026-11-18T23:00:00.000Z\",\"fired_at\":\"2026-11-18T11:00:00.000Z\","
            + "\"late\":false,\"repeat\":false,\"text\":\"b: $5.00 of $5.00 used today (100 %).\"}");
    }

    [Theory]
    [InlineData("slack", "application/json", """{"text":"b, agent &lt;@x&gt;: $5.00 of $5.00 used today (100 %)."}""")]
    [InlineData("discord", "application/json", """{"content":"b, agent <@x>: $5.00 of $5.00 used today (100 %).","allowed_mentions":{"parse":[]}}""")]
    [InlineData("ntfy", "text/plain; charset=utf-8", "b, agent <@x>: $5.00 of $5.00 used today (100 %).")]
    public void ChatServicesGetTheTextInTheirForm(string format, string type, string body)
    {
        _scene.Config = Hook("each = 'agent'", $"format = '{format}'\ntoken = 'secret'");
        _scene.Spend(5, "<@x>");
        using var store = UsageStore.Open(_scene.Db, _scene.Clock);

        var sent = CheckSent();

        sent.Single().Error.Should().BeNull();
        var posted = _scene.Receiver.All.Single();
        posted.Headers["Content-Type"].Should().Be(type);
        posted.Headers["Authorization"].Should().Be("Bearer secret");
        (format == "ntfy" ? posted.Body : JsonDocument.Parse(posted.Body).RootElement.ToString().Replace("\\u003C", "<", StringComparison.Ordinal).Replace("\\u003E", ">", StringComparison.Ordinal).Replace("\\u0026", "&", StringComparison.Ordinal)).Should().Be(body);
    }

    [Fact]
    public void AlertmanagerGetsTheEndOfThePeriodSoThatTheAlertStandsUntilThen()
    {
        _scene.Config = Hook("", "format = 'alertmanager'");
        _scene.Spend(5);

        CheckSent();

        var posted = _scene.Receiver.All.Single();
        posted.Path.Should().Be("/hook/api/v2/alerts");
        posted.Body.Should().Be(
            """[{"labels":{"alertname":"TokenBudget","budget":"b","kind":"budget","severity":"critical","threshold":"100"},"annotations":{"summary":"b: $5.00 of $5.00 used today (100 %)."},"""
            + "\"startsAt\":\"2026-11-18T11:00:00.000Z\",\"endsAt\":\"2026-11-18T23:00:00.000Z\"}]");
    }

    [Fact]
    public void ASecretComesFromTheEnvironmentOrAFileAndIsInNoError()
    {
        File.WriteAllText(_scene.Folder["url"], "http://127.0.0.1:1/very-secret-path\n");
        _scene.Config = Hook("").Replace("'HOOK'", $"{{ file = '{_scene.Folder["url"]}' }}", StringComparison.Ordinal);
        _scene.Spend(5);

        CheckSent().Single().Error.Should().StartWith("the webhook cannot be reached").And.NotContain("very-secret");
        _scene.Config = Hook("").Replace("'HOOK'", "{ env = 'TG_TEST_NOT_SET' }", StringComparison.Ordinal);
        _scene.Clock.Advance(TimeSpan.FromMinutes(2));
        CheckSent().Single().Error.Should().Be("the environment variable TG_TEST_NOT_SET is not set");
    }

    IReadOnlyList<Sent> CheckSent()
    {
        _scene.CheckOnly();

        return _scene.Sent;
    }

    string? Last(string field) => JsonDocument.Parse(_scene.Receiver.All[^1].Body).RootElement.GetProperty(field).GetString();

    IReadOnlyList<Row> Deliveries() => StoreRows.Query(_scene.Db, "SELECT * FROM alert_deliveries");

    static string Hook(string budget, string hook = "") =>
        $"[[budget]]\nname = 'b'\nperiod = 'day'\nlimit = '5 USD'\nnotify = ['hook']\n{budget}\n[notify.hook]\nwebhook = 'HOOK'\n{hook}\n";
}
