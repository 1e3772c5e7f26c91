using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.Runtimes;

/// <summary>Reads the complete lines of one file that lie past its checkpoint, in bounded batches.</summary>
/// <param name="file">The file.</param>
/// <param name="checkpointKey">Key of its checkpoint in the store.</param>
/// <param name="time">The clock.</param>
abstract class RuntimeReader<TCheckpoint>(WatchedFile<TCheckpoint> file, string checkpointKey, TimeProvider time) : IEventReader
    where TCheckpoint : FileCheckpoint
{
    const int MaxEvents = 1000;
    const long MaxBytes = 32 * 1024 * 1024;

    public string Name => file.Path;

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var tail = FileTail.Open(file.Path, file.Checkpoint, file.Stat);
        using var lines = new JsonLineReader(tail.Stream);
        Begin(tail.IsContinued ? file.Checkpoint : null);

        while (!stop.IsCancellationRequested)
        {
            var batch = NewBatch();
            var from = lines.Consumed;
            var isLast = ReadLines(tail, lines, batch);

            // The stat that belongs to the checkpoint is the one before reading: what came since is seen by the next pass.
            var next = tail.Advance(NewCheckpoint(), lines.Consumed, lines.Newlines)
                .With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds(), isAtEnd: isLast);
            if (lines.Consumed > from || !IsAsBefore(next))
            {
                yield return batch.ToBatch(new Checkpoint(checkpointKey, next.ToJson()), lines.Consumed - from);
            }

            file.Checkpoint = next;
            if (isLast)
            {
                yield break;
            }
        }
    }

    /// <summary>Takes up the state of a checkpoint, or a new one.</summary>
    protected abstract void Begin(TCheckpoint? checkpoint);

    protected abstract RuntimeBatch NewBatch();

    /// <summary>A checkpoint with the state as it is now.</summary>
    protected abstract TCheckpoint NewCheckpoint();

    bool IsAsBefore(TCheckpoint next) =>
        file.Checkpoint is { } last && last.Offset == next.Offset && last.IsSettled == next.IsSettled && last.HasSameStat(file.Stat);

    static bool ReadLines(FileTail tail, JsonLineReader lines, RuntimeBatch batch)
    {
        var from = lines.Consumed;
        while (lines.Next())
        {
            if (!lines.Line.IsEmpty)
            {
                batch.Add(lines.Line, tail.Newlines + lines.LineNo);
            }

            if (batch.Count >= MaxEvents || lines.Consumed - from >= MaxBytes)
            {
                return false;
            }
        }

        return true;
    }
}
