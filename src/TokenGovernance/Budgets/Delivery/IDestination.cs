namespace TokenGovernance.Budgets.Delivery;

/// <summary>Where messages go.</summary>
interface IDestination
{
    /// <summary>It wants to hear also that an alert is over: programs do, people do not.</summary>
    bool WantsResolutions { get; }

    /// <summary>How long one message may take.</summary>
    TimeSpan TimeLimit { get; }

    /// <summary>Delivers one message. That it fails is a result and no exception.</summary>
    /// <returns>NULL if it was delivered; else why not, in one line without secrets.</returns>
    /// <exception cref="OperationCanceledException"><paramref name="stop" /> was requested.</exception>
    Task<string?> SendAsync(AlertMessage message, CancellationToken stop);
}
