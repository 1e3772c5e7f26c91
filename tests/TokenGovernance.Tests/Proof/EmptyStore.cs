using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>A new store as a file to copy: making one takes longer than running a sequence.</summary>
static class EmptyStore
{
    static readonly Lazy<byte[]> Bytes = new(() =>
    {
        using var folder = new TempFolder();
        UsageStore.Open(folder["empty.db"]).Dispose();

        return File.ReadAllBytes(folder["empty.db"]);
    });

    public static string CopyTo(string path)
    {
        File.WriteAllBytes(path, Bytes.Value);

        return path;
    }

    /// <summary>Opens a store that need not outlive a power cut.</summary>
    public static UsageStore Open(string path, TimeProvider time)
    {
        var store = UsageStore.Open(path, time);
        using var command = store.Connection.CreateCommand();
        command.CommandText = "PRAGMA synchronous = OFF";
        command.ExecuteNonQuery();

        return store;
    }

    /// <summary>Stores batches in random portions, with the store closed and opened again in between.</summary>
    public static void AppendAtRandom(string path, TimeProvider time, IEnumerable<Batch> batches, Random random)
    {
        var store = Open(path, time);
        var portion = new List<Batch>();
        foreach (var batch in batches)
        {
            portion.Add(batch);
            if (random.Next(3) == 0)
            {
                store.Append(portion);
                portion.Clear();
            }

            if (random.Next(8) == 0)
            {
                store.Dispose();
                store = Open(path, time);
            }
        }

        store.Append(portion);
        store.Dispose();
    }
}

/// <summary>Damage to our own store that the event keys must make good.</summary>
static class CheckpointDamage
{
    /// <summary>Takes one checkpoint away, or puts something else in its place.</summary>
    public static void Apply(UsageStore store, Step step)
    {
        var keys = store.ReadCheckpoints().Keys.Order(StringComparer.Ordinal).ToList();
        if (keys.Count == 0)
        {
            return;
        }

        using var command = store.Connection.CreateCommand();
        command.CommandText = (step.B % 4) switch
        {
            0 => "UPDATE collector_state SET value = '{}' WHERE key = $key",
            1 => "UPDATE collector_state SET value = (SELECT max(value) FROM collector_state) WHERE key = $key",
            _ => "DELETE FROM collector_state WHERE key = $key",
        };
        command.Parameters.AddWithValue("$key", keys[step.A % keys.Count]);
        command.ExecuteNonQuery();
    }
}
