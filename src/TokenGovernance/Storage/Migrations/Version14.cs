using Microsoft.Data.Sqlite;
using TokenGovernance.Sqlite;

namespace TokenGovernance.Storage.Migrations;

/// <summary>A level of the roll-up without sessions: what most reports ask for has far fewer rows there.</summary>
static class Version14
{
    const int ChunkSize = 50_000;

    /// <summary>Does it, inside the caller's transaction.</summary>
    /// <param name="connection">The store.</param>
    /// <param name="progress">Is told how many events are added up.</param>
    public static void Apply(SqliteConnection connection, Action<long>? progress)
    {
        connection.Execute(GroupRollup.Tables);
        AddUp(connection, progress);
        connection.Execute(GroupRollup.FillDays + GroupRollup.Triggers + GroupRollup.Views);
    }

    static void AddUp(SqliteConnection connection, Action<long>? progress)
    {
        var lastId = connection.QueryLong("SELECT max(id) FROM event_facts") ?? 0;
        using var count = connection.Prepare("SELECT count(*) FROM event_facts WHERE id > $p0 AND id <= $p1");
        using var fill = connection.Prepare(GroupRollup.FillHours);
        var done = 0L;
        for (var id = 0L; id < lastId; id += ChunkSize)
        {
            fill.With(id, id + ChunkSize).ExecuteNonQuery();
            done += (long)count.With(id, id + ChunkSize).ExecuteScalar()!;
            progress?.Invoke(done);
        }
    }
}
