using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Domain;
using TokenGovernance.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.Sources.OpenClaw.Status;

/// <remarks>Tests of misbehaving programs need a shell and signals; on Windows they have nothing to show.</remarks>
public sealed class StatusCommandTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    readonly StatusFolder _folder = new();
    readonly FakeTimeProvider _clock = new();

    public static TheoryData<string> Cases => [.. StatusCases.All];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task ARecordedRunIsReadThroughARealProcess(string name)
    {
        var parsed = StatusParser.Parse(StatusCases.Output(name), new QuotaSnapshot { TakenMs = _clock.GetUtcNow().ToUnixTimeMilliseconds(), Home = "/h" });

        var reading = await ReadAsync(FakeOpenClaw.Replaying(_folder, name));

        reading.Failure.Should().Be(name == "2.9-creds-slow" ? "exit code 1, it printed no JSON" : parsed.Failure);
        reading.Snapshots.Where(row => row.Kind is not SnapshotKind.Error)
            .Should().Equal(parsed.Snapshots.Where(row => row.Kind is not SnapshotKind.Error));
        reading.IsMissing.Should().BeFalse();
    }

    [Fact]
    public async Task OneLineOfStandardErrorIsShownBesideTheFailure()
    {
        var reading = await ReadAsync(FakeOpenClaw.Replaying(_folder, "2.9-creds-slow"));

        reading.Hint.Should().Be("[openclaw] Failed to start CLI: AbortError: This operation was aborted");
        reading.Snapshots.Should().ContainSingle().Which.Error.Should().Be("exit code 1, it printed no JSON");
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsAResult()
    {
        var reading = await ReadAsync(_folder["no-such-program"]);

        reading.IsMissing.Should().BeTrue();
        reading.Failure.Should().Be($"there is no program {_folder["no-such-program"]}");
        reading.Snapshots.Should().BeEmpty();
    }

    [Fact]
    public async Task AProgramThatCannotBeStartedIsAResult()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = _folder["openclaw"];
        FakeOpenClaw.Run("/bin/sh", "#!/no/such/interpreter\n", "-c", "cat > \"$1\" && chmod 755 \"$1\"", "sh", program);

        var reading = await ReadAsync(program);

        reading.IsMissing.Should().BeTrue();
        reading.Failure.Should().StartWith($"{program} cannot be started: ");
    }

    [Fact]
    public async Task TheProgramIsToldOfAgentAndHomeAndGetsNoInput()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(
            _folder, $"if read line; then exit 9; fi; echo \"$@ in $OPENCLAW_STATE_DIR\" > '{_folder["asked"]}'; {FakeOpenClaw.Printing("9.6-creds-gw")}");

        var reading = await new StatusCommand(program, Limit, _clock).ReadAsync("/h", isDefaultHome: false, "research", default).WaitAsync(Patience);

        reading.Failure.Should().BeNull();
        reading.Snapshots.Should().OnlyContain(row => row.AgentId == "research" && row.Home == "/h" && row.TakenMs == _clock.GetUtcNow().ToUnixTimeMilliseconds());
        (await File.ReadAllTextAsync(_folder["asked"])).Should().Be("status --json --usage --timeout 45000 --agent research in /h\n");
    }

    [Fact]
    public async Task TheDefaultHomeIsLeftToTheProgram()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, $"echo \"$@ in $OPENCLAW_STATE_DIR\" > '{_folder["asked"]}'");

        await new StatusCommand(program, TimeSpan.FromSeconds(30), _clock).ReadAsync("/h", isDefaultHome: true, agentId: null, default);

        (await File.ReadAllTextAsync(_folder["asked"]))
            .Should().Be($"status --json --usage --timeout 15000 in {Environment.GetEnvironmentVariable("OPENCLAW_STATE_DIR")}\n");
    }

    [Fact]
    public async Task WhatIsNoAgentIdNeverReachesACommandLine()
    {
        var ask = () => new StatusCommand(FakeOpenClaw.Replaying(_folder, "9.6-creds-gw"), Limit, _clock)
            .ReadAsync("/h", isDefaultHome: true, "main&calc", default);

        await ask.Should().ThrowAsync<ArgumentException>();
    }

    [Fact]
    public async Task AHangingProgramIsKilledWithItsChildrenWhenItsTimeIsOver()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var life = new HeldPipe(_folder);
        var reading = ReadAsync(FakeOpenClaw.Running(_folder, $"{life.LongLivedChild} wait"));
        await life.Started;

        _clock.Advance(Limit - TimeSpan.FromSeconds(1));
        reading.IsCompleted.Should().BeFalse();
        _clock.Advance(TimeSpan.FromSeconds(1));

        (await reading).Failure.Should().Be("no answer within 90 s");
        await life.Ended;
    }

    [Fact]
    public async Task AnAnswerCountsThoughTheProgramThenHangs()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var life = new HeldPipe(_folder);
        var reading = ReadAsync(FakeOpenClaw.Running(_folder, $"{FakeOpenClaw.Printing("2.9-creds")}; {life.LongLivedChild} wait"));
        await life.Started;

        _clock.Advance(Limit);

        (await reading).Snapshots.Should().HaveCount(10);
        await life.Ended;
    }

    [Fact]
    public async Task AReadingThatIsGivenUpLeavesNoProcessBehind()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var stop = new CancellationTokenSource();
        var life = new HeldPipe(_folder);
        var program = FakeOpenClaw.Running(_folder, $"trap '' INT TERM; {life.LongLivedChild} wait");
        var reading = new StatusCommand(program, Limit, _clock).ReadAsync("/h", isDefaultHome: true, agentId: null, stop.Token);
        await life.Started;

        await stop.CancelAsync();

        await reading.Invoking(task => task).Should().ThrowAsync<OperationCanceledException>();
        await life.Ended;
    }

    [Fact]
    public async Task AFloodOnStandardErrorDoesNoHarm()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var reading = await ReadAsync(FakeOpenClaw.Running(
            _folder, $"yes 'warning: something' | head -c 5000000 >&2; {FakeOpenClaw.Printing("2.9-creds")}"));

        reading.Failure.Should().BeNull();
        reading.Snapshots.Should().HaveCount(10);
        reading.Hint.Should().Be("warning: something");
    }

    [Fact]
    public async Task FiftyMegabytesAreAFailedReading()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var reading = await ReadAsync(FakeOpenClaw.Running(_folder, "yes '{' | head -c 52428800"));

        reading.Failure.Should().Be("it printed more than 8 MiB");
    }

    [Fact]
    public async Task AProgramEndedByASignalIsAFailedReading()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var reading = await ReadAsync(FakeOpenClaw.Running(_folder, "kill -9 $$"));

        reading.Failure.Should().Be("exit code 137, it printed no JSON");
    }

    [Fact]
    public async Task AChildThatKeepsThePipesOpenIsNotWaitedFor()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var pipe = _folder["leave"];
        FakeOpenClaw.Run("mkfifo", "", pipe);

        var reading = await ReadAsync(FakeOpenClaw.Running(_folder, $"(read line < '{pipe}') & {FakeOpenClaw.Printing("2.9-creds")}"));

        reading.Failure.Should().BeNull();
        reading.Snapshots.Should().HaveCount(10);

        // Opening it waits for its reader: the child is there still, and may go now.
        await File.WriteAllTextAsync(pipe, "go\n").WaitAsync(Patience);
    }

    Task<StatusReading> ReadAsync(string program) =>
        new StatusCommand(program, Limit, _clock).ReadAsync("/h", isDefaultHome: true, agentId: null, default).WaitAsync(Patience);
}
