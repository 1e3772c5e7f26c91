using System.Globalization;
using TokenGovernance.Domain;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>
///     Random histories of a store: new events, evidence, moves to owners, an imported database, deletions, restarts, restored backups.
///     Followers read now and then, pages of any size, from any token they ever had: at the end each knows what the store has.
/// </summary>
[Trait("Category", "Slow")]
public sealed class ChangeFeedModelTests
{
    const int Histories = 30;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void WhoFollowsEndsWithWhatTheStoreHas(int run)
    {
        var (refused, first) = (0, TestSeed.Value + (run * 1000));
        for (var seed = first; seed < first + (Histories / 2); seed++)
        {
            refused += Try(seed);
        }

        refused.Should().BePositive("some followers knew more than a restored backup");
    }

    static int Try(int seed)
    {
        try
        {
            using var world = new FeedWorld(new Random(seed));
            world.Run(steps: 60);

            return world.Check();
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"History of seed {seed}: {e.Message}"), e);
        }
    }

    sealed class FeedWorld(Random random) : IDisposable
    {
        readonly TempFolder _folder = new();
        readonly StepClock _clock = new();
        readonly List<FeedFollower> _followers = [new(), new()];
        readonly List<(string Id, string Session, long Ms)> _responses = [];
        UsageStore? _store;
        bool _hasBackup;

        string Db => _folder["usage.db"];

        public void Run(int steps)
        {
            Begin();
            for (var i = 0; i < steps; i++)
            {
                Step();
                foreach (var follower in _followers.ToList())
                {
                    Follow(follower);
                }
            }
        }

        /// <summary>Lets all read to the end; returns how many tokens were refused on the way.</summary>
        public int Check()
        {
            _followers.Add(new FeedFollower());
            foreach (var follower in _followers)
            {
                follower.ReadToEnd(Db, random.Next(3, 60));
                follower.ShouldKnow(Db);
            }

            // All that changed is in other sums now.
            RollupRows.ShouldBeTheEvents(Db);

            return _followers.Sum(follower => follower.Restarts);
        }

        public void Dispose()
        {
            _store?.Dispose();
            _folder.Dispose();
        }

        void Begin()
        {
            for (var i = 0; i < 40; i++)
            {
                _responses.Add(($"e{i}", $"s{random.Next(5)}", Some.Ms("10:00") + (i * 60_000)));
            }

            if (random.Next(2) == 0)
            {
                // The original knew some of them.
                LegacyDatabaseBuilder.Make(Db, _responses.Where(_ => random.Next(2) == 0).Select(response => RowOf(response)));
            }

            Open();
        }

        void Step()
        {
            switch (random.Next(10))
            {
                case 0 or 1 or 2:
                    _store!.Append(new Batch { Sessions = random.Next(3) == 0 ? [Facts()] : [], Events = Events() });
                    break;
                case 3 or 4:
                    _store!.Append(new Batch { Sessions = [Facts()] });
                    break;
                case 5:
                    _store!.Append(new Batch { Runs = [new RunStart(Some.Session(Session()), null, AnyMs(), $"trigger-{random.Next(3)}")] });
                    break;
                case 6:
                    // Whoever reads knows the rows by this name, and may delete them by it.
                    StoreRows.Execute(Db, string.Create(CultureInfo.InvariantCulture, $"DELETE FROM usage_events WHERE id % 7 = {random.Next(14)}"));
                    break;
                case 7:
                    Reopen();
                    break;
                case 8:
                    _store!.Invoking(store => store.Append(new Batch { Events = Events(), Sessions = [new SessionInfo(Some.Session(null!))] })).Should().Throw<Exception>();
                    break;
                default:
                    BackUpOrRestore();
                    break;
            }
        }

        void Follow(FeedFollower follower)
        {
            switch (random.Next(12))
            {
                case 0 when _followers.Count < 6:
                    // He crashes, and later somebody goes on from his token of now.
                    _followers.Add(follower.Copy());
                    break;
                case < 5:
                    for (var pages = random.Next(1, 4); pages > 0; pages--)
                    {
                        follower.Read(Db, random.Next(1, 12));
                    }

                    break;
                default:
                    break;
            }
        }

        void BackUpOrRestore()
        {
            _store!.Dispose();
            if (!_hasBackup || random.Next(2) == 0)
            {
                File.Copy(Db, _folder["backup"], overwrite: true);
                _hasBackup = true;
            }
            else
            {
                File.Copy(_folder["backup"], Db, overwrite: true);
            }

            Open();
        }

        void Reopen()
        {
            _store!.Dispose();
            Open();
        }

        void Open()
        {
            _clock.Advance(TimeSpan.FromSeconds(1));
            _store = EmptyStore.Open(Db, _clock);
        }

        string Session() => $"s{random.Next(5)}";

        long AnyMs() => Some.Ms("10:00") + (random.Next(40) * 60_000) - 500;

        SessionInfo Facts() => new(Some.Session(Session()))
        {
            StartedMs = random.Next(3) == 0 ? AnyMs() : null,
            Channel = random.Next(2) == 0 ? $"channel-{random.Next(3)}" : null,
            SessionKey = random.Next(3) == 0 ? $"agent:main:direct:{random.Next(3)}" : null,
            IsFork = random.Next(5) == 0,
            IsFallback = random.Next(3) == 0,
        };

        /// <summary>Some responses, in their own sessions or copied into others.</summary>
        List<UsageEvent> Events() =>
        [
            .. _responses.Where(_ => random.Next(8) == 0).Select(response => EventOf(response, random.Next(3) == 0 ? Session() : response.Session)),
        ];

        UsageEvent EventOf((string Id, string Session, long Ms) response, string session) => Some.Event(response.Id, session) with
        {
            Key = EventKey.FromEntry(response.Id, response.Ms),
            EventMs = response.Ms,
            StartedMs = response.Ms,
            SourceLineNo = LineOf(response),
        };

        LegacyRow RowOf((string Id, string Session, long Ms) response) =>
            new(Some.Event(session: response.Session).SourceFile, LineOf(response), UtcTime.Format(response.Ms));

        long LineOf((string Id, string Session, long Ms) response) => 2 + _responses.IndexOf(response);
    }
}
