using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes.Codex;

/// <summary>Reads one compressed rollout, whole: nobody appends to it.</summary>
sealed class CompressedRolloutReader(RolloutFile file, SessionIdentity session, TimeProvider time) : IEventReader
{
    public string Name => file.Path;

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        var (batch, damage) = ReadFile();
        if (damage is not null)
        {
            yield return batch.ToBatch(checkpoint: null, bytesRead: 0);

            file.SetFailure(damage.Message);

            throw damage;
        }

        var next = new RolloutCheckpoint().With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds());

        yield return batch.ToBatch(new Checkpoint(file.CheckpointKey, next.ToJson()), file.Stat.Size);

        file.Checkpoint = next;
    }

    (RolloutBatch Batch, IOException? Damage) ReadFile()
    {
        using var stream = SharedFile.Open(file.Path);
        using var plain = new ZstdStream(stream);
        using var lines = new JsonLineReader(plain);
        var batch = new RolloutBatch(file.NewState(), session, file.Path);
        try
        {
            while (lines.Next())
            {
                if (!lines.Line.IsEmpty)
                {
                    batch.Add(lines.Line, lines.LineNo);
                }
            }

            return (batch, null);
        }
        catch (IOException e)
        {
            return (batch, e);
        }
    }
}
