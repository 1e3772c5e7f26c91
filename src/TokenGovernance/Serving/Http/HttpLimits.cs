namespace TokenGovernance.Serving.Http;

/// <summary>How much a client may ask for, and for how long.</summary>
sealed record HttpLimits
{
    /// <summary>Connections at a time. For one more, the one goes that has waited longest for a request.</summary>
    public int Connections { get; init; } = 16;

    /// <summary>Bytes of a request's head.</summary>
    public int HeadBytes { get; init; } = 8192;

    /// <summary>From the first byte of a request to its last.</summary>
    public TimeSpan Head { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Until the client has taken the answer.</summary>
    public TimeSpan Answer { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Between two requests of one connection.</summary>
    public TimeSpan Idle { get; init; } = TimeSpan.FromSeconds(60);
}
