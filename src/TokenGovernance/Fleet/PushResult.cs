namespace TokenGovernance.Fleet;

/// <summary>What a push did.</summary>
sealed class PushResult
{
    /// <summary>Changes of the store that were told.</summary>
    public long Told { get; set; }

    /// <summary>Responses that the fleet did not have.</summary>
    public long Added { get; set; }

    /// <summary>Rows that are other than before.</summary>
    public long Changed { get; set; }

    /// <summary>Responses that another node pushed, too: counted once.</summary>
    public long Shared { get; set; }

    /// <summary>Rows that went, because the store no longer has them under that key.</summary>
    public long Removed { get; set; }

    /// <summary>Responses of months that were detached.</summary>
    public long PassedOver { get; set; }

    /// <summary>Rows that were set aside: a backup was put back, and the store no longer has them.</summary>
    public long SetAside { get; set; }

    public long Snapshots { get; set; }

    /// <summary>Events that are left, where the push ended early.</summary>
    public long Behind { get; set; }

    /// <summary>Where the next push begins, as text; the store as it was then.</summary>
    public (long EventId, long Change) Position { get; set; }

    public long SnapshotId { get; set; }

    /// <summary>What the user should know.</summary>
    public List<string> Notes { get; } = [];
}
