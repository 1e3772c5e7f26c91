using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

public sealed class TriggerRuleTests
{
    [Theory]
    [InlineData("agent:main:hook:1", "hook")]
    [InlineData("agent:main:cron:nightly", "cron")]
    [InlineData("agent:main:cron:heartbeat-main", "heartbeat")]
    [InlineData("agent:main:subagent:1", "subagent")]
    [InlineData("agent:main:openai:1", "api")]
    [InlineData("agent:main:openai-user:1", "api")]
    [InlineData("agent:main:explicit:1", "cli")]
    [InlineData("agent:main:telegram:direct:1", "user")]
    [InlineData("agent:main:direct:1", "user")]
    [InlineData("agent:main:main:heartbeat", "heartbeat")]
    [InlineData("agent:main:telegram:direct:1:heartbeat", "heartbeat")]
    [InlineData("agent:main:main", null)]
    [InlineData(null, null)]
    public void WithoutARunTheKeyTells(string? key, string? trigger) =>
        TriggerRule.Resolve(null, SessionKey.Parse(key), null, isHook: false, null).Should().Be(trigger);

    [Theory]
    [InlineData("agent:main:main:heartbeat", "telegram", false)]
    [InlineData("agent:main:main:heartbeat", "telegram", true)]
    public void AHeartbeatsKeySaysSoWhateverTheMetadataSays(string key, string channel, bool isHook) =>
        TriggerRule.Resolve(null, SessionKey.Parse(key), channel, isHook, null).Should().Be("heartbeat");

    [Fact]
    public void WithoutARunAndAKeyThatTellsAChannelMeansAUser() =>
        TriggerRule.Resolve(null, SessionKey.Parse("agent:main:main"), "telegram", isHook: false, null).Should().Be("user");

    [Theory]
    [InlineData("agent:main:cron:nightly", "manual")]
    [InlineData("agent:main:telegram:direct:1", "heartbeat")]
    [InlineData("agent:main:explicit:1", "memory")]
    [InlineData("agent:main:cron:nightly", "user")]
    [InlineData("agent:main:hook:1", "memory")]
    public void ARunKnowsBetterThanTheKey(string key, string run) =>
        TriggerRule.Resolve(run, SessionKey.Parse(key), null, isHook: false, null).Should().Be(run);

    [Theory]
    [InlineData("cron")]
    [InlineData("user")]
    public void TheKeyRefinesWhatTheRunSays(string run)
    {
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:main:heartbeat"), "telegram", isHook: false, null).Should().Be("heartbeat");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:subagent:1"), null, isHook: false, null).Should().Be("subagent");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:openai:1"), null, isHook: false, null).Should().Be("api");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:explicit:1"), null, isHook: false, null).Should().Be("cli");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:hook:1"), null, isHook: false, null).Should().Be("hook");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:cron:1"), null, isHook: true, null).Should().Be("hook");
        TriggerRule.Resolve(run, SessionKey.Parse("agent:main:cron:1"), null, isHook: false, "heartbeat of main").Should().Be("heartbeat");
    }
}
