using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage;

/// <summary>The store as a file: how it comes to be.</summary>
static class StoreFile
{
    /// <summary>Makes a store unless there is a file. It appears whole, under its name, or not at all.</summary>
    /// <param name="path">Where.</param>
    /// <param name="replaceEmpty">An empty file is replaced; else it stays, and opening it will fail.</param>
    /// <param name="fill">Makes a store of an empty file.</param>
    public static void MakeIfMissing(string path, bool replaceEmpty, Action<string> fill)
    {
        var link = new FileInfo(path);
        var target = link.LinkTarget is null ? path : link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        var isEmpty = IsEmpty(target);
        if (File.Exists(target) && !(replaceEmpty && isEmpty))
        {
            return;
        }

        var temporary = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            OwnerFile.Create(temporary);
            fill(temporary);
            FailPoint.Reach(FailPoint.StoreBeforeRename);
            File.Move(temporary, target, overwrite: isEmpty);
        }
        catch (IOException) when (File.Exists(target) && !IsEmpty(target))
        {
            // Another process was faster.
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Refuses an empty file: nobody but a truncation leaves one where a store was.</summary>
    public static void RequireContent(string path)
    {
        if (IsEmpty(path))
        {
            throw new UserFacingException(
                $"{path} is an empty file, not a store. If it was one, it has been truncated: restore a backup. To begin a new one in its place, run 'token-governance init --db {path}'.");
        }
    }

    /// <summary>Refuses a path without a file, and an empty file.</summary>
    public static void RequireStore(string path)
    {
        if (!File.Exists(path))
        {
            throw new UserFacingException(
                $"There is no store at {path}. Make one with 'token-governance init --db {path}', or name another with --db.");
        }

        RequireContent(path);
    }

    static bool IsEmpty(string path) => new FileInfo(path) is { Exists: true, Length: 0 };
}
