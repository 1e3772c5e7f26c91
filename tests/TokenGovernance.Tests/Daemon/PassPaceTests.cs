using TokenGovernance.Collection;
using TokenGovernance.Daemon;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Tests.Daemon;

/// <summary>When the next pass is.</summary>
public sealed class PassPaceTests : IDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromHours(1);
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    readonly TempFolder _folder = new();
    readonly Told _told = new();
    readonly PassPace _pace;

    public PassPaceTests()
    {
        _pace = new PassPace(Interval, new Homes([_folder.Path]).With(_told), new StandingClock());
        Pass(bytes: 1);
    }

    public void Dispose() => _folder.Dispose();

    /// <summary>A commit is told before it is flushed to the disk and can be seen.</summary>
    [Fact]
    public void APassThatWasToldOfAChangeAndFoundNothingIsFollowedByOthersSoonButNotForEver()
    {
        _told.IsTold = true;
        Pass(bytes: 0);
        _told.IsTold = false;

        _pace.Rest.Should().BeLessThan(Soon);
        Pass(bytes: 0);
        _pace.Rest.Should().BeLessThan(Soon);
        Pass(bytes: 0);

        _pace.Rest.Should().Be(Interval);
    }

    [Fact]
    public void APassThatFoundSomethingIsNot()
    {
        _told.IsTold = true;

        Pass(bytes: 1);

        _pace.Rest.Should().Be(Interval);
    }

    [Fact]
    public void ChangesThatAreToldAllTheTimeAndHoldNothingBringPassesForwardLessAndLessOften()
    {
        _told.IsTold = true;
        for (var pass = 0; pass < 100; pass++)
        {
            Pass(bytes: 0);
        }

        _pace.Pause.Should().BeGreaterThan(TimeSpan.FromMinutes(1)).And.BeLessThanOrEqualTo(Interval);
    }

    void Pass(long bytes)
    {
        var wasAskedFor = _pace.Begin();
        _pace.End(new PassResult { Stored = new AppendResult(), BytesRead = bytes }, wasAskedFor);
    }

    /// <summary>Tells what the test says.</summary>
    sealed class Told : IFolderNotices
    {
        public bool IsTold { get; set; }

        public string? Limit => null;

        public FolderNotice Watch(string folder) => new(folder);

        public void Unwatch(string folder)
        {
        }

        public bool Collect() => IsTold;

        public Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop) => Task.FromResult(IsTold);

        public void Dispose()
        {
        }
    }

    sealed class StandingClock : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
