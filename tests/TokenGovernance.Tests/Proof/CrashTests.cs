using System.Diagnostics;
using Xunit.Abstractions;

namespace TokenGovernance.Tests.Proof;

/// <summary>The real program is killed again and again, in passes and in commits, while what it reads is being written.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    const int LeastKills = 24;
    const int MostKills = 80;

    /// <summary>Evidence wanted of each kind; after so many kills the test stops looking for more.</summary>
    const int LeastEvidence = 2;

    readonly TempFolder _folder = new();
    readonly int _seed = Random.Shared.Next();
    int _amidPasses, _amidCommits, _walsLeft;

    string Db => _folder["store/usage.db"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task KilledInPassesAndCommitsTheProgramEndsWithEveryEventOnce()
    {
        var random = new Random(_seed);
        Directory.CreateDirectory(_folder["store"]);
        using var home = new BusyHome(_folder["home"], random);
        var (kills, stored) = (0, 0L);
        while (kills < LeastKills || (kills < MostKills && !HasEvidence))
        {
            using var daemon = Start();
            var writing = Task.Run(home.WriteRound);
            await WaitForTheMomentAsync(random);
            daemon.Kill();
            await Task.WhenAll(daemon.WaitForExitAsync(), writing);
            kills++;
            stored = Examine(stored, home.Written.Count);
        }

        home.Finish();
        var last = Cli.Run("collect", "--once", "--no-status", "--json", "--openclaw-home", _folder["home"], "--db", Db);

        var because = $"of seed {_seed}, {kills} kills: {_amidPasses} amid passes, {_amidCommits} amid commits, {_walsLeft} WALs left; {last.Error}";
        (last.ExitCode, last.Error).Should().Be((0, ""), because);
        HasEvidence.Should().BeTrue(because);
        output.WriteLine(because);
        ShouldBeWhatWasWritten(home, because);
        Cli.Run("collect", "--once", "--no-status", "--json", "--rescan", "--openclaw-home", _folder["home"], "--db", Db)
            .Output.Should().Contain("\"events_added\":0", because);
        ShouldBeWhatWasWritten(home, because);
    }

    bool HasEvidence => _amidPasses >= LeastEvidence && _amidCommits >= LeastEvidence && _walsLeft >= LeastEvidence;

    void ShouldBeWhatWasWritten(BusyHome home, string because)
    {
        var sum = StoreRows.Query(Db, """
            SELECT count(*) AS n, count(DISTINCT event_key) AS keys, sum(input_tokens + output_tokens) AS tokens, (SELECT * FROM pragma_integrity_check) AS health
            FROM usage_events
            """)[0];
        string.Join(' ', sum.Show("n", "keys", "tokens", "health")).Should().Be(
            $"n={home.Written.Count} keys={home.Written.Count} tokens={home.Written.Sum(w => w.Answer.Input + w.Answer.Output)} health=ok", because);
        var events = StoreRows.Events(Db).ToDictionary(
            row => row.Text("entry_id")!,
            row => (row.Number("input_tokens"), row.Number("output_tokens"), row["cost_total"], row.Text("session_id")));
        foreach (var (answer, session) in home.Written)
        {
            events[answer.Id].Should().Be((answer.Input, answer.Output, answer.Cost, session), because);
        }
    }

    Process Start()
    {
        var daemon = Cli.Start([], "collect", "--interval-sec", "0.05", "--no-status", "--openclaw-home", _folder["home"], "--db", Db);

        // What it says is of no interest; unread, it would fill the pipe and stand still.
        daemon.OutputDataReceived += (_, _) => { };
        daemon.ErrorDataReceived += (_, _) => { };
        daemon.BeginOutputReadLine();
        daemon.BeginErrorReadLine();

        return daemon;
    }

    /// <summary>Some kills come at any moment after the start, most just after a write to the store's WAL.</summary>
    async Task WaitForTheMomentAsync(Random random)
    {
        if (random.Next(4) == 0)
        {
            // The random moment of a kill: nothing is waited for.
            await Task.Delay(random.Next(50, 500));

            return;
        }

        var (writes, reached) = (random.Next(1, 40), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        using var watcher = new FileSystemWatcher(_folder["store"], "usage.db-wal") { NotifyFilter = NotifyFilters.LastWrite | NotifyFilters.Size };
        watcher.Changed += (_, _) =>
        {
            if (Interlocked.Decrement(ref writes) <= 0)
            {
                reached.TrySetResult();
            }
        };
        watcher.EnableRaisingEvents = true;
        // Where fewer writes come than asked for, this is a kill at a random moment too.
        await Task.WhenAny(reached.Task, Task.Delay(random.Next(1000, 2000)));
    }

    /// <summary>Looks, from outside and at a copy, at what the kill left behind.</summary>
    long Examine(long storedBefore, int written)
    {
        var wal = WalFile.Read(Db + "-wal");
        _walsLeft += wal.Frames > 0 ? 1 : 0;
        _amidCommits += wal.EndsInsideATransaction ? 1 : 0;
        if (!File.Exists(Db))
        {
            return storedBefore;
        }

        using var copy = new TempFolder();
        File.Copy(Db, copy["usage.db"]);
        if (wal.Frames > 0)
        {
            File.Copy(Db + "-wal", copy["usage.db-wal"]);
        }

        var hasTable = StoreRows.Query(copy["usage.db"], "SELECT 1 FROM sqlite_schema WHERE name = 'usage_events'").Count > 0;
        var stored = hasTable ? StoreRows.Query(copy["usage.db"], "SELECT count(*) AS n FROM usage_events")[0].Number("n")!.Value : 0;
        stored.Should().BeGreaterThanOrEqualTo(storedBefore, "what was committed stays");
        _amidPasses += stored > storedBefore && stored < written ? 1 : 0;

        return stored;
    }
}
