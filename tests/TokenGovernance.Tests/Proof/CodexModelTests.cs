namespace TokenGovernance.Tests.Proof;

/// <summary>Random homes of Codex (versions, forks, subagents, compactions, resumed threads) appear piece by piece; in the end every call is stored once.</summary>
[Trait("Category", "Slow")]
public sealed class CodexModelTests
{
    [Fact]
    public void WhateverCodexWritesAndInWhateverOrderEveryCallIsStoredOnceWhereItBelongs() =>
        new RandomSequences(CodexWorld.Actions, CodexWorld.Run).Run(600);

    [Fact]
    public void TheSameHoldsWherePassesLookOnlyAtWhatTheSystemTellsOf() =>
        new RandomSequences(CodexWorld.Actions, CodexWorld.RunWatched).Run(400);

    [Fact]
    public void NothingIsLostWhereNoticesAreDroppedDoubledOrLate() =>
        new RandomSequences(CodexWorld.Actions, CodexWorld.RunFaultilyWatched).Run(400);
}
