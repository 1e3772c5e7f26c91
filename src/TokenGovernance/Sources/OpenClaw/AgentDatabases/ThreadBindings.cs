using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Which thread of Codex answers in which session now, as the state database says. It decides about a turn whose session nothing else names.</summary>
/// <param name="location">Full path of the state database.</param>
/// <param name="home">The state directory.</param>
/// <param name="checkpoints">Those of earlier runs.</param>
/// <param name="rules">How often all of them are read.</param>
/// <param name="time">The clock.</param>
sealed class ThreadBindings(string location, string home, StoredCheckpoints checkpoints, LookRules rules, TimeProvider time)
{
    const string Table = "plugin_state_entries";

    /// <summary>No real entry is nearly as long.</summary>
    const int MaxBytes = 1 << 20;

    /// <summary>What was written so lately may have company of the same instant.</summary>
    const long SettledAfterMs = 2000;

    readonly string _key = KeyOf(location);
    HashSet<(string, string)> _known = [];
    long? _readMs = long.TryParse(checkpoints.Take(KeyOf(location)), NumberStyles.None, CultureInfo.InvariantCulture, out var ms) ? ms : null;
    (long At, TimeSpan Took) _full = (time.GetTimestamp(), TimeSpan.Zero);

    /// <summary>Reads those that were written since the last time, from time to time all.</summary>
    /// <returns>What takes them over, once it is sure that what was read holds.</returns>
    public Func<Batch?> Read(SqliteConnection connection, DatabaseTables tables)
    {
        if (!tables.Has(Table, "plugin_id", "namespace", "entry_key", "value_json"))
        {
            return () => null;
        }

        var tellsTimes = tables.Has(Table, "created_at");
        var isFull = !tellsTimes || _readMs is null || rules.IsFullLookDue(time.GetElapsedTime(_full.At), _full.Took);
        var started = time.GetTimestamp();
        var (found, newest) = Read(connection, tables, tellsTimes, isFull ? null : _readMs);
        if (isFull)
        {
            _full = (time.GetTimestamp(), time.GetElapsedTime(started));
        }

        return () => Take(found, newest, isFull);
    }

    (List<ThreadSighting> Found, long Newest) Read(SqliteConnection connection, DatabaseTables tables, bool tellsTimes, long? sinceMs)
    {
        var found = new List<ThreadSighting>();
        var newest = sinceMs ?? 0;
        using var rows = tables.Query(connection, $"""
            SELECT entry_key, value_json, {(tellsTimes ? "created_at" : "NULL")} FROM {Table}
            WHERE plugin_id = 'codex' AND namespace = 'app-server-thread-bindings' AND octet_length(value_json) <= {MaxBytes}
            {(sinceMs is null ? "" : "AND created_at > ?1")}
            """);
        if (sinceMs is { } since)
        {
            rows.Bind(1, since);
        }

        while (rows.Next())
        {
            var ms = rows.TypeOf(2) is CellType.Integer ? rows.GetInteger(2) : (long?)null;
            newest = Math.Max(newest, ms ?? 0);
            if (ThreadBinding.Read(home, Encoding.UTF8.GetString(rows.GetText(0)), rows.GetText(1), ms) is { } binding)
            {
                found.Add(binding);
            }
        }

        return (found, newest);
    }

    Batch? Take(List<ThreadSighting> found, long newest, bool isFull)
    {
        var fresh = found.FindAll(binding => !_known.Contains(Name(binding)));
        var readMs = Math.Min(newest, time.GetUtcNow().ToUnixTimeMilliseconds() - SettledAfterMs);
        if (isFull)
        {
            _known = [.. found.Select(Name)];
        }
        else
        {
            _known.UnionWith(found.Select(Name));
        }

        if (found.Count == 0 || (fresh.Count == 0 && readMs == _readMs))
        {
            return null;
        }

        _readMs = readMs;

        return new Batch { Threads = fresh, Checkpoints = [new Checkpoint(_key, readMs.ToString(CultureInfo.InvariantCulture))] };
    }

    static string KeyOf(string database) => "bindings:" + database;

    static (string, string) Name(ThreadSighting binding) => (binding.Session.SessionId, binding.Turn.ThreadId!);
}
