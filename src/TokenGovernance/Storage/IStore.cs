namespace TokenGovernance.Storage;

/// <summary>Where usage is read from: the store of this machine, or the database of a fleet.</summary>
interface IStore
{
    /// <summary>How messages name it.</summary>
    string Name { get; }

    /// <summary>It holds what several machines pushed, and knows which of them did.</summary>
    bool HasNodes { get; }

    /// <summary>Reads something, all of one moment.</summary>
    /// <param name="read">Reads. It may be called again, where somebody was in the way: so it may show nothing yet.</param>
    T Read<T>(Func<IStoreReader, T> read);

    /// <summary>Tells whether it may have changed, at little cost.</summary>
    StoreStamp ReadStamp(DateTimeOffset now);
}
