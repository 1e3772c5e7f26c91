using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>A transcript that a database keeps as one blob: of a deleted or reset session, or in cold storage.</summary>
/// <param name="Table">The table it is in.</param>
/// <param name="RowId">Its row there.</param>
/// <param name="Session">Its session.</param>
/// <param name="SessionKey">The key, where the row names it.</param>
/// <param name="Sha256">What the blob must hash to, where the row says.</param>
/// <param name="IsCompressed">It is zstd.</param>
/// <param name="IsCold">Its lines are those of cold storage, else of a transcript.</param>
/// <param name="CheckpointKey">It is read once: afterwards this key is in the store.</param>
sealed record DatabaseArchive(
    string Table, long RowId, SessionIdentity Session, string? SessionKey, string? Sha256, bool IsCompressed, bool IsCold,
    string CheckpointKey)
{
    /// <summary>What to call it in a message.</summary>
    public string NameIn(DatabaseLocation location) => $"{location.Path}#{Table}/{Session.SessionId}";
}

/// <summary>Reads the archived transcripts of one database that were not read before.</summary>
sealed class DatabaseArchiveReader(DatabaseLocation location, IReadOnlyList<DatabaseArchive> archives, DatabaseProgress progress)
    : IDatabaseReader
{
    public string Name => location.Path;

    public bool IsDone { get; private set; }

    public IEnumerable<Batch> Read(CancellationToken stop)
    {
        using var database = DatabaseConnection.Open(location.Path);
        foreach (var archive in archives)
        {
            if (stop.IsCancellationRequested)
            {
                yield break;
            }

            Batch? batch = null;
            IOException? damage;
            try
            {
                (batch, damage) = database.Run(() => ReadArchive(database.Connection, archive));
            }
            catch (IOException e)
            {
                damage = e;
            }

            if (!database.IsStillValid())
            {
                yield break;
            }

            if (batch is not null)
            {
                yield return batch;
            }

            if (damage is null)
            {
                progress.Archives[archive.CheckpointKey] = true;
                progress.ArchiveFailures.TryRemove(archive.NameIn(location), out _);
            }
            else
            {
                progress.ArchiveFailures[archive.NameIn(location)] = damage.Message;
            }
        }

        IsDone = true;
    }

    (Batch Batch, IOException? Damage) ReadArchive(SqliteConnection connection, DatabaseArchive archive)
    {
        using var blob = new SqliteBlob(connection, archive.Table, "archive_blob", archive.RowId, readOnly: true);
        if (archive.Sha256 is { } expected && !expected.Equals(Convert.ToHexString(SHA256.HashData(blob)), StringComparison.OrdinalIgnoreCase))
        {
            throw new IOException("its content does not match its SHA-256");
        }

        blob.Position = 0;
        using Stream plain = archive.IsCompressed ? new ZstdStream(blob) : new BufferedStream(blob);

        return ArchiveLines.Read(plain, archive.Session, archive.SessionKey, location.Path, archive.IsCold, new Checkpoint(archive.CheckpointKey, "1"));
    }
}
