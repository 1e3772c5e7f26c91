namespace TokenGovernance.Sources.Runtimes;

/// <summary>Decides which of many files a pass looks at: those written lately always, of the quiet ones a part, so that no pass takes long.</summary>
/// <remarks>A file that is taken up again after days is noticed some passes later.</remarks>
sealed class FileRota
{
    const long QuietAfterMs = 2 * 24 * 60 * 60 * 1000L;
    const int FilesOfOnePart = 250;

    int _pass, _at, _count;

    /// <summary>Begins a pass.</summary>
    public void Begin()
    {
        _count = _at;
        _at = 0;
        _pass++;
    }

    /// <summary>True if the next file is to be looked at. To be asked for all files, in an order that stays.</summary>
    /// <param name="writtenMs">When it was written last, as far as anybody looked; 0 if nobody did.</param>
    /// <param name="nowMs">The present time in ms since 1970.</param>
    public bool IsDue(long writtenMs, long nowMs) =>
        (_at++ + _pass) % Math.Max(1, _count / FilesOfOnePart) == 0 || writtenMs == 0 || nowMs - writtenMs < QuietAfterMs;
}
