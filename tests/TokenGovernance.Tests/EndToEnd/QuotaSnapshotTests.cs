using System.Diagnostics;
using System.Text.Json;
using TokenGovernance.Tests.Sources.OpenClaw.Status;
using TokenGovernance.Tests.Storage;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The real program, asking a stand-in for openclaw.</summary>
[Trait("Category", "Slow")]
public sealed class QuotaSnapshotTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly StatusFolder _folder = new();

    public QuotaSnapshotTests()
    {
        foreach (var file in Directory.GetFiles(StatusCases.HomeOf("2026.2.9"), "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(Home, Path.GetRelativePath(StatusCases.HomeOf("2026.2.9"), file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }

    string Home => _folder["home"];

    string Store => _folder["usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task AOneShotTakesAReadingAfterItsEvents()
    {
        var (exit, output, error) = await RunAsync("--once", "--json", "--openclaw-bin", FakeOpenClaw.Replaying(_folder, "9.6-creds-gw"));

        (exit, error).Should().Be((0, ""));
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("quota_snapshots").GetInt32().Should().Be(11);
        report.GetProperty("events_added").GetInt32().Should().BePositive();
        SnapshotRows.Query(Store, "SELECT DISTINCT home FROM provider_usage_snapshots").Should().Equal(Home);
    }

    [Fact]
    public async Task AOneShotAsksForEachAgent()
    {
        var program = FakeOpenClaw.Replaying(_folder, "2.9-creds");

        var (exit, output, _) = await RunAsync("--once", "--openclaw-bin", program, "--agent", "main", "--agent", "research");

        exit.Should().Be(0);
        output.Should().Contain("Quotas: 20 new snapshots.");
        SnapshotRows.Query(Store, "SELECT agent_id, count(*) FROM provider_usage_snapshots GROUP BY 1 ORDER BY 1")
            .Should().Equal("main | 10", "research | 10");
    }

    [Fact]
    public async Task AFailedReadingIsAWarningAndNoExitCode()
    {
        var (exit, output, error) = await RunAsync("--once", "--json", "--openclaw-bin", FakeOpenClaw.Replaying(_folder, "2.9-creds-slow"));

        exit.Should().Be(0);
        error.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain("warning: the quota reading failed: exit code 1");
        JsonDocument.Parse(output).RootElement.GetProperty("quota_snapshots").GetInt32().Should().Be(1);
    }

    [Fact]
    public async Task AMissingProgramIsAWarningAndNoExitCode()
    {
        var (exit, output, error) = await RunAsync("--once", "--json", "--openclaw-bin", _folder["nothing"]);

        exit.Should().Be(0);
        error.Trim().Split('\n').Should().ContainSingle().Which.Should().Contain($"warning: no quota snapshots: there is no program {_folder["nothing"]}.");
        JsonDocument.Parse(output).RootElement.TryGetProperty("quota_snapshots", out _).Should().BeFalse();
        SnapshotRows.Count(Store).Should().Be(0);
    }

    [Fact]
    public async Task WithoutStatusNothingIsRun()
    {
        var (exit, _, error) = await RunAsync("--once", "--no-status", "--openclaw-bin", _folder["nothing"]);

        (exit, error).Should().Be((0, ""));
    }

    [Theory]
    [InlineData("--agent", "main&calc")]
    [InlineData("--agent", "--json x")]
    [InlineData("--status-timeout-sec", "0")]
    [InlineData("--status-keep-min", "-1")]
    public async Task AWrongOptionIsWrongUsage(string option, string value)
    {
        var (exit, _, error) = await RunAsync("--once", option, value);

        exit.Should().Be(2);
        error.Should().Contain(option);
    }

    [Fact]
    public async Task TheDaemonTakesReadingsBesideItsPassesAndEndsInOrder()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = Start("--interval-sec", "0.05", "--status-every", "1", "--openclaw-bin", FakeOpenClaw.Replaying(_folder, "9.6-creds-gw"));
        await ReadUntilAsync(daemon, "quota readings work");
        await TerminateAsync(daemon);

        daemon.ExitCode.Should().Be(0);
        SnapshotRows.Count(Store).Should().Be(11);
        SnapshotRows.Query(Store, "SELECT id FROM usage_events").Should().NotBeEmpty();
    }

    [Fact]
    public async Task AReadingIsStoredWhenItComesHoweverLongThePauseIs()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = Start("--interval-sec", "3600", "--openclaw-bin", FakeOpenClaw.Replaying(_folder, "2.9-creds"));
        await ReadUntilAsync(daemon, "quota readings work");
        await TerminateAsync(daemon);

        SnapshotRows.Count(Store).Should().Be(10);
    }

    [Fact]
    public async Task AStoppedDaemonLeavesNoProcessBehind()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var life = new HeldPipe(_folder);
        using var daemon = Start("--interval-sec", "0.05", "--openclaw-bin", FakeOpenClaw.Running(_folder, $"{life.LongLivedChild} wait"));
        await life.Started;
        await TerminateAsync(daemon);

        daemon.ExitCode.Should().Be(0);
        await life.Ended;
    }

    [Fact]
    public async Task TheDaemonCollectsWithoutOpenClaw()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var daemon = Start("--interval-sec", "0.05", "--openclaw-bin", _folder["nothing"]);
        var log = await ReadUntilAsync(daemon, "warning: no quota snapshots");
        log += log.Contains("new events", StringComparison.Ordinal) ? "" : await ReadUntilAsync(daemon, "new events");
        log += await TerminateAsync(daemon);

        daemon.ExitCode.Should().Be(0);
        log.Split('\n').Count(line => line.Contains("no quota snapshots", StringComparison.Ordinal)).Should().Be(1);
    }

    Process Start(params string[] options)
    {
        string[] arguments = [.. TestedProgram.Command.Skip(1), "collect", "--db", Store, "--openclaw-home", Home, .. options];

        return Process.Start(new ProcessStartInfo(TestedProgram.Command[0], arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    async Task<(int Exit, string Output, string Error)> RunAsync(params string[] options)
    {
        using var process = Start(options);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);

        return (process.ExitCode, await output, await error);
    }

    static async Task<string> ReadUntilAsync(Process process, string text)
    {
        var log = "";
        while (!log.Contains(text, StringComparison.Ordinal))
        {
            log += await process.StandardError.ReadLineAsync().WaitAsync(Patience) is { } line
                ? $"{line}\n"
                : throw new EndOfStreamException($"'{text}' was not said, but: {log}");
        }

        return log;
    }

    static async Task<string> TerminateAsync(Process process)
    {
        FakeOpenClaw.Run("/bin/kill", "", "-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var rest = await process.StandardError.ReadToEndAsync().WaitAsync(Patience);
        await process.WaitForExitAsync().WaitAsync(Patience);

        return rest;
    }
}
