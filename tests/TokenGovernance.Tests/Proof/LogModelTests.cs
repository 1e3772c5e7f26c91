namespace TokenGovernance.Tests.Proof;

/// <summary>Random things happen to log files and to the collector; the store must end up with what a model says was to be seen.</summary>
public sealed class LogModelTests
{
    [Fact]
    public void WhateverHappensToLogFilesEveryEntryThatWasSeenIsStoredOnceWhereItWasBorn() =>
        new Scripts(LogWorld.Actions, LogWorld.Play).Play(1500);
}
