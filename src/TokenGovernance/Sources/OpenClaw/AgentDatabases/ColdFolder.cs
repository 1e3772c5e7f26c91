using System.Security.Cryptography;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>An agent's `sessions/cold`: one `&lt;sha256&gt;.jsonl.zst` a session that was moved out of the database.</summary>
sealed class ColdFolder(string path, string home, string agentId, StoredCheckpoints checkpoints, TimeProvider time) : IUsageSource
{
    const string Extension = ".jsonl.zst";

    readonly WatchedFolder _folder = new(path);
    readonly Dictionary<string, ColdFile> _files = new(StringComparer.Ordinal);

    public string Name => path;

    /// <summary>Adds a reader for each file that was not read before, or changed since.</summary>
    public void Poll(SourceNews news, PassReport report)
    {
        _folder.Refresh(time.GetUtcNow().ToUnixTimeMilliseconds(), report);
        foreach (var name in _folder.Names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal) && !_files.ContainsKey(name)))
        {
            var file = Path.Combine(path, name);
            _files.Add(name, new ColdFile(file, FileCheckpoint.Parse(checkpoints.Take(ColdFile.KeyOf(file)))));
        }

        foreach (var file in _files.Values)
        {
            var stat = FileStat.Of(file.Path);
            if (stat.Kind is FileKind.Unreachable)
            {
                Unreachable.Report(file.Path, report);

                continue;
            }

            if (stat.Kind is FileKind.Missing || file.Checkpoint?.ProvesUnchanged(stat) == true)
            {
                continue;
            }

            if (file.Failure is { } failure && file.FailedStat == stat)
            {
                report.Fail(file.Path, failure);

                continue;
            }

            news.Readers.Add(new Reader(file, stat, home, agentId, time));
        }
    }

    sealed class ColdFile(string path, FileCheckpoint? checkpoint)
    {
        public string Path { get; } = path;

        public FileCheckpoint? Checkpoint { get; set; } = checkpoint;

        /// <summary>Why it could not be read when its stat was <see cref="FailedStat" />.</summary>
        public string? Failure { get; set; }

        public FileStat FailedStat { get; set; }

        public static string KeyOf(string path) => "cold:" + path;
    }

    sealed class Reader(ColdFile file, FileStat stat, string home, string agentId, TimeProvider time) : IEventReader
    {
        public string Name => file.Path;

        public IEnumerable<Batch> Read(CancellationToken stop)
        {
            var next = new FileCheckpoint().With(stat, time.GetUtcNow().ToUnixTimeMilliseconds());
            var (batch, damage) = TryReadFile(new Checkpoint(ColdFile.KeyOf(file.Path), next.ToJson()));
            if (batch is not null)
            {
                yield return batch;
            }

            if (damage is not null)
            {
                (file.Failure, file.FailedStat) = (damage.Message, stat);

                throw damage;
            }

            (file.Failure, file.Checkpoint) = (null, next);
        }

        (Batch? Batch, IOException? Damage) TryReadFile(Checkpoint checkpoint)
        {
            try
            {
                return (ReadFile(checkpoint), null);
            }
            catch (IOException e)
            {
                return (null, e);
            }
        }

        Batch ReadFile(Checkpoint checkpoint)
        {
            using var stream = SharedFile.Open(file.Path);
            var expected = Path.GetFileName(file.Path)[..^Extension.Length];
            var session = new SessionIdentity(home, agentId, ReadSessionId(stream));
            stream.Position = 0;

            // Hashed while it is decoded: a sparse file may claim any length, and ends where it is no zstd any more.
            using var sha256 = SHA256.Create();
            using var hashed = new CryptoStream(stream, sha256, CryptoStreamMode.Read, leaveOpen: true);
            using var plain = new ZstdStream(hashed);
            var (batch, damage) = ArchiveLines.Read(plain, session, null, file.Path, isCold: true, checkpoint);
            if (damage is not null)
            {
                throw damage;
            }

            hashed.CopyTo(Stream.Null);

            return expected.Equals(Convert.ToHexString(sha256.Hash!), StringComparison.OrdinalIgnoreCase)
                ? batch
                : throw new IOException("its content does not match the SHA-256 in its name");
        }

        /// <summary>The first line names the session: `{"kind":"header","sessionId","generation"}`.</summary>
        static string ReadSessionId(Stream stream)
        {
            using var plain = new ZstdStream(stream);
            using var lines = new JsonLineReader(plain);
            var id = lines.Next() ? ColdLine.Parse(lines.Line)?.SessionId : null;

            return id ?? throw new IOException("its first line names no session");
        }
    }
}
