using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

public sealed class SessionKeyTests
{
    [Theory]
    [InlineData("agent:main:telegram:direct:4242", "telegram", "direct")]
    [InlineData("agent:main:discord:group:a:b:c", "discord", "group")]
    [InlineData("agent:research:slack:channel:C0FFEE", "slack", "channel")]
    [InlineData("whatsapp:group:123@g.us", "whatsapp", "group")]
    public void AKeyOfAChatNamesChannelAndChatType(string key, string channel, string chatType) =>
        SessionKey.Parse(key).Should().Be(new SessionKey(channel, chatType, null, SessionKeyKind.Chat));

    [Theory]
    [InlineData("agent:main:cron:job-1")]
    [InlineData("agent:main:cron:job-1:run:5d4b9be7")]
    [InlineData("cron:job-1")]
    public void AKeyOfACronJobNamesTheJob(string key) =>
        SessionKey.Parse(key).Should().Be(new SessionKey(null, null, "job-1", SessionKeyKind.Cron));

    [Theory]
    [InlineData("agent:main:hook:922e1af5", "Hook")]
    [InlineData("hook:922e1af5", "Hook")]
    [InlineData("agent:main:subagent:ae8139de", "Subagent")]
    [InlineData("agent:main:openai:x", "Api")]
    [InlineData("agent:main:openai-user:jane:doe", "Api")]
    [InlineData("agent:main:explicit:sess-main-1", "Cli")]
    [InlineData("agent:main:heartbeat", "Heartbeat")]
    public void OtherKeysSayWhatStartedTheSession(string key, string kind) =>
        SessionKey.Parse(key).Should().Be(new SessionKey(null, null, null, Enum.Parse<SessionKeyKind>(kind)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::::")]
    [InlineData("agent")]
    [InlineData("agent:main")]
    [InlineData("agent:main:main")]
    [InlineData("agent:main:main:direct:x")]
    [InlineData("agent:main:cron:")]
    [InlineData("agent:main::direct:x")]
    [InlineData("agent:main:dashboard:0b5c")]
    [InlineData("agent:main:recovered:0b5c")]
    [InlineData("agent:main:telegram:direct")]
    public void AnyOtherKeySaysNothing(string? key) => SessionKey.Parse(key).Should().Be(default(SessionKey));
}
