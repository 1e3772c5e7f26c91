namespace TokenGovernance.Daemon;

/// <summary>Adds up events for reports: the daemon a block in each pass that changed nothing, a one-shot all that is missing.</summary>
sealed class RollupTask : IPassTask
{
    bool _isBehind = true;

    public string Name => "the roll-up for reports";

    public void AfterPass(PassDone pass)
    {
        if (pass.IsLast)
        {
            pass.Store.RefreshRollup();
        }
        else if (pass.ChangedEvents)
        {
            _isBehind = true;
        }
        else if (_isBehind)
        {
            _isBehind = pass.Store.RefreshRollup(most: 1) > 0;
        }
    }
}
