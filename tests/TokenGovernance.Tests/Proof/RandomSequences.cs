using System.Globalization;

namespace TokenGovernance.Tests.Proof;

/// <summary>One step of a random sequence. What the numbers mean is up to the action; every number means something.</summary>
readonly record struct Step(string Action, int A, int B)
{
    public override string ToString() => $"{Action} {A} {B}";
}

/// <summary>Random sequences of actions, and the smallest part of one that still fails.</summary>
/// <param name="actions">What can happen; one that is named more often happens more often.</param>
/// <param name="run">Runs a sequence; returns what is wrong afterwards, or NULL.</param>
sealed class RandomSequences(IReadOnlyList<string> actions, Func<IReadOnlyList<Step>, string?> run)
{
    const int ShortestSequence = 5;
    const int LongestSequence = 20;
    const int MaxReplays = 400;

    /// <summary>Runs sequences until one fails, and throws with the seed and the shortest part.</summary>
    /// <remarks>
    ///     Every ordinary run has the same (see <see cref="TestSeed" />); `TOKEN_GOVERNANCE_SEQUENCES=20` runs twenty times as many.
    /// </remarks>
    public void Run(int count)
    {
        var seed = TestSeed.Value;
        count *= Number("TOKEN_GOVERNANCE_SEQUENCES") ?? 1;
        Parallel.For(0, count, new ParallelOptions { MaxDegreeOfParallelism = 2 }, (index, loop) =>
        {
            var sequence = Write(new Random(seed + index));
            if (run(sequence) is null || loop.IsStopped)
            {
                return;
            }

            loop.Stop();
            var shortest = Shrink(sequence);

            throw new InvalidOperationException($"""
                TOKEN_GOVERNANCE_SEED={seed + index} (sequence {index} of seed {seed}) fails:
                {string.Join("\n", shortest)}
                => {run(shortest) ?? "(not when it is run again: it depends on timing)"}
                """);
        });
    }

    List<Step> Write(Random random)
    {
        var length = random.Next(ShortestSequence, LongestSequence + 1);

        return [.. Enumerable.Range(0, length).Select(_ => new Step(actions[random.Next(actions.Count)], random.Next(1000), random.Next(1000)))];
    }

    List<Step> Shrink(List<Step> sequence)
    {
        var replays = 0;
        bool Fails(List<Step> candidate) => replays++ < MaxReplays && run(candidate) is not null;

        for (var size = sequence.Count / 2; size > 0; size = size > 1 ? size / 2 : ShrinkOnce() ? 1 : 0)
        {
            for (var start = 0; start + size <= sequence.Count;)
            {
                List<Step> shorter = [.. sequence[..start], .. sequence[(start + size)..]];
                if (Fails(shorter))
                {
                    sequence = shorter;
                }
                else
                {
                    start += size;
                }
            }
        }

        return sequence;

        // Small numbers read better; a second round of removals only pays if something changed.
        bool ShrinkOnce()
        {
            var changed = false;
            for (var i = 0; i < sequence.Count; i++)
            {
                foreach (var simpler in new[] { sequence[i] with { A = 0 }, sequence[i] with { B = 0 } })
                {
                    if (simpler != sequence[i] && Fails([.. sequence[..i], simpler, .. sequence[(i + 1)..]]))
                    {
                        sequence[i] = simpler;
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

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Now.UtcTicks;

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
