using TokenGovernance.Storage.Making;

namespace TokenGovernance.Tests.Storage.Making;

/// <summary>A file gets a name that is free, in each way that a system may offer; one that is taken stays what it is.</summary>
public sealed class FileMoveTests : IDisposable
{
    readonly TempFolder _folder = new();

    public static TheoryData<int> Ways => [.. Enumerable.Range(0, FileMove.Ways.Count)];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Ways))]
    public void AFreeNameIsGivenAndATakenOneIsNot(int way)
    {
        var (one, two, name) = (Make("one"), Make("two"), _folder["name"]);

        FileMove.Ways[way](one, name).Should().Be(MoveOutcome.Moved);
        FileMove.Ways[way](two, name).Should().Be(MoveOutcome.Taken);

        File.ReadAllText(name).Should().Be("one");
        Directory.GetFiles(_folder.Path).Should().BeEquivalentTo([name, two], "nothing else is left");
    }

    /// <summary>The last way has to do without the help of the system.</summary>
    [Fact]
    public async Task OfManyAtOnceOneGetsTheName()
    {
        const int movers = 8;
        for (var round = 0; round < 20; round++)
        {
            var name = _folder[$"name-{round}"];
            using var together = new Barrier(movers);
            var outcomes = await Task.WhenAll(Enumerable.Range(0, movers).Select(mover => Task.Factory.StartNew(
                () =>
                {
                    var file = Make($"{round}-{mover}");
                    together.SignalAndWait();

                    return (Text: $"{round}-{mover}", Outcome: FileMove.Ways[^1](file, name));
                },
                CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

            var winner = outcomes.Should().ContainSingle(mover => mover.Outcome == MoveOutcome.Moved).Subject;
            outcomes.Count(mover => mover.Outcome == MoveOutcome.Taken).Should().Be(movers - 1);
            File.ReadAllText(name).Should().Be(winner.Text);
        }

        Directory.GetFiles(_folder.Path, "*lock*").Should().BeEmpty();
    }

    string Make(string text)
    {
        File.WriteAllText(_folder[text], text);

        return _folder[text];
    }
}
