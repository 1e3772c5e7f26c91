using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Making;

/// <summary>A store that is being made: a temporary file beside its place, which takes the store's name when it is whole, or goes.</summary>
/// <remarks>A lock beside it says that its process lives. What a process that was killed left behind, the next one removes.</remarks>
sealed class NewFile : IDisposable
{
    readonly string _target;
    readonly FileStream _lock;
    bool _isDisposed;

    NewFile(string target, string path, FileStream fileLock)
    {
        _target = target;
        _lock = fileLock;
        Path = path;
    }

    /// <summary>The temporary file; SQLite may open it.</summary>
    public string Path { get; }

    /// <summary>Makes the temporary file: empty, new, with a name that cannot be guessed, and readable by its owner only.</summary>
    /// <param name="target">Where the store is to be; no link.</param>
    public static NewFile Begin(string target)
    {
        while (true)
        {
            var path = $"{target}.{Guid.NewGuid():N}{NewFileName.Ending}";
            if (FileLock.TryTake(path + NewFileName.LockEnding, FileMode.CreateNew) is not { } fileLock)
            {
                continue;
            }

            var file = new NewFile(target, path, fileLock);
            try
            {
                OwnerFile.Create(path);

                return file;
            }
            catch
            {
                file.Dispose();

                throw;
            }
        }
    }

    /// <summary>Gives it the store's name, once all of it is on the disk. SQLite must have closed it.</summary>
    /// <returns>False if there is a store meanwhile; that one stays as it is.</returns>
    /// <exception cref="UserFacingException">It is not whole: the disk is full.</exception>
    public bool TryAppear()
    {
        RequireWhole();
        DiskSync.File(Path);
        FailPoint.Reach(FailPoint.StoreBeforeRename);
        if (!FileMove.TryMove(Path, _target))
        {
            return false;
        }

        FailPoint.Reach(FailPoint.StoreAfterRename);
        DiskSync.Folder(System.IO.Path.GetDirectoryName(_target)!);

        return true;
    }

    /// <summary>Removes what is left of the temporary file.</summary>
    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            NewFileName.Delete(Path);
            FileLock.Remove(_lock);
        }
    }

    /// <summary>A log that is left shows that there was no room to move it into the file.</summary>
    void RequireWhole()
    {
        if (new FileInfo(Path) is { Exists: true, Length: 0 }
            || NewFileName.Companions.Any(companion => new FileInfo(Path + companion) is { Exists: true, Length: > 0 }))
        {
            throw new UserFacingException($"There is no room left on the disk of the store {_target}.");
        }
    }
}
