using System.Runtime.InteropServices;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage;

/// <summary>The store as a file: how it comes to be.</summary>
static partial class StoreFile
{
    /// <summary>SQLite writes these beside a database.</summary>
    static readonly string[] Companions = ["-wal", "-shm", "-journal"];

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

    /// <summary>Makes a store unless there is a file. It appears whole, under its name, or not at all; its folder must be there.</summary>
    /// <param name="path">Where.</param>
    /// <param name="replaceEmpty">An empty file becomes a store; else it stays, and opening it will fail.</param>
    /// <param name="fill">Makes a store of an empty file.</param>
    public static void MakeIfMissing(string path, bool replaceEmpty, Action<string> fill)
    {
        var target = TargetOf(path);
        if (File.Exists(target))
        {
            if (replaceEmpty && IsEmpty(target))
            {
                // In its place, and so under SQLite's locks: of two that do this at once, the second finds the first one's store.
                fill(target);
            }

            return;
        }

        var temporary = $"{target}.{Guid.NewGuid():N}.new";
        try
        {
            OwnerFile.Create(temporary);
            fill(temporary);
            RequireWhole(temporary, target);
            FailPoint.Reach(FailPoint.StoreBeforeRename);
            AppearAs(temporary, target);
        }
        finally
        {
            File.Delete(temporary);
            foreach (var companion in Companions)
            {
                File.Delete(temporary + companion);
            }
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

    static string TargetOf(string path)
    {
        var link = new FileInfo(path);

        return link.LinkTarget is null ? path : link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? path;
    }

    static bool IsEmpty(string path) => new FileInfo(path) is { Exists: true, Length: 0 };

    /// <summary>A write-ahead log that is left shows that there was no room to move it into the file.</summary>
    static void RequireWhole(string path, string target)
    {
        if (IsEmpty(path) || Companions.Any(companion => new FileInfo(path + companion) is { Exists: true, Length: > 0 }))
        {
            throw new UserFacingException($"There is no room left on the disk of the store {target}; none was made.");
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file its name in one step, unless somebody was faster.</summary>
    static void AppearAs(string temporary, string target)
    {
        try
        {
            if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
            {
                File.Move(temporary, target, overwrite: false);
            }
            else if (Link(temporary, target) != 0)
            {
                // It is there already, or the file system knows no links: then the name is taken first.
                OwnerFile.Create(target);
                File.Move(temporary, target, overwrite: true);
            }
        }
        catch (IOException) when (File.Exists(target))
        {
            // Another process was faster, and its store is opened.
        }
    }

    // Elsewhere than on Windows, .NET's move looks whether the target is there and then renames: of two that start at once, one would
    // lose its store.
    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string name);
}
