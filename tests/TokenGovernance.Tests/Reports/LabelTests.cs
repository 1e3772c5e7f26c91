using TokenGovernance.Budgets.Limits;
using TokenGovernance.Budgets.Usage;
using TokenGovernance.Reports;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Reports;

/// <summary>What a job is called is known of the job: lists, filters and the scopes of budgets mean all of it, whenever it was learnt.</summary>
public sealed class LabelTests : IDisposable
{
    readonly ReportScene _scene = new();

    public LabelTests()
    {
        _scene.Create();
        _scene.Execute("""
            INSERT INTO usage_events (event_ts, ingest_ts, agent_id, session_id, job_id, job_name, total_tokens, event_key) VALUES
              ('2026-11-21T10:00:00.000Z', '', 'main', 's1', 'job-1', NULL, 1, x'01'),
              ('2026-11-21T10:01:00.000Z', '', 'main', 's2', 'job-1', 'Old name', 20, x'02'),
              ('2026-11-21T10:02:00.000Z', '', 'ops', 's3', 'job-1', 'Nightly', 300, x'03'),
              ('2026-11-21T10:03:00.000Z', '', 'main', 's4', 'job-2', NULL, 4000, x'04'),
              ('2026-11-21T10:04:00.000Z', '', 'main', 's5', NULL, NULL, 50000, x'05')
            """);
    }

    public void Dispose() => _scene.Dispose();

    [Theory]
    [InlineData("job=Nightly", 321)]
    [InlineData("job=job-1", 321)]
    [InlineData("job!=Nightly", 54000)]
    [InlineData("job=Old name", 0)]
    [InlineData("job=job-2", 4000)]
    [InlineData("job=", 50000)]
    public void AFilterByTheNameFindsAllOfTheJob(string filter, long tokens)
    {
        var query = new ReportQuery { By = [Dimension.Agent, Dimension.Job], Where = [NameFilter.Parse(filter)!] };

        _scene.Report(query).Totals.All.Total.Should().Be(tokens);
        Cli.Run("report", "--by", "job", "--where", filter, "--json", "--db", _scene.Db).Output.Should().Contain($"\"total\": {tokens}");
    }

    [Fact]
    public void AListShowsTheNewestName() =>
        _scene.Report(new ReportQuery { By = [Dimension.Job] }).Rows.Select(row => $"{row.Values[0].Id} {row.Values[0].Label} {row.Totals.All.Total}").Should()
            .BeEquivalentTo("job-1 Nightly 321", "job-2  4000", "  50000");

    [Fact]
    public void ASessionsKeyIsKnownOfAllOfIt()
    {
        _scene.Execute("""
            INSERT INTO sessions (home, agent_id, session_id, session_key, first_seen_ts, last_seen_ts) VALUES ('/h', 'main', 's1', 'agent:main:main', '', '')
            """);

        _scene.Report(new ReportQuery { By = [Dimension.Session], Where = [NameFilter.Parse("session=agent:main:main")!] }).Totals.All.Total.Should().Be(1);
    }

    [Fact]
    public void ABudgetsScopeIsAllOfTheJob()
    {
        var scopes = new ScopeIndex([[NameFilter.Parse("job=Nightly")!], [NameFilter.Parse("job!=Nightly")!]]);

        StoreReader.Read(_scene.Db, store =>
        {
            using var usage = new UsageRows(store, NameDetail.Jobs);
            var tokens = new long[2];
            foreach (var row in usage.Read(default, _ => []))
            {
                foreach (var scope in scopes.Find(row.Names))
                {
                    tokens[scope] += row.Counts.Total;
                }
            }

            return tokens;
        }).Should().Equal(321, 54000);
    }
}
