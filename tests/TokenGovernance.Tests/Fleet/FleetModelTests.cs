using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Fleet;
using TokenGovernance.Storage;
using TokenGovernance.Tests.Proof;

namespace TokenGovernance.Tests.Fleet;

/// <summary>
///     Random histories of three nodes that share responses: new ones, evidence, moves to owners, deletions, restored backups; pushes in batches of any size, by
///     either way, some of them ended in the middle by the server. At the end the fleet has the union of the stores, each response once.
/// </summary>
[Trait("Category", "Slow"), Trait("Category", "Postgres")]
public sealed class FleetModelTests(PostgresServer server) : IClassFixture<PostgresServer>
{
    const int Histories = 8;

    [Fact]
    public async Task TheFleetEndsWithTheUnionOfTheStores()
    {
        for (var seed = TestSeed.Value; seed < TestSeed.Value + Histories; seed++)
        {
            try
            {
                using var world = new FleetWorld(server, new Random(seed));
                await world.RunAsync(steps: 50);
                await world.CheckAsync();
            }
            catch (Exception e)
            {
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"History of seed {seed}: {e.Message}"), e);
            }
        }
    }

    sealed class FleetWorld : IDisposable
    {
        readonly TempFolder _folder = new();
        readonly StepClock _clock = new();
        readonly PostgresServer _server;
        readonly Random _random;
        readonly string _url;
        readonly string[] _nodes = ["a", "b", "c"];
        readonly UsageStore?[] _stores = new UsageStore?[3];
        readonly List<(string Id, string Session, long Ms)> _responses = [];

        public FleetWorld(PostgresServer server, Random random)
        {
            (_server, _random) = (server, random);
            _url = server.MakeDatabase(byMonth: random.Next(2) == 0);
            for (var i = 0; i < 40; i++)
            {
                // Over three months, the first at its very beginning.
                _responses.Add(($"e{i}", $"s{random.Next(5)}", Some.Ms("10:00") + (i * 2 * 86_400_000L)));
            }

            for (var node = 0; node < _nodes.Length; node++)
            {
                Open(node);
                _stores[node]!.Append(new Batch { Events = [EventOf(_responses[0], _responses[0].Session)] });
            }
        }

        public async Task RunAsync(int steps)
        {
            for (var i = 0; i < steps; i++)
            {
                await StepAsync(_random.Next(_nodes.Length));
            }
        }

        public async Task CheckAsync()
        {
            await Task.WhenAll(Enumerable.Range(0, _nodes.Length).Select(async node => await PushAsync(node)));
            FleetRows.ShouldBeTheUnion(_server, _url, allColumns: true, [.. _nodes.Select((name, node) => (name, DbOf(node)))]);
            for (var node = 0; node < _nodes.Length; node++)
            {
                var again = await PushAsync(node);
                (again.Told + again.Added + again.Changed + again.Shared + again.Removed).Should().Be(0, "all is pushed");
            }
        }

        public void Dispose()
        {
            foreach (var store in _stores)
            {
                store?.Dispose();
            }

            _folder.Dispose();
        }

        async Task StepAsync(int node)
        {
            var store = _stores[node]!;
            switch (_random.Next(10))
            {
                case 0 or 1 or 2:
                    store.Append(new Batch { Sessions = _random.Next(3) == 0 ? [Facts()] : [], Events = Events() });
                    break;
                case 3 or 4:
                    store.Append(new Batch { Sessions = [Facts()] });
                    break;
                case 5:
                    StoreRows.Execute(DbOf(node), string.Create(CultureInfo.InvariantCulture, $"DELETE FROM usage_events WHERE id % 7 = {_random.Next(14)} AND id > 1"));
                    break;
                case 6:
                    BackUpOrRestore(node);
                    break;
                case 7:
                    await EndInTheMiddleAsync(node);
                    break;
                case 8:
                    await Task.WhenAll(PushAsync(node), PushAsync((node + 1) % _nodes.Length));
                    break;
                default:
                    await PushAsync(node);
                    break;
            }
        }

        Task<PushResult> PushAsync(int node) => FleetRows.PushAsync(
            _url, DbOf(node), _nodes[node], allColumns: true, batchRows: _random.Next(1, 30), fewRows: _random.Next(3) * 5);

        /// <summary>The server ends all connections while a push is under way: it is there in whole batches.</summary>
        async Task EndInTheMiddleAsync(int node)
        {
            var push = PushAsync(node);
            _server.Execute("postgres", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'token-governance'");
            try
            {
                await push;
            }
            catch (FleetUnreachableException)
            {
                // It is tried again later.
            }
        }

        void BackUpOrRestore(int node)
        {
            _stores[node]!.Dispose();
            var backup = $"{DbOf(node)}.backup";
            if (!File.Exists(backup) || _random.Next(2) == 0)
            {
                File.Copy(DbOf(node), backup, overwrite: true);
            }
            else
            {
                File.Copy(backup, DbOf(node), overwrite: true);
            }

            Open(node);
        }

        void Open(int node)
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _stores[node] = EmptyStore.Open(DbOf(node), _clock);
        }

        string DbOf(int node) => _folder[$"{_nodes[node]}.db"];

        string Session() => $"s{_random.Next(5)}";

        SessionInfo Facts() => new(Some.Session(Session()))
        {
            StartedMs = _random.Next(3) == 0 ? _responses[_random.Next(40)].Ms - 500 : null,
            Channel = _random.Next(2) == 0 ? $"channel-{_random.Next(3)}" : null,
            SessionKey = _random.Next(3) == 0 ? $"agent:main:direct:{_random.Next(3)}" : null,
            IsFork = _random.Next(5) == 0,
            IsFallback = _random.Next(3) == 0,
        };

        List<UsageEvent> Events() =>
        [
            .. _responses.Where(_ => _random.Next(8) == 0).Select(response => EventOf(response, _random.Next(3) == 0 ? Session() : response.Session)),
        ];

        static UsageEvent EventOf((string Id, string Session, long Ms) response, string session) => Some.Event(response.Id, session) with
        {
            Key = EventKey.FromEntry(response.Id, response.Ms),
            EventMs = response.Ms,
            StartedMs = response.Ms,
        };
    }
}
