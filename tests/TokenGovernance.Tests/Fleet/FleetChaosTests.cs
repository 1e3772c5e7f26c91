namespace TokenGovernance.Tests.Fleet;

/// <summary>
///     Four nodes with overlapping homes push at once by the real program, again and again, while pushers are killed, connections ended and the server is
///     stopped as in a crash: in the end the fleet has what an independent union of the stores has, and pushing again changes nothing.
/// </summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetChaosTests(PostgresServer server) : IClassFixture<PostgresServer>, IDisposable
{
    const int Nodes = 4, Sessions = 8, Responses = 400;

    readonly TempFolder _folder = new();
    readonly Random _random = new(TestSeed.Value);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task InTheEndTheFleetHasTheUnion()
    {
        var url = server.MakeDatabase();
        var dbs = MakeStores();
        using var end = new CancellationTokenSource();
        var chaos = Task.Run(() => MakeChaosAsync(end.Token));
        var ends = await Task.WhenAll(Enumerable.Range(0, Nodes).Select(node => Task.Run(() => PushUntilDoneAsync(url, node, dbs[node]))));
        await end.CancelAsync();
        await chaos;

        ends.Sum().Should().BePositive("some pushes were ended");
        FleetRows.SumsOf(server, url).Should().Be(FleetRows.SumsOf(dbs));
        FleetRows.ShouldBeTheUnion(server, url, allColumns: false, [.. dbs.Select((db, node) => ($"node-{node}", db))]);
        for (var node = 0; node < Nodes; node++)
        {
            var again = await FleetRows.PushAsync(url, dbs[node], $"node-{node}");
            (again.Told + again.Added + again.Changed + again.Shared + again.Removed).Should().Be(0);
        }
    }

    /// <summary>Each has six of eight sessions, and knows the keys of some of them.</summary>
    string[] MakeStores() =>
    [
        .. Enumerable.Range(0, Nodes).Select(node =>
        {
            var home = new TestHome(_folder[$"home-{node}"]);
            var own = Enumerable.Range(0, Sessions).Where(session => (session + node) % 4 != 0).ToList();
            foreach (var session in own)
            {
                home.Log($"s{session}.jsonl", [Some.Header($"s{session}", "00:00"), .. Enumerable.Range(0, Responses).Select(i => Some.Answer($"s{session}-{i}", $"{1 + session:00}:{i / 60:00}:{i % 60:00}"))]);
            }

            home.Index($$"""{ {{string.Join(", ", own.Where(session => (session * 7 + node) % 3 > 0).Select(session => $"\"agent:main:direct:{session}\": {{ \"sessionId\": \"s{session}\", \"lastChannel\": \"telegram\", \"chatType\": \"direct\" }}"))}} }""");
            var collected = Cli.Run("collect", "--once", "--no-status", "--openclaw-home", home.Path, "--db", _folder[$"{node}.db"]);
            collected.ExitCode.Should().Be(0, collected.Error);

            return _folder[$"{node}.db"];
        }),
    ];

    /// <summary>Pushes by the real program, which dies at some commits; returns how many pushes were ended before they were done.</summary>
    async Task<int> PushUntilDoneAsync(string url, int node, string db)
    {
        var config = _folder[$"{node}.toml"];
        await File.WriteAllTextAsync(config, $"[fleet]\nurl = \"{url}\"\nname = \"node-{node}\"\n");
        for (var ended = 0; ; ended++)
        {
            Dictionary<string, string?> environment = ended switch
            {
                0 => new() { ["TOKEN_GOVERNANCE_FAIL_AT"] = "fleet-before-commit:1" },
                1 => new() { ["TOKEN_GOVERNANCE_FAIL_AT"] = "fleet-after-commit:1" },
                _ => [],
            };
            var result = Cli.Run(environment, "fleet", "push", "--db", db, "--config", config);
            if (result.ExitCode == 0 && ended > 1)
            {
                return ended;
            }

            result.ExitCode.Should().BeOneOf([0, 3, 137], result.Error);
            ended.Should().BeLessThan(60, "it comes to an end");
        }
    }

    async Task MakeChaosAsync(CancellationToken stop)
    {
        for (var i = 0; i < 6 && !stop.IsCancellationRequested; i++)
        {
            try
            {
                if (i == 3)
                {
                    server.Stop("immediate");
                    server.Start();
                }
                else
                {
                    server.Execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'token-governance'");
                }

                // The next blow falls at a random moment of whatever the pushers are doing then.
                await Task.Delay(_random.Next(50, 1500), stop);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }
}
