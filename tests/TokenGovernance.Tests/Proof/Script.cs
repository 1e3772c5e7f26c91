using System.Globalization;

namespace TokenGovernance.Tests.Proof;

/// <summary>One step of a random script; what the numbers mean is the action's business, and every number means something.</summary>
readonly record struct Step(string Action, int A, int B)
{
    public override string ToString() => $"{Action} {A} {B}";
}

/// <summary>Random scripts, and the smallest part of one that still fails.</summary>
/// <param name="actions">What can happen; one that is named more often happens more often.</param>
/// <param name="run">Plays a script; returns what is wrong afterwards, or NULL.</param>
sealed class Scripts(IReadOnlyList<string> actions, Func<IReadOnlyList<Step>, string?> run)
{
    const int ShortestScript = 5;
    const int LongestScript = 20;
    const int MaxReplays = 400;

    /// <summary>Plays scripts until one fails, and throws with the seed and the shrunk script.</summary>
    /// <remarks>
    ///     Every ordinary run plays the same (see <see cref="TestSeed" />); `TOKEN_GOVERNANCE_SCRIPTS=20` plays twenty times as many.
    /// </remarks>
    public void Play(int count)
    {
        var seed = TestSeed.Value;
        count *= Number("TOKEN_GOVERNANCE_SCRIPTS") ?? 1;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (index, loop) =>
        {
            var script = Write(new Random(seed + index));
            if (run(script) is null || loop.IsStopped)
            {
                return;
            }

            loop.Stop();
            var shortest = Shrink(script);

            throw new InvalidOperationException($"""
                TOKEN_GOVERNANCE_SEED={seed + index} (script {index} of seed {seed}) fails:
                {string.Join("\n", shortest)}
                => {run(shortest) ?? "(not when it is played again: it depends on timing)"}
                """);
        });
    }

    List<Step> Write(Random random)
    {
        var length = random.Next(ShortestScript, LongestScript + 1);

        return [.. Enumerable.Range(0, length).Select(_ => new Step(actions[random.Next(actions.Count)], random.Next(1000), random.Next(1000)))];
    }

    List<Step> Shrink(List<Step> script)
    {
        var replays = 0;
        bool Fails(List<Step> candidate) => replays++ < MaxReplays && run(candidate) is not null;

        for (var size = script.Count / 2; size > 0; size = size > 1 ? size / 2 : ShrinkOnce() ? 1 : 0)
        {
            for (var start = 0; start + size <= script.Count;)
            {
                List<Step> shorter = [.. script[..start], .. script[(start + size)..]];
                if (Fails(shorter))
                {
                    script = shorter;
                }
                else
                {
                    start += size;
                }
            }
        }

        return script;

        // Small numbers read better; a second round of removals only pays if something changed.
        bool ShrinkOnce()
        {
            var changed = false;
            for (var i = 0; i < script.Count; i++)
            {
                foreach (var simpler in new[] { script[i] with { A = 0 }, script[i] with { B = 0 } })
                {
                    if (simpler != script[i] && Fails([.. script[..i], simpler, .. script[(i + 1)..]]))
                    {
                        script[i] = simpler;
                        changed = true;
                    }
                }
            }

            return changed;
        }
    }

    static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>A clock that moves only when it is told to; ahead of the real one, so that times of files can be set to it.</summary>
sealed class StepClock : TimeProvider
{
    public DateTimeOffset Now { get; private set; } = System.GetUtcNow().AddHours(1);

    public override DateTimeOffset GetUtcNow() => Now;

    public void Advance(TimeSpan time) => Now += time;

    /// <summary>Says of a file or folder that it was written now, by this clock.</summary>
    public void Stamp(string path)
    {
        if (Directory.Exists(path))
        {
            Directory.SetLastWriteTimeUtc(path, Now.UtcDateTime);
        }
        else if (File.Exists(path))
        {
            File.SetLastWriteTimeUtc(path, Now.UtcDateTime);
        }
    }
}
