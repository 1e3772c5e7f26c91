using TokenGovernance.Sources.Files;

namespace TokenGovernance.Collection;

/// <summary>Tells whether a path still leads to the file or folder that it led to.</summary>
sealed class FileWatch(string path)
{
    readonly long _fileId = FileStat.Of(path).FileId;

    /// <summary>Nothing is there.</summary>
    public bool IsMissing => FileStat.Of(path).Kind is FileKind.Missing;

    /// <summary>It is there, and not another one. Where files have no number (Windows), being there is enough.</summary>
    public bool IsSame => FileStat.Of(path) is var now && now.Kind is not FileKind.Missing && now.FileId == _fileId;
}
