using TokenGovernance.Domain;
using TokenGovernance.Storage.Making;

namespace TokenGovernance.Storage;

/// <summary>The store as a file: how it comes to be.</summary>
static class StoreFile
{
    /// <summary>The folder that a store is in, links followed.</summary>
    public static string FolderOf(string path) => Path.GetDirectoryName(TargetOf(path))!;

    /// <summary>Makes the folder of a store unless it is there.</summary>
    public static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(FolderOf(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The folder of the store {path} cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Begins a store where there is no file; NULL if there is one. Its folder must be there. What killed processes left there is removed.</summary>
    public static NewFile? BeginIfMissing(string path)
    {
        var target = TargetOf(path);
        NewFileName.DeleteLeftovers(target);

        return Path.Exists(target) ? null : NewFile.Begin(target);
    }

    /// <summary>Somebody left or made an empty file where a store is to be.</summary>
    public static bool IsEmpty(string path) => new FileInfo(TargetOf(path)) is { Exists: true, Length: 0 };

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
                $"There is no store at {path}. Make and fill it with 'token-governance collect --once --db {path}', or name another with --db.");
        }

        RequireContent(path);
    }

    static string TargetOf(string path)
    {
        var link = new FileInfo(path);

        return link.LinkTarget is null ? path : link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }
}
