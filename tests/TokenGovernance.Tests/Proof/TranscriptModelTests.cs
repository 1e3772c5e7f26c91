namespace TokenGovernance.Tests.Proof;

/// <summary>Random things happen to log files and to the collector; the store must end up with what a model says was to be seen.</summary>
[Trait("Category", "Slow")]
public sealed class TranscriptModelTests
{
    [Fact]
    public void WhateverHappensToLogFilesEveryEntryThatWasSeenIsStoredOnceWithItsOwner() =>
        new RandomSequences(TranscriptWorld.Actions, TranscriptWorld.Run).Run(1500);

    [Fact]
    public void TheSameHoldsWherePassesLookOnlyAtWhatTheSystemTellsOf() =>
        new RandomSequences(TranscriptWorld.Actions, TranscriptWorld.RunWatched).Run(800);

    [Fact]
    public void NothingIsLostWhereNoticesAreDroppedDoubledOrLate() =>
        new RandomSequences(TranscriptWorld.Actions, TranscriptWorld.RunFaultilyWatched).Run(800);
}
