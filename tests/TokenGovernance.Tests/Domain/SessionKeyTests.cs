using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Domain;

public sealed class SessionKeyTests
{
    [Theory]
    [InlineData("agent:main:telegram:direct:4242", "telegram", "direct")]
    [InlineData("agent:main:discord:group:a:b:c", "discord", "group")]
    [InlineData("agent:research:slack:channel:C0FFEE", "slack", "channel")]
    [InlineData("whatsapp:group:123@g.us", "whatsapp", "group")]
    [InlineData("agent:main:telegram:dm:42", "telegram", "direct")]
    [InlineData("agent:main:telegram:work:direct:42", "telegram", "direct")]
    [InlineData("agent:main:telegram:work:dm:42", "telegram", "direct")]
    [InlineData("agent:main:direct:42", null, "direct")]
    [InlineData("agent:main:telegram:group:-100:topic:7", "telegram", "group")]
    [InlineData("agent:main:slack:channel:C1:thread:170.5", "slack", "channel")]
    [InlineData("agent:main:discord:slash:42", "discord", null)]
    [InlineData("agent:main:irc:direct:heartbeat", "irc", "direct")]
    public void AKeyOfAChatNamesChannelAndChatType(string key, string? channel, string? chatType) =>
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
    [InlineData("agent:main:main:heartbeat", null, null, null)]
    [InlineData("agent:main:main:heartbeat:heartbeat:heartbeat", null, null, null)]
    [InlineData("agent:main:main:heartbeat-recovered-1795219200000", null, null, null)]
    [InlineData("agent:main:main:heartbeat:heartbeat-recovered-1795219200000", null, null, null)]
    [InlineData("agent:main:telegram:direct:42:heartbeat", "telegram", "direct", null)]
    [InlineData("agent:main:telegram:group:1:topic:7:heartbeat", "telegram", "group", null)]
    [InlineData("agent:main:cron:job-1:heartbeat", null, null, "job-1")]
    [InlineData("heartbeat", null, null, null)]
    public void AKeyThatEndsInHeartbeatIsOneWhateverItBeginsWith(string key, string? channel, string? chatType, string? job) =>
        SessionKey.Parse(key).Should().Be(new SessionKey(channel, chatType, job, SessionKeyKind.Heartbeat));

    [Fact]
    public void AJobMayBeCalledHeartbeat() =>
        SessionKey.Parse("agent:main:cron:heartbeat").Should().Be(new SessionKey(null, null, "heartbeat", SessionKeyKind.Cron));

    [Theory]
    [InlineData("agent:main:voice:15550001")]
    [InlineData("agent:main:acp:0b5c:direct:x")]
    [InlineData("agent:main:boot")]
    [InlineData("agent:main:commitments:direct:x")]
    [InlineData("agent:main:main:thread:5")]
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
