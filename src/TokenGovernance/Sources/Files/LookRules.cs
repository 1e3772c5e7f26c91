namespace TokenGovernance.Sources.Files;

/// <summary>When everything in a source is looked at, and when only what its cheapest signs say has changed.</summary>
/// <remarks>A quick look costs what changed, and sees what a gateway does. A full look costs what is there, and sees whatever happened.</remarks>
sealed record LookRules
{
    /// <summary>A full look may take this part of the time.</summary>
    const int PartOfTime = 500;

    /// <summary>A source with fewer parts (sessions) than this is always looked at in full: that costs next to nothing.</summary>
    public int QuickFrom { get; init; } = 100;

    /// <summary>What the operating system says of changes.</summary>
    public IFolderNotices Notices { get; init; } = NoNotices.Instance;

    /// <summary>How long after a full look the next one is due.</summary>
    public TimeSpan FullLookEvery { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>True if a full look is due.</summary>
    /// <param name="age">Time since the last.</param>
    /// <param name="took">How long that took: where it takes long there are fewer.</param>
    public bool IsFullLookDue(TimeSpan age, TimeSpan took) => age >= FullLookEvery && age >= took * PartOfTime;
}
