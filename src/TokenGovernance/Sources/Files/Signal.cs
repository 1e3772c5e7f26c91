namespace TokenGovernance.Sources.Files;

/// <summary>Something that is so or not, and that one can wait for; however often it is set, one wait takes it.</summary>
sealed class Signal : IDisposable
{
    readonly SemaphoreSlim _isSet = new(0, 1);

    /// <summary>Sets it; safe on any thread.</summary>
    public void Set()
    {
        lock (_isSet)
        {
            if (_isSet.CurrentCount == 0)
            {
                _isSet.Release();
            }
        }
    }

    /// <summary>Takes it, if it is set.</summary>
    public void Clear() => _isSet.Wait(0);

    /// <summary>Waits for it and takes it.</summary>
    public void Wait() => _isSet.Wait();

    /// <summary>Waits for it, but not longer than a time, and takes it.</summary>
    /// <returns>True if it was set.</returns>
    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken stop)
    {
        try
        {
            return await _isSet.WaitAsync(longest, stop);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose() => _isSet.Dispose();
}
