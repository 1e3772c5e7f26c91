namespace TokenGovernance.Sources.Files;

/// <summary>A file that is looked at again and again, and how far it has been read.</summary>
abstract class WatchedFile<TCheckpoint>(string path)
    where TCheckpoint : FileCheckpoint
{
    readonly StatPath _statPath = new(path);

    FileStat _failedStat;
    bool? _isLink;
    string? _failure;

    public string Path { get; } = path;

    public TCheckpoint? Checkpoint { get; set; }

    /// <summary>What the file was at the last look.</summary>
    public FileStat Stat { get; private set; }

    /// <summary>Why it cannot be read as it is now; NULL if that is not known. What is damaged is not read again and again.</summary>
    public string? Failure => _failedStat == Stat ? _failure : null;

    /// <summary>Looks at the file; true if its stat does not prove it unchanged. Says why it cannot be read, if it cannot.</summary>
    public bool HasChanged(PassReport report)
    {
        Stat = FileStat.Of(_statPath);
        switch (Stat.Kind)
        {
            case FileKind.File:
                return Checkpoint?.ProvesUnchanged(Stat) != true;
            case FileKind.Missing:
                // Renamed or deleted since the folder was listed; only a link that leads nowhere stays.
                if (new FileInfo(Path).LinkTarget is { } target)
                {
                    report.Fail(Path, $"it is a link to {target}, which cannot be read");
                }
                else if (Path.Contains('\uFFFD', StringComparison.Ordinal))
                {
                    report.Fail(Path, "its name is not valid UTF-8; please rename it");
                }

                return false;
            case FileKind.Unreachable:
                Unreachable.Report(Path, report);

                return false;
            default:
                report.Fail(Path, Stat.Kind is FileKind.Folder ? "it is a folder, not a file" : "it is not a regular file");

                return false;
        }
    }

    /// <summary>The last look proved it unchanged, and of a later change its folder will tell: not of one behind a link.</summary>
    public bool IsSureToBeUnchanged =>
        Stat.Kind is FileKind.File && Checkpoint?.ProvesUnchanged(Stat) == true && !(_isLink ??= new FileInfo(Path).LinkTarget is not null);

    /// <summary>It is damaged, and stays so until it changes.</summary>
    public void SetFailure(string reason) => (_failure, _failedStat) = (reason, Stat);
}
