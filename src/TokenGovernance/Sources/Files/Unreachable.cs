namespace TokenGovernance.Sources.Files;

/// <summary>Names what stands in the way to a path that is <see cref="FileKind.Unreachable" />.</summary>
static class Unreachable
{
    /// <summary>Reports the folder that may not be entered: once, however many paths lie behind it.</summary>
    public static void Report(string path, PassReport report)
    {
        try
        {
            _ = File.GetAttributes(path);
        }
        catch (UnauthorizedAccessException e)
        {
            report.Fail(FindFolder(path), e);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            report.Fail(path, e);
        }
    }

    /// <summary>The nearest folder that can be looked at: the one that may not be entered.</summary>
    static string FindFolder(string path)
    {
        var folder = Path.GetDirectoryName(path);
        while (folder is not null && FileStat.Of(folder).Kind is FileKind.Unreachable)
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? path;
    }
}
