using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Sources;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Collection;

/// <summary>Whatever one source throws, the others are read, it is told in one line, and tried again.</summary>
public sealed class SourceGuardTests : IDisposable
{
    readonly Scene _scene = new();
    readonly Saboteur _saboteur = new();

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("listing")]
    [InlineData("reading")]
    [InlineData("evidence")]
    public void ASourceThatFailsUnexpectedlyCostsNothingButItself(string where)
    {
        _saboteur.Where = where;
        _scene.Home.Log("good.jsonl", Some.Answer("a1"));
        using var store = UsageStore.Open(_scene.Db);
        var collector = NewCollector(store);

        var pass = collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

        _scene.Events.Select(row => row.Text("entry_id")).Should().Equal("a1");
        pass.Failures.Should().ContainSingle().Which.Source.Should().Be("bad");
        pass.Failures[0].Reason.Should().Contain("internal error in").And.Contain(nameof(InvalidTimeZoneException))
            .And.NotContain("somebody's words").And.NotContain("\n");

        _saboteur.Error = null;
        collector.RunPass(long.MaxValue, progress: null, CancellationToken.None).Failures.Should().BeEmpty();
        _saboteur.Calls.Should().Be(2, "it is tried again");
    }

    [Fact]
    public void WhatASourceFoundBeforeItFailedIsStored()
    {
        _saboteur.Where = "listing";
        _saboteur.Found = new Checkpoint("found", "1");
        using var store = UsageStore.Open(_scene.Db);

        NewCollector(store).RunPass(long.MaxValue, progress: null, CancellationToken.None);

        store.ReadCheckpoints().Should().ContainKey("found");
    }

    [Theory]
    [InlineData("listing")]
    [InlineData("reading")]
    [InlineData("evidence")]
    public void CancellationAndTheLackOfMemoryEndThePass(string where)
    {
        _saboteur.Where = where;
        foreach (var error in new Exception[] { new InsufficientMemoryException(), new OperationCanceledException() })
        {
            _saboteur.Error = error;
            using var store = UsageStore.Open(_scene.Db);
            var run = () => NewCollector(store).RunPass(long.MaxValue, progress: null, CancellationToken.None);

            run.Should().Throw<Exception>().Which.GetType().Should().Be(error.GetType());
        }
    }

    [Theory]
    [InlineData("listing", "cannot be read now")]
    [InlineData("reading", "cannot be read now")]
    public void WhatTheSystemSaysIsPassedOn(string where, string reason)
    {
        (_saboteur.Where, _saboteur.Error) = (where, new IOException(reason));
        using var store = UsageStore.Open(_scene.Db);

        NewCollector(store).RunPass(long.MaxValue, progress: null, CancellationToken.None)
            .Failures.Should().Equal(new SourceFailure("bad", reason));
    }

    /// <summary>The saboteur comes first, and beside the home's own sources.</summary>
    Collector NewCollector(UsageStore store) => new(
        store, checkpoints => [_saboteur, .. new Homes([_scene.Home.Path]).OpenSources(checkpoints, TimeProvider.System)], rescan: false,
        TimeProvider.System);

    sealed class Saboteur : IUsageSource, IEventReader, IEvidenceReader
    {
        public string Where { get; set; } = "";

        public Exception? Error { get; set; } = new InvalidTimeZoneException("somebody's words");

        public Checkpoint? Found { get; set; }

        public int Calls { get; private set; }

        public string Name => "bad";

        public void Poll(SourceNews news, PassReport report)
        {
            Calls++;
            if (Found is { } checkpoint)
            {
                news.Sessions.Add(new Batch { Checkpoints = [checkpoint] });
            }

            Fail("listing");
            news.Readers.Add(this);
            news.Evidence.Add(this);
        }

        public IEnumerable<Batch> Read(CancellationToken stop)
        {
            Fail("reading");

            yield break;
        }

        public IEnumerable<Batch> Read(ByteBudget budget, PassReport report)
        {
            Fail("evidence");

            yield break;
        }

        void Fail(string where)
        {
            if (where == Where && Error is { } error)
            {
                throw error;
            }
        }
    }
}
