using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;

namespace TokenGovernance.Sources.OpenClaw.Transcripts;

/// <summary>One `sessions.json` on disk, parsed again only when it changed.</summary>
/// <param name="path">The file.</param>
/// <param name="home">The state directory it belongs to.</param>
/// <param name="agentId">Its agent.</param>
/// <param name="isFallback">It is an old index, left by the migration.</param>
/// <param name="checkpoint">What is known of it from an earlier run: its facts are in the store.</param>
sealed class IndexFile(string path, string home, string agentId, bool isFallback, FileCheckpoint? checkpoint)
{
    FileCheckpoint? _checkpoint = checkpoint;
    SessionIndex? _index;
    bool _failed;

    string CheckpointKey => KeyOf(path);

    public static string KeyOf(string path) => "index:" + path;

    /// <summary>Reads the index if it changed.</summary>
    /// <returns>The facts that are new, with the checkpoint, or NULL if there are none.</returns>
    public Batch? Refresh(TimeProvider time, PassReport report)
    {
        var stat = FileStat.Of(path);
        if (stat.Kind is FileKind.Missing || _checkpoint?.ProvesUnchanged(stat) == true)
        {
            return null;
        }

        _failed = false;
        var before = _index;
        if (!TryLoad(stat, report))
        {
            return null;
        }

        var next = new FileCheckpoint().With(stat, time.GetUtcNow().ToUnixTimeMilliseconds());
        var changed = _index!.Sessions.Values
            .Where(info => before is null || !before.Sessions.TryGetValue(info.Session.SessionId, out var known) || known != info)
            .ToList();
        var batch = changed.Count == 0 && next == _checkpoint
            ? null
            : new Batch { Sessions = changed, Checkpoints = [new Checkpoint(CheckpointKey, next.ToJson())], BytesRead = stat.Size };
        _checkpoint = next;

        return batch;
    }

    /// <summary>The session of a transcript by its live name, or NULL.</summary>
    public string? FindSessionId(string baseName, PassReport report)
    {
        // Unchanged since an earlier run: nobody needed its content until now.
        if (_index is null && !_failed && FileStat.Of(path) is { Kind: FileKind.File } stat)
        {
            TryLoad(stat, report);
        }

        return _index?.FindSessionId(baseName);
    }

    bool TryLoad(FileStat stat, PassReport report)
    {
        _failed = true;
        if (stat.Kind is not FileKind.File)
        {
            report.Fail(path, "it is not a file");

            return false;
        }

        try
        {
            using var file = File.Open(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var bytes = new byte[file.Length];
            var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            _index = SessionIndex.Parse(bytes.AsSpan(0, count), home, agentId, isFallback);
            _failed = false;

            return true;
        }
        catch (JsonException e)
        {
            report.Fail(path, $"it is not a whole session index (line {e.LineNumber + 1 ?? 1}); its sessions are named by their files until it is");

            return false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            report.Fail(path, e);

            return false;
        }
    }
}
