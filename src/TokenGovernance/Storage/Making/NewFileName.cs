using System.Buffers;

namespace TokenGovernance.Storage.Making;

/// <summary>The names of stores that are being made, `&lt;store&gt;.&lt;32 hex digits&gt;.new`, and what processes that were killed left under them.</summary>
static class NewFileName
{
    public const string Ending = ".new";

    public const string LockEnding = ".lock";

    const int Digits = 32;

    static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdef");

    /// <summary>SQLite writes these beside a database.</summary>
    public static IReadOnlyList<string> Companions { get; } = ["-wal", "-shm", "-journal"];

    /// <summary>Deletes a temporary file with all that SQLite writes beside it.</summary>
    public static void Delete(string path)
    {
        File.Delete(path);
        foreach (var companion in Companions)
        {
            File.Delete(path + companion);
        }
    }

    /// <summary>Deletes what was left beside a store, but nothing that a living process is filling.</summary>
    public static void DeleteLeftovers(string target)
    {
        try
        {
            foreach (var path in FindAll(target))
            {
                DeleteLeftover(path);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It may not be listed, or another user's file may not be deleted: that keeps nobody from collecting.
        }
    }

    static void DeleteLeftover(string path)
    {
        var lockPath = path + LockEnding;
        var fileLock = FileLock.TryTake(lockPath, FileMode.Open);
        if (fileLock is null && File.Exists(lockPath))
        {
            return;
        }

        try
        {
            Delete(path);
        }
        finally
        {
            if (fileLock is not null)
            {
                FileLock.Remove(fileLock);
            }
        }
    }

    /// <summary>The temporary files of a store, each once, by whatever of it is there.</summary>
    static HashSet<string> FindAll(string target)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var length = target.Length + 1 + Digits + Ending.Length;
        foreach (var path in Directory.EnumerateFiles(Path.GetDirectoryName(target)!))
        {
            if (path.Length >= length && path.StartsWith($"{target}.", StringComparison.Ordinal)
                && path.AsSpan(length - Ending.Length, Ending.Length).SequenceEqual(Ending)
                && path.AsSpan(target.Length + 1, Digits).IndexOfAnyExcept(HexDigits) < 0
                && IsEnding(path.AsSpan(length)))
            {
                found.Add(path[..length]);
            }
        }

        return found;
    }

    static bool IsEnding(ReadOnlySpan<char> ending)
    {
        foreach (var companion in Companions)
        {
            if (ending.SequenceEqual(companion))
            {
                return true;
            }
        }

        return ending.IsEmpty || ending.SequenceEqual(LockEnding);
    }
}
