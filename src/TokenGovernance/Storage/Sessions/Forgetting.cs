using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Sessions;

/// <summary>Takes what names a person or a group out of the keys of sessions that are stored.</summary>
static class Forgetting
{
    static readonly string[] Keys = ["session_key", "spawned_by", "parent_session_key"];

    /// <summary>Does it in the caller's transaction.</summary>
    /// <returns>How many sessions have such keys, and how many responses are of those.</returns>
    public static ForgottenRows Run(SqliteConnection connection, ForgottenKeys forgotten)
    {
        var sessions = Hide(connection, "sessions", forgotten);
        var attributions = Hide(connection, "event_attributions", forgotten);
        using var count = connection.Prepare("SELECT coalesce(sum(events), 0) FROM usage_days WHERE attribution_id = $p0");

        return new ForgottenRows(sessions.Count, attributions.Sum(id => (long)count.With(id).ExecuteScalar()!));
    }

    static List<long> Hide(SqliteConnection connection, string table, ForgottenKeys forgotten)
    {
        var changed = new List<(long Id, string?[] Keys)>();
        using (var read = connection.Prepare($"SELECT id, {string.Join(", ", Keys)} FROM {table} WHERE {string.Join(" OR ", Keys.Select(key => $"{key} IS NOT NULL"))}"))
        using (var reader = read.ExecuteReader())
        {
            while (reader.Read())
            {
                string?[] before = [.. Keys.Select((_, i) => reader.GetText(i + 1))];
                string?[] after = [.. before.Select(forgotten.Hide)];
                if (!before.AsSpan().SequenceEqual(after))
                {
                    changed.Add((reader.GetInt64(0), after));
                }
            }
        }

        using var update = connection.Prepare($"UPDATE {table} SET {string.Join(", ", Keys.Select((key, i) => $"{key} = $p{i + 1}"))} WHERE id = $p0");
        foreach (var (id, keys) in changed)
        {
            update.With([id, .. keys]).ExecuteNonQuery();
        }

        return [.. changed.Select(row => row.Id)];
    }
}

/// <summary>What was forgotten.</summary>
/// <param name="Sessions">How many sessions had keys that named it.</param>
/// <param name="Responses">How many responses are of those.</param>
readonly record struct ForgottenRows(long Sessions, long Responses);
