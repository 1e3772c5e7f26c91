namespace TokenGovernance.Storage.Migrations;

/// <summary>What a session's key is worth, so that a better word on it is known for one after a restart, too.</summary>
static class Version12
{
    public const string Sql = "ALTER TABLE sessions ADD COLUMN is_key_fallback INTEGER NOT NULL DEFAULT 0;";
}
