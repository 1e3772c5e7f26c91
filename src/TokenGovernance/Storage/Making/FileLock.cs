namespace TokenGovernance.Storage.Making;

/// <summary>Files that one process at a time has. The operating system drops them with the process, however that ends.</summary>
static class FileLock
{
    /// <summary>Takes a file; NULL if another process has it, or if it is not there and <paramref name="mode" /> wants one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mode">Whether it must be there, must not be there, or may.</param>
    public static FileStream? TryTake(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (mode != FileMode.Open && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        FileStream? file = null;
        try
        {
            file = new FileStream(path, options);

            // Between making a file and locking it, another process may have had it and deleted it.
            if (File.Exists(path))
            {
                return file;
            }
        }
        catch (IOException e) when (e is FileNotFoundException || IsHeld(e))
        {
            return null;
        }

        file.Dispose();

        return null;
    }

    /// <summary>Deletes a file that was taken, then gives it up: nobody can take it in between.</summary>
    public static void Remove(FileStream file)
    {
        if (OperatingSystem.IsWindows())
        {
            file.Dispose();
            File.Delete(file.Name);
        }
        else
        {
            File.Delete(file.Name);
            file.Dispose();
        }
    }

    /// <summary>Another process has it, or was faster to make it.</summary>
    static bool IsHeld(IOException e)
    {
        const int SharingViolation = unchecked((int)0x80070020), FileExists = unchecked((int)0x80070050);
        const int LinuxAgain = 11, MacAgain = 35, UnixExists = 17;

        return OperatingSystem.IsWindows()
            ? e.HResult is SharingViolation or FileExists
            : e.HResult is UnixExists || e.HResult == (OperatingSystem.IsMacOS() ? MacAgain : LinuxAgain);
    }
}
