namespace TokenGovernance.Storage.Migrations;

/// <summary>Whose identifiers are not to be stored again.</summary>
static class Version18
{
    public const string Sql = """
        -- Hashes, with a salt of the store's own, of keys of sessions and of ids of people and groups that were forgotten.
        CREATE TABLE forgotten_keys (
          hash BLOB PRIMARY KEY,
          forgotten_ms INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        ALTER TABLE retention_state ADD COLUMN salt BLOB;
        UPDATE retention_state SET salt = randomblob(16);
        """;
}
