namespace TokenGovernance.Tests.Proof;

/// <summary>Random things happen to an agent's database and to the collector; the store must end up with what a model says was to be seen.</summary>
[Trait("Category", "Slow")]
public sealed class DatabaseModelTests
{
    [Fact]
    public void WhateverHappensToADatabaseEveryEntryThatWasSeenIsStoredOnceWithItsOwner() =>
        new RandomSequences(DatabaseWorld.Actions, DatabaseWorld.Run).Run(400);

    [Fact]
    public void QuickLooksMissNothingThatAFullLookCannotStillFind() =>
        new RandomSequences(DatabaseWorld.Actions, DatabaseWorld.RunQuickly).Run(400);
}
