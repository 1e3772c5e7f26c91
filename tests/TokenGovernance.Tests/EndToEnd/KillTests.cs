using System.Text;

namespace TokenGovernance.Tests.EndToEnd;

/// <summary>The real daemon is killed again and again while a transcript grows in torn pieces.</summary>
public sealed class KillTests
{
    const int Rounds = 6;

    [Fact]
    public async Task KilledAtAnyMomentItLosesAndDoublesNothing()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        using var scene = new Scene();
        scene.Home.Log("s1.jsonl", Some.Header("s1"));
        var written = 0;
        var rest = Array.Empty<byte>();

        for (var round = 0; round < Rounds; round++)
        {
            using var daemon = new RunningDaemon(scene.Db, scene.Home.Path);
            await daemon.WaitForAsync("collecting into");
            var writing = Task.Run(() =>
            {
                for (var burst = 0; burst < 60; burst++)
                {
                    var lines = Enumerable.Range(0, random.Next(1, 20)).Select(_ => Some.Answer($"a{written++}", text: new string('é', random.Next(800))) + "\n");
                    byte[] bytes = [.. rest, .. Encoding.UTF8.GetBytes(string.Concat(lines))];
                    var torn = random.Next(bytes.Length);
                    scene.Home.AppendBytes("s1.jsonl", bytes.AsSpan(0, torn));
                    rest = bytes[torn..];
                }
            });

            // Once it is in the middle of it.
            await daemon.WaitForAsync("new event");
            daemon.Kill();
            await writing;
        }

        scene.Home.AppendBytes("s1.jsonl", rest);
        Cli.Run("collect", "--once", "--db", scene.Db, "--openclaw-home", scene.Home.Path).ExitCode.Should().Be(0);

        var ids = scene.Events.Select(row => row.Text("entry_id")).ToList();
        ids.Should().HaveCount(written, $"of seed {seed}").And.OnlyHaveUniqueItems();
        scene.Collect(rescan: true).Stored.Added.Should().Be(0, $"of seed {seed}");
        StoreRows.Query(scene.Db, "PRAGMA integrity_check").Single().Text("integrity_check").Should().Be("ok");
    }
}
