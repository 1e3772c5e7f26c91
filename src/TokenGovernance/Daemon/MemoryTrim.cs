using System.Runtime.InteropServices;
using TokenGovernance.Storage;

namespace TokenGovernance.Daemon;

/// <summary>Gives memory back to the system that was needed once: after a long pass, and some time after the process has grown.</summary>
sealed partial class MemoryTrim(TimeProvider time)
{
    const long Growth = 8 * 1024 * 1024;

    static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(5);
    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    TimeSpan _pause = ShortestPause;
    long _trimmed, _least;

    /// <param name="store">What it caches is given back too.</param>
    /// <param name="wasLong">The pass was the first, or took long.</param>
    public void AfterPass(UsageStore store, bool wasLong)
    {
        if (wasLong)
        {
            _pause = ShortestPause;
            Trim(store);
        }
        else if (time.GetElapsedTime(_trimmed) >= _pause)
        {
            _trimmed = time.GetTimestamp();
            if (Environment.WorkingSet > _least + (_least / 8) + Growth)
            {
                // What grows again and again is needed: it is left for longer and longer.
                _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
                Trim(store);
            }
        }
    }

    void Trim(UsageStore store)
    {
        store.ReleaseMemory();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        if (OperatingSystem.IsLinux())
        {
            TrimNative();
        }

        (_trimmed, _least) = (time.GetTimestamp(), Environment.WorkingSet);
    }

    /// <summary>What SQLite gave back, the C library keeps.</summary>
    static void TrimNative()
    {
        try
        {
            _ = NativeTrim(0);
        }
        catch (EntryPointNotFoundException)
        {
            // Not every C library has it.
        }
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int NativeTrim(nuint keep);
}
