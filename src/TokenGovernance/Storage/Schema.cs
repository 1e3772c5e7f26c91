using Microsoft.Data.Sqlite;
using TokenGovernance.Domain;
using TokenGovernance.Faults;
using TokenGovernance.Sqlite;
using TokenGovernance.Storage.LegacyImport;
using TokenGovernance.Storage.Migrations;

namespace TokenGovernance.Storage;

/// <summary>The tables of the store, as an ordered list of migrations under `PRAGMA user_version`.</summary>
/// <remarks>A released migration is never edited; a change of the schema is a new one at the end.</remarks>
static class Schema
{
    /// <summary>Marks the file as ours (`PRAGMA application_id`): "TGov".</summary>
    public const int ApplicationId = 0x54476F76;

    /// <summary>The versions whose upgrade reads all events: only that takes time and room.</summary>
    static readonly int[] ReadsEvents = [2, 13];

    static readonly Action<SqliteConnection, Action<long>?>[] Migrations =
    [
        (connection, _) => connection.Execute(Version1.Sql),
        (connection, _) => connection.Execute(Version2.Sql),
        Version3.Apply,
        (connection, _) => connection.Execute(Version4.Sql),
        (connection, _) => connection.Execute(Version5.Sql),
        (connection, _) => connection.Execute(Version6.Sql),
        (connection, _) => connection.Execute(Version7.Sql + Version7.KeyChanges),
        (connection, _) => connection.Execute(Version8.Sql),
        (connection, _) => connection.Execute(Version9.Sql),
        (connection, _) => connection.Execute(Version10.Sql),
        (connection, _) => connection.Execute(Version11.Sql),
        (connection, _) => connection.Execute(Version12.Sql),
        (connection, _) => connection.Execute(Version13.Sql),
        Version14.Apply,
        (connection, _) => connection.Execute(Version15.Sql),
        (connection, _) => connection.Execute(Version16.Sql),
        (connection, _) => connection.Execute(Version17.Sql),
        (connection, _) => connection.Execute(Version18.Sql),
        (connection, _) => connection.Execute(Version19.Sql),
    ];

    /// <summary>The version this program writes.</summary>
    public static int Latest => Migrations.Length;

    /// <summary>Refuses what is no store and no database of the original, before anything is written to it.</summary>
    /// <exception cref="UserFacingException">It is somebody else's database, or a newer program's.</exception>
    public static void Verify(SqliteConnection connection, string path)
    {
        // One snapshot: another process may be making the tables just now.
        using var snapshot = connection.BeginTransaction(deferred: true);
        RequireUsable(connection, path);
    }

    /// <summary>Refuses what cannot be read as it is, and says what to run.</summary>
    /// <exception cref="UserFacingException">It is no store, or one of another version.</exception>
    public static void RequireReadable(SqliteConnection connection, string path)
    {
        RequireUsable(connection, path);
        var version = connection.QueryInt("PRAGMA user_version");
        if (version == Latest)
        {
            return;
        }

        var (what, cure) =
            version > 0 ? ($"a store of an older version (schema {version}, this program reads {Latest})", "Upgrade it")
            : IsEmpty(connection) ? ("a database without a store in it", "Make one")
            : ("a database of the Python original", "Upgrade it, with a copy of the file kept beside it,");
        throw new UserFacingException($"{path} is {what}. {cure} with 'token-governance init --db {path}'; 'collect' does so too.") { Remedy = "init" };
    }

    /// <summary>Brings a verified database to the latest version, one transaction a step.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="path">Its file.</param>
    /// <param name="time">The clock.</param>
    /// <param name="progress">Is told of what takes long.</param>
    /// <returns>What became of the original's rows, if it was a database of the original; else NULL.</returns>
    public static LegacyImportReport? Migrate(SqliteConnection connection, string path, TimeProvider time, Action<UpgradeProgress>? progress)
    {
        LegacyImportReport? report = null;
        while (connection.QueryInt("PRAGMA user_version") < Latest)
        {
            using var transaction = connection.BeginTransaction(deferred: false);

            // Another process may have been here since.
            RequireUsable(connection, path);
            var version = connection.QueryInt("PRAGMA user_version");
            if (version < Latest)
            {
                var adoption = version == 0 && !IsEmpty(connection) ? LegacyImporter.Begin(connection, path, time) : null;
                Step(connection, path, version, progress);
                report = adoption?.Finish() ?? report;
                connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {version + 1};");
            }

            FailPoint.Reach(FailPoint.MigrationBeforeCommit);
            transaction.Commit();
            FailPoint.Reach(FailPoint.MigrationAfterCommit);
        }

        StoreSpace.CompactAfterUpgrade(connection, path);

        return report;
    }

    static void Step(SqliteConnection connection, string path, int version, Action<UpgradeProgress>? progress)
    {
        var total = ReadsEvents.Contains(version) ? connection.QueryInt("SELECT count(*) FROM usage_events") : 0;
        if (total == 0)
        {
            Migrations[version](connection, null);

            return;
        }

        var needed = StoreSpace.NeededToUpgrade(connection);
        StoreSpace.Require(path, needed, StoreSpace.FreeBeside(path));
        progress?.Invoke(new UpgradeProgress(path, version + 1, 0, total, needed));
        Migrations[version](connection, done =>
        {
            FailPoint.Reach(FailPoint.MigrationCopying);
            progress?.Invoke(new UpgradeProgress(path, version + 1, done, total, needed));
        });
    }

    static void RequireUsable(SqliteConnection connection, string path)
    {
        var version = connection.QueryInt("PRAGMA user_version");
        if (version > Latest)
        {
            throw new UserFacingException(
                $"{path} was written by a newer version of token-governance (schema {version}, this one knows {Latest}); please upgrade.");
        }

        var isOurs = version > 0
            ? connection.QueryInt("PRAGMA application_id") == ApplicationId
            : IsEmpty(connection) || LegacyDatabase.AreIn(connection);
        if (!isOurs)
        {
            throw new UserFacingException(
                $"{path} is a database, but not one of token-governance; nothing was changed. Choose another file with --db.");
        }
    }

    static bool IsEmpty(SqliteConnection connection) => connection.QueryInt("SELECT count(*) FROM sqlite_schema") == 0;
}
