using TokenGovernance.Domain;

namespace TokenGovernance.Configuration;

/// <summary>Follows a configuration file while a daemon runs: who changes a limit need not restart it.</summary>
/// <param name="path">The file; NULL: this user has no place for one.</param>
/// <param name="isNamed">Somebody named it, so it must be there; otherwise a file that is gone says nothing.</param>
/// <param name="settings">What it said when it was read first.</param>
/// <param name="time">The clock.</param>
sealed class SettingsWatch(string? path, bool isNamed, Settings settings, TimeProvider time)
{
    /// <summary>A file that was written so short a time ago may still be being written.</summary>
    static readonly TimeSpan Settled = TimeSpan.FromSeconds(2);

    (DateTime Written, long Length)? _stamp = path is null ? null : StampOf(path);

    /// <summary>What the file says, as far as it could be read.</summary>
    public Settings Settings { get; private set; } = settings;

    /// <summary>Looks whether the file changed, and reads it if so.</summary>
    /// <returns>True if the settings are others now.</returns>
    /// <exception cref="UserFacingException">It changed and says something that cannot be meant; thrown once, and the settings stay as they were.</exception>
    public bool Reread()
    {
        if (path is null || StampOf(path) is var stamp && (stamp == _stamp || (stamp is { } known && IsFresh(known.Written))))
        {
            return false;
        }

        _stamp = stamp;
        if (stamp is null && !isNamed)
        {
            Settings = Settings.None;

            return true;
        }

        Settings = Read(path);

        return true;
    }

    static Settings Read(string path)
    {
        try
        {
            return ConfigurationFile.Read(path);
        }
        catch (ConfigurationException e)
        {
            throw new UserFacingException(e.Message.ReplaceLineEndings("; "), e);
        }
    }

    /// <summary>A time in the future proves nothing.</summary>
    bool IsFresh(DateTime written) => time.GetUtcNow().UtcDateTime - written is var age && age >= TimeSpan.Zero && age < Settled;

    static (DateTime Written, long Length)? StampOf(string path) =>
        new FileInfo(path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : null;
}
