namespace TokenGovernance.Domain;

/// <summary>A failure the user can act on: its message says what was wrong, with which file, and what to do.</summary>
class UserFacingException : Exception
{
    public UserFacingException(string message)
        : base(message)
    {
    }

    public UserFacingException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>The verb that mends it, where one does.</summary>
    public string? Remedy { get; init; }
}
