namespace TokenGovernance.Storage;

/// <summary>The store of this machine: a file.</summary>
/// <param name="path">Its path.</param>
sealed class LocalStore(string path) : IStore
{
    public string Name => path;

    public bool HasNodes => false;

    public T Read<T>(Func<IStoreReader, T> read) => StoreReader.Read(path, read);
}
