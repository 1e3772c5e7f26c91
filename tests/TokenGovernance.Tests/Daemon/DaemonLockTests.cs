using TokenGovernance.Daemon;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Daemon;

public sealed class DaemonLockTests : IDisposable
{
    readonly TempFolder _folder = new();

    string Db => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void OneAtATimeHoldsIt()
    {
        using (DaemonLock.Take(Db))
        {
            DaemonLock.IsTaken(Db).Should().BeTrue();
            var take = () => DaemonLock.Take(Db);
            take.Should().Throw<UserFacingException>().WithMessage("Another daemon*");
        }

        DaemonLock.IsTaken(Db).Should().BeFalse();
        using var next = DaemonLock.Take(Db);
    }

    [Fact]
    public async Task LookingAtItNeverKeepsADaemonFromStarting()
    {
        using var end = new CancellationTokenSource();
        DaemonLock.Take(Db).Dispose();
        var lookers = Enumerable.Range(0, 4).Select(looker => Task.Run(() =>
        {
            while (!end.IsCancellationRequested)
            {
                DaemonLock.IsTaken(Db);
            }
        })).ToList();

        for (var start = 0; start < 200; start++)
        {
            DaemonLock.Take(Db).Dispose();
        }

        await end.CancelAsync();
        await Task.WhenAll(lookers);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void APlantedLinkIsRefusedAndWhatItLeadsToStaysAsItIs(bool leadsSomewhere)
    {
        var victim = _folder["victim"];
        if (leadsSomewhere)
        {
            File.WriteAllText(victim, "precious");
        }

        File.CreateSymbolicLink(DaemonLock.PathOf(Db), victim);

        var take = () => DaemonLock.Take(Db);

        take.Should().Throw<UserFacingException>().WithMessage("*link*");
        (leadsSomewhere ? File.ReadAllText(victim) : null).Should().Be(leadsSomewhere ? "precious" : null);
        File.Exists(victim).Should().Be(leadsSomewhere);
    }

    [Fact]
    public void WhatIsInTheFileStays()
    {
        File.WriteAllText(DaemonLock.PathOf(Db), "4711");

        using (DaemonLock.Take(Db))
        {
        }

        File.ReadAllText(DaemonLock.PathOf(Db)).Should().Be("4711");
    }
}
