using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Proof;

/// <summary>Random families of forks, stored in random orders and portions: what comes out depends on what was told, not on when.</summary>
[Trait("Category", "Slow")]
public sealed class OwnershipOrderTests
{
    const int Families = 150;

    readonly StepClock _clock = new();

    [Fact]
    public void TheOrderAndThePortionsInWhichCopiesAreStoredDecideNothing() => ForEachFamily((family, random) =>
    {
        using var folder = new TempFolder();
        var expected = Store(folder["a.db"], family.Batches, random);

        Store(folder["b.db"], family.Shuffled(random), random).Should().Equal(expected);
        Store(folder["c.db"], family.Batches.AsEnumerable().Reverse(), random).Should().Equal(expected);
    });

    [Fact]
    public void EveryEventIsInTheSessionThatOwnsItIfThatWasEverRead() => ForEachFamily((family, random) =>
    {
        using var folder = new TempFolder();
        Store(folder["a.db"], family.Shuffled(random), random);

        var owners = family.Events.ToDictionary(e => e.Id, e => e.Session);
        foreach (var row in StoreRows.Events(folder["a.db"]).Where(row => family.HasHeader(owners[row.Text("entry_id")!])))
        {
            row.Text("session_id").Should().Be(owners[row.Text("entry_id")!]);
        }
    });

    [Fact]
    public void StoringAnyPartASecondTimeChangesNothing() => ForEachFamily((family, random) =>
    {
        using var folder = new TempFolder();
        var before = Store(folder["a.db"], family.Batches, random);
        using (var store = EmptyStore.Open(folder["a.db"], _clock))
        {
            store.Append(family.Batches.Take(random.Next(family.Batches.Count + 1))).Added.Should().Be(0);
        }

        Describe(folder["a.db"]).Should().Equal(before);
    });

    [Fact]
    public void NoTwoEntriesShareAKey()
    {
        var seed = TestSeed.Value;
        var random = new Random(seed);
        var entries = new HashSet<(string, long)>();
        while (entries.Count < 200_000)
        {
            // Few ids and few moments, as in a busy home: every pair still has a key of its own.
            entries.Add(($"{random.Next(5000):x8}", 1_795_290_000_000 + random.Next(5000)));
        }

        entries.Select(entry => EventKey.FromEntry(entry.Item1, entry.Item2)).Distinct().Should().HaveCount(entries.Count, $"of seed {seed}");
    }

    static void ForEachFamily(Action<Family, Random> check)
    {
        var seed = TestSeed.Value;
        for (var i = 0; i < Families; i++)
        {
            try
            {
                var random = new Random(seed + i);
                check(new Family(random), random);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"Family of seed {seed + i}: {e.Message}", e);
            }
        }
    }

    List<string> Store(string path, IEnumerable<Batch> batches, Random random)
    {
        EmptyStore.CopyTo(path);
        EmptyStore.AppendAtRandom(path, _clock, batches, random);
        RollupRows.ShouldBeTheEvents(path);

        return Describe(path);
    }

    static List<string> Describe(string path) =>
    [
        .. StoreRows.Query(path, """
            SELECT e.entry_id, e.session_id, e.agent_id, e.session_key, e.channel, e.trigger, e.source_file, e.source_line_no,
              e.total_tokens, e.cost_total,
              (SELECT group_concat(s.agent_id || '/' || s.session_id, ' ' ORDER BY s.agent_id, s.session_id) FROM event_copies c
               JOIN sessions s ON s.id = c.session_ref WHERE c.event_id = e.id) AS copies
            FROM usage_events e ORDER BY e.entry_id
            """).Select(row => row.ToString()),
    ];

    /// <summary>Sessions that were forked from one another, and what is read of each.</summary>
    sealed class Family
    {
        readonly List<Member> _members = [];

        public Family(Random random)
        {
            var ms = Some.Ms("10:00");
            for (var i = 0; i < random.Next(2, 7); i++)
            {
                var parent = i > 0 && random.Next(4) > 0 ? _members[random.Next(i)] : null;
                var member = new Member(
                    new SessionIdentity(Some.Home, random.Next(3) == 0 ? "research" : "main", $"s{random.Next(1000)}-{i}"), ms += 1000,
                    parent is not null, random.Next(5) > 0, [.. (parent?.Events ?? []).Take(random.Next(6))]);
                for (var n = random.Next(1, 4); n > 0; n--)
                {
                    // Some are written in the very moment their session begins.
                    ms += random.Next(3) * 500;
                    member.Events.Add(($"e{i}-{n}", ms, member.Session.SessionId));
                }

                _members.Add(member);
                ms += 1000;
            }

            foreach (var member in _members)
            {
                Describe(member, random);
            }
        }

        public List<Batch> Batches { get; } = [];

        public IEnumerable<(string Id, long Ms, string Session)> Events => _members.SelectMany(member => member.Events).Distinct();

        public bool HasHeader(string session) => _members.Single(member => member.Session.SessionId == session).HasHeader;

        public Batch[] Shuffled(Random random)
        {
            Batch[] shuffled = [.. Batches];
            random.Shuffle(shuffled);

            return shuffled;
        }

        void Describe(Member member, Random random)
        {
            var id = member.Session.SessionId;
            var header = new SessionInfo(member.Session) { StartedMs = member.HasHeader ? member.StartedMs : null, IsFork = member.IsFork };
            var cut = random.Next(member.Events.Count + 1);

            // Header and metadata come with the first part, or by themselves, whenever that is.
            Batches.Add(new Batch { Sessions = random.Next(2) == 0 ? [header] : [], Events = Read(member, 0, cut) });
            Batches.Add(new Batch { Sessions = [header], Events = Read(member, cut, member.Events.Count) });
            Batches.Add(new Batch
            {
                Sessions = [new SessionInfo(member.Session) { SessionKey = $"agent:x:{id}chat:direct:{id}", Channel = $"{id}chat" }],
                Runs = random.Next(2) == 0 ? [new RunStart(member.Session, null, member.StartedMs + 700, $"trigger-{id}")] : [],
            });
        }

        static List<UsageEvent> Read(Member member, int from, int to) =>
        [
            .. member.Events.Select((e, index) => new UsageEvent
            {
                Key = EventKey.FromEntry(e.Id, e.Ms),
                EntryId = e.Id,
                Session = member.Session,
                EventMs = e.Ms,
                Tokens = new TokenCounts(1, 2, 3, 4, 10, null),
                Cost = new Cost(null, null, null, null, 0.25, CostClass.Recorded),
                SourceFile = $"/x/{member.Session.SessionId}.jsonl",
                SourceLineNo = index + 2,
            }).Take(from..to),
        ];

        sealed record Member(
            SessionIdentity Session, long StartedMs, bool IsFork, bool HasHeader, List<(string Id, long Ms, string Session)> Events);
    }
}
