namespace TokenGovernance.Storage.Changes;

/// <summary>A token is not of this store as it is: what was made of the feed so far must be thrown away, and the feed read from its beginning.</summary>
sealed class InvalidChangeTokenException(ChangeTokenProblem problem) : Exception(problem switch
{
    ChangeTokenProblem.OtherStore => "The token is of another store.",
    _ => "The token is of a later time than the store: an older copy of the store was put in its place.",
})
{
    public ChangeTokenProblem Problem { get; } = problem;
}

/// <summary>Why a token cannot be gone on from.</summary>
enum ChangeTokenProblem
{
    /// <summary>It is of another store.</summary>
    OtherStore,

    /// <summary>It is of this store, but of a history that this file does not have: a backup was restored.</summary>
    OtherHistory,
}
