using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>Reads one `.zst` archive of a transcript, whole: nobody appends to it.</summary>
sealed class CompressedArchiveReader(TranscriptFile file, TimeProvider time) : IEventReader
{
    public string Name => file.Path;

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        var next = new TranscriptCheckpoint { SessionId = file.Session.SessionId }.With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds());
        var (batch, damage) = ReadFile(new Checkpoint(file.CheckpointKey, next.ToJson()));

        yield return batch;

        if (damage is not null)
        {
            file.SetFailure(damage.Message);

            throw damage;
        }

        file.Checkpoint = next;
    }

    (Batch Batch, IOException? Damage) ReadFile(Checkpoint checkpoint)
    {
        using var stream = SharedFile.Open(file.Path);
        using var plain = new ZstdStream(stream);

        return ArchiveLines.Read(
            plain, file.Session, sessionKey: null, file.Path, isCold: false, checkpoint);
    }
}
