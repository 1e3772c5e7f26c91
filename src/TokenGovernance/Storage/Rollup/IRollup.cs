using TokenGovernance.Domain;

namespace TokenGovernance.Storage.Rollup;

/// <summary>All events of a range of time added up, and the names of what they are added up by.</summary>
interface IRollup : IDisposable
{
    /// <summary>Single events of before are gone or about to go, in ms since 1970; NULL: all are there.</summary>
    long? FloorMs => null;

    /// <summary>A range whose bounds can be kept: of events that are gone there are sums of quarter-hours only, so what begins in one begins with it.</summary>
    TimeRange Round(TimeRange range) => range;

    /// <summary>Returns sums by attribution in the order of time; those of events without a time, in an open range only, come first.</summary>
    /// <param name="range">By the start of the call.</param>
    /// <param name="isWhole">Whether one sum of a whole day (counted since 1970, UTC) will do.</param>
    IEnumerable<RollupRow> Read(TimeRange range, Func<int, bool> isWhole);

    /// <summary>Returns sums of a range of time.</summary>
    /// <param name="level">By group or by attribution.</param>
    /// <param name="range">By the start of the call.</param>
    /// <param name="cutOf">Which sums of a day, counted since 1970, UTC, will do.</param>
    /// <param name="isFailedApart">Each sum is of failed calls only or of others only; at the fine level in no order then.</param>
    IEnumerable<RollupRow> Read(RollupLevel level, TimeRange range, Func<int, DayCut> cutOf, bool isFailedApart = false);

    /// <summary>Returns the sums of a quarter-hour and of all that come after it, in the order of time.</summary>
    IEnumerable<RollupRow> ReadFrom(RollupLevel level, int quarter);

    /// <summary>Returns the names that a row of a level has; without those of its session and job if they are not asked for, which is several times as fast.</summary>
    AttributionNames FindNames(RollupLevel level, long id, bool withSession);

    /// <summary>Returns the names of an attribution. What a job is called, and a session's key, are known of all its events or of none.</summary>
    AttributionNames FindAttribution(long id);

    /// <summary>Returns the names of an attribution but those of its session, its job and its lineage: several times as fast.</summary>
    AttributionNames FindAgent(long id);

    /// <summary>Returns each attribution with usage in a range (others may come too) with its group, its agent and its session ("" where that is not known).</summary>
    IEnumerable<(long Attribution, long Group, string Agent, string Session)> ReadSessions(TimeRange range);

    /// <summary>Returns provider and name of a model.</summary>
    ModelNames FindModel(long id);

    /// <summary>When the last response was written; NULL if no time is known.</summary>
    long? FindNewestMs();
}
