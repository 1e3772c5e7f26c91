using System.Security.Cryptography;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Transcripts;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>An agent's `sessions/cold`: one `&lt;sha256&gt;.jsonl.zst` a session that was moved out of the database.</summary>
sealed class ColdFolder(string path, string home, string agentId, StoredCheckpoints checkpoints, TimeProvider time)
{
    const string Extension = ".jsonl.zst";

    readonly WatchedFolder _folder = new(path);
    readonly Dictionary<string, ColdFile> _files = new(StringComparer.Ordinal);

    /// <summary>Returns a reader for each file that was not read before, or changed since.</summary>
    public IEnumerable<IEventReader> FindChanged(PassReport report)
    {
        if (_folder.Refresh(time.GetUtcNow().ToUnixTimeMilliseconds(), report))
        {
            foreach (var name in _folder.Names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal) && !_files.ContainsKey(name)))
            {
                var file = Path.Combine(path, name);
                _files.Add(name, new ColdFile(file, FileCheckpoint.Parse(checkpoints.Take(ColdFile.KeyOf(file)))));
            }
        }

        foreach (var file in _files.Values)
        {
            var stat = FileStat.Of(file.Path);
            if (stat.Kind is FileKind.Missing || file.Checkpoint?.ProvesUnchanged(stat) == true)
            {
                continue;
            }

            if (file.Failure is { } failure && file.FailedStat == stat)
            {
                report.Fail(file.Path, failure);

                continue;
            }

            yield return new Reader(file, stat, home, agentId, time);
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
                return ReadFile(checkpoint);
            }
            catch (IOException e)
            {
                return (null, e);
            }
        }

        (Batch Batch, IOException? Damage) ReadFile(Checkpoint checkpoint)
        {
            using var stream = File.Open(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var expected = Path.GetFileName(file.Path)[..^Extension.Length];
            if (!expected.Equals(Convert.ToHexString(SHA256.HashData(stream)), StringComparison.OrdinalIgnoreCase))
            {
                throw new IOException("its content does not match the SHA-256 in its name");
            }

            stream.Position = 0;
            using var plain = new ZstdStream(stream);
            var session = new SessionIdentity(home, agentId, ReadSessionId(stream));
            stream.Position = 0;

            return ArchiveLines.Read(plain, session, null, file.Path, isCold: true, checkpoint);
        }

        /// <summary>The first line names the session: `{"kind":"header","sessionId","generation"}`.</summary>
        static string ReadSessionId(Stream stream)
        {
            using var plain = new ZstdStream(stream);
            using var lines = new LineReader(plain);
            string? id = null;
            if (lines.Next())
            {
                try
                {
                    using var header = JsonDocument.Parse(lines.Line.ToArray());
                    id = header.RootElement.TryGetProperty("sessionId", out var value) ? value.GetString() : null;
                }
                catch (Exception e) when (e is JsonException or InvalidOperationException)
                {
                    // Said below.
                }
            }

            return id ?? throw new IOException("its first line names no session");
        }
    }
}
