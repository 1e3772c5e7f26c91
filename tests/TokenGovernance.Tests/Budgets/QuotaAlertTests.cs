using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Windows of providers' plans, from a stored reading to the message.</summary>
public sealed class QuotaAlertTests : IDisposable
{
    readonly BudgetScene _scene = new() { Config = "[[quota]]\nprovider = 'openai'\nwindow = '5h'\nwarn = [80, 95]\nnotify = ['hook']\n[notify.hook]\nwebhook = 'HOOK'\n" };

    public void Dispose() => _scene.Dispose();

    [Fact]
    public void EachThresholdOfAWindowIsToldOnceAlthoughItsEndJitters()
    {
        Read(79);
        _scene.Check().Should().BeEmpty();
        Read(82.5);
        _scene.Check().Should().Equal("Quota openai, 5h: 82.5 % used. It begins anew in 2 h.");
        Read(84, resetInMinutes: 121);
        _scene.Check().Should().BeEmpty();
        Read(97, resetInMinutes: 119);

        _scene.Check().Should().ContainSingle().Which.Should().StartWith("Quota openai, 5h: 97 % used.");
    }

    [Fact]
    public void WhenTheWindowBeginsAnewTheAlertIsOverAndTheNextIsToldAgain()
    {
        Read(99);
        _scene.Check().Should().ContainSingle();
        _scene.Clock.Advance(TimeSpan.FromHours(3));
        _scene.Check().Should().Equal("Over: Quota openai, 5h: 99 % used. It begins anew in 2 h.");
        Read(85, resetInMinutes: 240);

        _scene.Check().Should().Equal("Quota openai, 5h: 85 % used. It begins anew in 4 h.");
    }

    [Fact]
    public void OtherProvidersAndWindowsAreNotMeant()
    {
        Read(99, window: "Week");
        Read(99, provider: "anthropic");

        _scene.Check().Should().BeEmpty();
    }

    void Read(double percent, double resetInMinutes = 120, string provider = "openai", string window = "5h")
    {
        _scene.Clock.Advance(TimeSpan.FromSeconds(30));
        using var store = UsageStore.Open(_scene.Db, _scene.Clock);
        store.Append(
            [
                new QuotaSnapshot
                {
                    TakenMs = _scene.Clock.GetUtcNow().ToUnixTimeMilliseconds(), Home = "/home", Provider = provider, WindowLabel = window,
                    UsedPercent = percent, ResetAtMs = _scene.Clock.GetUtcNow().AddMinutes(resetInMinutes).ToUnixTimeMilliseconds(),
                },
            ],
            TimeSpan.Zero);
    }
}
