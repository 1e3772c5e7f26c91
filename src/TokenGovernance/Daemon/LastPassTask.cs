namespace TokenGovernance.Daemon;

/// <summary>Notes in the store, once a minute at most, when a pass ended: `doctor` sees by it that a daemon stands still.</summary>
sealed class LastPassTask(TimeProvider time) : IPassTask
{
    static readonly TimeSpan NoteEvery = TimeSpan.FromMinutes(1);

    long? _notedAt;

    public string Name => "noting the last pass";

    public void AfterPass(PassDone pass)
    {
        if (pass.IsLast || _notedAt is not { } last || time.GetElapsedTime(last) >= NoteEvery)
        {
            pass.Store.NoteLastPass();
            _notedAt = time.GetTimestamp();
        }
    }
}
