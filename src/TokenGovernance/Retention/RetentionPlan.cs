using TokenGovernance.Domain;
using TokenGovernance.Storage;
using TokenGovernance.Storage.Changes;
using TokenGovernance.Storage.Pruning;

namespace TokenGovernance.Retention;

/// <summary>What would go if single responses were kept from some time on.</summary>
sealed record RetentionPlan
{
    /// <summary>For how long they are kept.</summary>
    public required KeepTime Keep { get; init; }

    /// <summary>From when on they are kept then, in ms since 1970.</summary>
    public required long FloorMs { get; init; }

    /// <summary>What is below, and still there, goes. It is before <see cref="FloorMs" /> where a fleet waits for responses.</summary>
    public required long BeforeMs { get; init; }

    /// <summary>How the store stands.</summary>
    public required RetentionState State { get; init; }

    /// <summary>What goes.</summary>
    public required PrunableUsage Usage { get; init; }

    /// <summary>How many responses there are.</summary>
    public required long Stored { get; init; }

    /// <summary>The most bytes that become free: sums, sessions and the like stay.</summary>
    public required long MostBytes { get; init; }

    /// <summary>When the oldest usage began that the fleet does not have yet, in ms since 1970; NULL: that is in nothing's way.</summary>
    public required long? FleetWaitsFromMs { get; init; }

    /// <summary>Which quota readings go, too; NULL: none.</summary>
    public SnapshotPlan? Snapshots { get; init; }

    /// <summary>More than half of all there is: a clock may be wrong.</summary>
    public bool IsMuch => Usage.Events * 2 > Stored;

    /// <summary>Reads one.</summary>
    /// <param name="store">The store.</param>
    /// <param name="keep">For how long.</param>
    /// <param name="now">The time.</param>
    /// <param name="fleet">How far the fleet is; NULL: there is none.</param>
    /// <exception cref="UserFacingException">That is not long enough.</exception>
    public static RetentionPlan Read(StoreReader store, KeepTime keep, DateTimeOffset now, FleetProgress? fleet)
    {
        var wanted = keep.RequireLong(now);
        var state = store.ReadRetention();
        var oldest = fleet is null ? null : store.FindOldestAfter(fleet.PositionIn(store));
        var waits = oldest < Math.Max(wanted, state.FloorMs ?? wanted) ? oldest : null;
        var before = waits is { } ms ? Math.Min(DayOf(ms), Math.Max(wanted, state.FloorMs ?? wanted)) : Math.Max(wanted, state.FloorMs ?? wanted);
        var usage = store.MeasureBelow(before);
        var (stored, bytes) = (store.CountEventsAfter(0), new FileInfo(store.Path).Length);

        return new RetentionPlan
        {
            Keep = keep,
            FloorMs = Math.Max(before, state.FloorMs ?? before),
            BeforeMs = before,
            State = state,
            Usage = usage,
            Stored = stored,
            MostBytes = stored == 0 ? 0 : (long)(bytes * ((double)usage.Events / stored)),
            FleetWaitsFromMs = waits,
        };
    }

    static long DayOf(long ms) => QuarterHour.DayOf(QuarterHour.Of(ms)) * QuarterHour.DayMs;
}

/// <summary>How far a fleet's database is.</summary>
/// <param name="Token">Where in the change feed the next push begins; NULL: nothing was pushed yet.</param>
/// <param name="SnapshotId">The last quota reading that was pushed.</param>
sealed record FleetProgress(ChangeToken? Token, long SnapshotId = 0)
{
    /// <summary>The last quota reading of this store that it has; 0: none.</summary>
    public long LastSnapshotIn(StoreReader store) => PositionIn(store) == default ? 0 : SnapshotId;

    /// <summary>What it has of this store.</summary>
    public ChangePosition PositionIn(StoreReader store)
    {
        if (Token is not { } token)
        {
            return default;
        }

        try
        {
            using var feed = store.OpenChanges();
            feed.Read(token, 1);

            return token.Position;
        }
        catch (InvalidChangeTokenException)
        {
            // The next push begins anew.
            return default;
        }
    }
}
