namespace TokenGovernance.Storage.Migrations;

/// <summary>An index by which the newest name of a job is found.</summary>
static class Version9
{
    public const string Sql = "CREATE INDEX idx_event_attributions_job ON event_attributions (job_id) WHERE job_name IS NOT NULL;";
}
