using TokenGovernance.Domain;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Rollup;

namespace TokenGovernance.Storage;

/// <summary>What can be asked of usage, wherever it is kept: all answers are of one moment.</summary>
interface IStoreReader
{
    /// <summary>All events added up, for reports.</summary>
    IRollup OpenRollup();

    /// <summary>What quarter-hours cost.</summary>
    IQuarterCosts OpenQuarterCosts();

    /// <summary>Single responses, for what sums cannot say.</summary>
    IResponses OpenResponses();

    /// <summary>How far the store is.</summary>
    ChangePosition ReadPosition();

    /// <summary>True if usage of before a moment is other than it was.</summary>
    /// <param name="since">What is known already.</param>
    /// <param name="beforeMs">The moment, in ms since 1970.</param>
    bool HasEarlierChanges(ChangePosition since, long beforeMs);

    /// <summary>What is kept of weeks of spending for some settings; NULL: nothing.</summary>
    SpendingHistory? FindHistory(string settings);

    /// <summary>True if there is at least one model response.</summary>
    bool HasEvents();

    /// <summary>When something was collected, or pushed, last; NULL: not known.</summary>
    string? ReadLastPass();

    /// <summary>Names of nodes that keep the keys of sessions for themselves: of their sub-agents nobody knows who started them.</summary>
    IReadOnlyList<string> ReadNodesWithoutKeys();

    /// <summary>Returns all readings of quotas in the order of time.</summary>
    IReadOnlyList<QuotaReading> ReadQuotas();

    /// <summary>The number of the last reading of quotas; 0 if there is none.</summary>
    long ReadLastQuota();
}
