using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using TokenGovernance.Budgets.Delivery;
using TokenGovernance.Configuration;
using TokenGovernance.Tests.Sources.OpenClaw.Status;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Programs that are told: they get JSON and the environment, and cannot do harm.</summary>
public sealed class ProgramDestinationTests : IDisposable
{
    readonly StatusFolder _folder = new();
    readonly AlertMessage _message = AlertMessage.Test("research-day", 1_795_000_000_000) with { Instance = "$(touch x); 'q' \"d\"" };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AProgramGetsJsonOnStandardInputAndTheMostImportantInTheEnvironment()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, $"cat > '{_folder["in"]}'; printf '%s|%s|%s|%s' \"$1\" \"$TG_BUDGET\" \"$TG_INSTANCE\" \"$TG_STATUS\" > '{_folder["env"]}'");

        (await SendAsync(program, "--x y")).Should().BeNull();

        var json = JsonDocument.Parse(File.ReadAllText(_folder["in"])).RootElement;
        json.GetProperty("budget").GetString().Should().Be("research-day");
        json.GetProperty("instance").GetString().Should().Be(_message.Instance);
        File.ReadAllText(_folder["env"]).Should().Be($"--x y|research-day|{_message.Instance}|test");
    }

    [Theory]
    [InlineData("exit 3", "ended with exit code 3")]
    [InlineData("echo no >&2; echo 'not today' >&2; exit 1", "ended with exit code 1: not today")]
    [InlineData("head -c 1000000000 /dev/zero", "printed too much and was killed")]
    public async Task WhatGoesWrongIsSaidInOneLine(string script, string error)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, script);

        (await SendAsync(program)).Should().Be($"{program} {error}");
    }

    [Fact]
    public async Task AProgramThatDoesNotReadItsInputHasDoneItsWork()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // TG_TEXT of more than the system allows would not start anything: only what is written is long.
        var result = await TokenGovernance.Processes.ChildProcess.RunAsync(
            new System.Diagnostics.ProcessStartInfo(FakeOpenClaw.Running(_folder, "exit 0")), TimeSpan.FromSeconds(30), 1000, TimeProvider.System,
            default, new byte[1_000_000]);

        (result.End, result.ExitCode).Should().Be((TokenGovernance.Processes.ChildEnd.Exited, 0));
    }

    [Fact]
    public async Task AProgramThatIsNotThereIsSaid() => (await SendAsync("/nowhere/on-budget")).Should().StartWith("/nowhere/on-budget cannot be started: ");

    [Fact]
    public async Task AProgramThatHangsIsKilledAfterThirtySeconds()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var life = new HeldPipe(_folder);
        var clock = new FakeTimeProvider();
        var sending = new ProgramDestination([FakeOpenClaw.Running(_folder, $"{life.LongLivedChild} wait")], clock).SendAsync(_message, default);
        await life.Started;

        clock.Advance(TimeSpan.FromSeconds(30));

        (await sending).Should().EndWith("did not end within 30 s and was killed");
        await life.Ended;
    }

    [Fact]
    public async Task OpenClawSendsThroughItsOwnChannelWithoutAShell()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, $"printf '%s\\n' \"$@\" > '{_folder["args"]}'");
        var destination = new OpenClawDestination(new OpenClawSettings("telegram", "-100123", null), program, TimeProvider.System);

        (await destination.SendAsync(_message, default)).Should().BeNull();

        File.ReadAllLines(_folder["args"]).Should().Equal("message", "send", "--channel=telegram", "--target=-100123", $"--message={_message.Text}");
    }

    [Fact]
    public async Task AJobIsDisabledAndEnabledWithTheWordThatThisOpenClawKnows()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var program = FakeOpenClaw.Running(_folder, $"printf '%s ' \"$@\" >> '{_folder["args"]}'; test \"$1\" = cron");
        var action = new DisableJobAction("job-1", program, TimeProvider.System);

        (await action.SendAsync(_message, default)).Should().BeNull();
        (await action.ResumeAsync(default)).Should().BeNull();

        File.ReadAllText(_folder["args"]).Should().Be("automations disable job-1 cron disable job-1 automations enable job-1 cron enable job-1 ");
    }

    Task<string?> SendAsync(params string[] command) => new ProgramDestination(command, TimeProvider.System).SendAsync(_message, default);
}
