using System.Security.Cryptography;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw.Entries;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>An agent's `sessions/cold`: one `&lt;sha256&gt;.jsonl.zst` a session that was moved out of the database.</summary>
sealed class ColdFolder(string path, string home, string agentId, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time) : IUsageSource
{
    const string Extension = ".jsonl.zst";

    readonly WatchedFolder _folder = new(path);
    readonly Dictionary<string, ColdFile> _files = new(StringComparer.Ordinal);

    /// <summary>Files to look at: those that are not sure to be what they were at the last look.</summary>
    readonly HashSet<ColdFile> _due = [];

    /// <summary>NULL as long as there is no such folder: most agents have none.</summary>
    FolderLooks? _looks;

    public string Name => path;

    /// <summary>Adds a reader for each file that was not read before, or changed since.</summary>
    public void Poll(SourceNews news, PassReport report)
    {
        if (_looks is null && FileStat.Of(path).Kind is FileKind.Missing)
        {
            return;
        }

        _looks ??= new FolderLooks(path, rules, time);
        if (_looks.Begin() is { } touched)
        {
            Add(touched);
        }
        else
        {
            _folder.Refresh(time.GetUtcNow().ToUnixTimeMilliseconds(), report, Add);
            _due.UnionWith(_files.Values);
        }

        foreach (var file in _due.ToList())
        {
            if (!file.HasChanged(report))
            {
                if (!_looks.AreTold || file.IsSureToBeUnchanged)
                {
                    _due.Remove(file);
                }
            }
            else if (file.Failure is { } failure)
            {
                report.Fail(file.Path, failure);
            }
            else
            {
                news.Readers.Add(new Reader(file, home, agentId, time));
            }
        }

        _looks.End();
    }

    void Add(IEnumerable<string> names)
    {
        foreach (var name in names.Where(name => name.EndsWith(Extension, StringComparison.Ordinal)))
        {
            if (!_files.TryGetValue(name, out var file))
            {
                var full = Path.Combine(path, name);
                _files.Add(name, file = new ColdFile(full) { Checkpoint = FileCheckpoint.Parse(checkpoints.Take(ColdFile.KeyOf(full))) });
            }

            _due.Add(file);
        }
    }

    sealed class ColdFile(string path) : WatchedFile<FileCheckpoint>(path)
    {
        public static string KeyOf(string path) => "cold:" + path;
    }

    sealed class Reader(ColdFile file, string home, string agentId, TimeProvider time) : IEventReader
    {
        public string Name => file.Path;

        public IEnumerable<Batch> Read(CancellationToken stop)
        {
            var next = new FileCheckpoint().With(file.Stat, time.GetUtcNow().ToUnixTimeMilliseconds());
            var (batch, damage) = TryReadFile(new Checkpoint(ColdFile.KeyOf(file.Path), next.ToJson()));
            if (batch is not null)
            {
                yield return batch;
            }

            if (damage is not null)
            {
                file.SetFailure(damage.Message);

                throw damage;
            }

            file.Checkpoint = next;
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
