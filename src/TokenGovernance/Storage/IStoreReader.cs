using TokenGovernance.Domain;
using TokenGovernance.Storage.Alerts;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Events;
using TokenGovernance.Storage.Pruning;
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

    /// <summary>Returns the rows of a table in the order they came, all columns; of a fleet by time.</summary>
    /// <param name="table">`usage_events`, by the start of the call, or `provider_usage_snapshots`.</param>
    /// <param name="range">Which rows.</param>
    TableRows ReadTable(string table, TimeRange range);

    /// <summary>The rows of a table in the order of their time.</summary>
    /// <param name="table">`usage_events`, by the start of the call, or `provider_usage_snapshots`.</param>
    RowsByTime OpenByTime(string table);

    /// <summary>What was added, changed and removed, in order; NULL: nobody knows that.</summary>
    ChangeFeed? OpenChanges();

    /// <summary>16 digits that no other store has.</summary>
    string ReadIdentity();

    /// <summary>How far the store is.</summary>
    ChangePosition ReadPosition();

    /// <summary>True if usage of before a moment is other than it was.</summary>
    /// <param name="since">What is known already.</param>
    /// <param name="beforeMs">The moment, in ms since 1970.</param>
    bool HasEarlierChanges(ChangePosition since, long beforeMs);

    /// <summary>What is kept of weeks of spending for some settings; NULL: nothing.</summary>
    SpendingHistory? FindHistory(string settings);

    /// <summary>What was removed by its age; NULL: nobody removes anything here.</summary>
    RetentionState? ReadRetention() => null;

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

    /// <summary>Returns the last alerts, newest first; of a fleet none, as each machine keeps its own.</summary>
    IReadOnlyList<Alert> ReadAlerts(int most);
}
