using TokenGovernance.Domain;

namespace TokenGovernance.Tests.Proof;

/// <summary>Random turns of another runtime, stored in random orders and portions: what comes out depends on what was told, not on when.</summary>
[Trait("Category", "Slow")]
public sealed class TurnOrderTests
{
    const int Worlds = 60;

    readonly StepClock _clock = new();

    [Fact]
    public void TheOrderAndThePortionsInWhichRowsAndCallsAreStoredDecideNothing()
    {
        var seed = TestSeed.Value;
        for (var i = 0; i < Worlds; i++)
        {
            var random = new Random(seed + i);
            var world = new World(random);
            using var folder = new TempFolder();
            var expected = Store(folder["a.db"], world.Batches, random);

            Store(folder["b.db"], world.Shuffled(random), random).Should().Equal(expected, $"of seed {seed + i}");
            Store(folder["c.db"], world.Batches.AsEnumerable().Reverse(), random).Should().Equal(expected, $"of seed {seed + i}");
            Store(folder["b.db"], world.Shuffled(random), random, isNew: false).Should().Equal(expected, $"nothing is counted twice, of seed {seed + i}");
            foreach (var (turn, total) in world.Totals)
            {
                StoreRows.Query(folder["b.db"], $"SELECT sum(total_tokens) AS total FROM usage_events WHERE turn_id = '{turn}'").Single().Number("total")
                    .Should().Be(total, $"of {turn} of seed {seed + i}");
            }
        }
    }

    List<string> Store(string path, IEnumerable<Batch> batches, Random random, bool isNew = true)
    {
        if (isNew)
        {
            EmptyStore.CopyTo(path);
        }

        EmptyStore.AppendAtRandom(path, _clock, batches, random);
        RollupRows.ShouldBeTheEvents(path);

        return
        [
            .. StoreRows.Query(path, """
                SELECT hex(event_key), event_ts, scope, runtime, thread_id, turn_id, response_id, run_id, session_id, agent_id, session_key, trigger, model,
                  input_tokens, output_tokens, cache_read_tokens, total_tokens, cost_total
                FROM usage_events ORDER BY event_key
                """).Select(row => row.ToString()),
        ];
    }

    /// <summary>Threads with turns, subagents and copies; sessions, forks of them, and what these say of the turns.</summary>
    sealed class World
    {
        readonly Random _random;
        int _next;

        public World(Random random)
        {
            _random = random;
            for (var thread = 0; thread < random.Next(1, 4); thread++)
            {
                AddThread($"thread-{thread}", $"s{thread}");
            }

            for (var thread = 0; thread < random.Next(3); thread++)
            {
                AddClaude($"claude-{thread}", $"c{thread}");
            }
        }

        public List<Batch> Batches { get; } = [];

        /// <summary>What each turn used.</summary>
        public List<(string Turn, long Total)> Totals { get; } = [];

        public Batch[] Shuffled(Random random)
        {
            Batch[] shuffled = [.. Batches];
            random.Shuffle(shuffled);

            return shuffled;
        }

        void AddThread(string thread, string session)
        {
            var start = Some.Ms("10:00") + _random.Next(100) * 1000;
            Batches.Add(new Batch { Sessions = [new SessionInfo(Some.Session(session)) { StartedMs = start, SessionKey = $"agent:main:{session}" }] });
            Batches.Add(new Batch { Sessions = [new SessionInfo(Some.Session($"{session}-fork")) { StartedMs = start + 3_600_000, IsFork = true }] });
            for (var i = 0; i < _random.Next(1, 4); i++)
            {
                AddTurn(thread, $"{thread}-turn-{i}", session, start + i * 60_000);
            }
        }

        void AddTurn(string thread, string turn, string session, long ms)
        {
            var calls = Enumerable.Range(0, _random.Next(4)).Select(i => MakeCall(new RuntimeTurn(thread, turn), ms + i * 1000)).ToList();
            var used = calls.Sum(call => call.Tokens.Total ?? 0);
            AddCalls(calls);
            if (_random.Next(3) == 0)
            {
                AddCalls([MakeCall(new RuntimeTurn($"{turn}-child", $"{turn}-child") { RootThreadId = thread, RootTurnId = turn }, ms + 500)]);
            }

            // The row says as much as the calls, less (the last call only), or more (a rollout that is torn); or it is missing.
            var kind = _random.Next(5);
            var total = kind switch { 0 => used + 500, 1 => used / 2, _ => used };
            if (kind < 4 && total > 0)
            {
                AddRow(thread, turn, session, ms + 10_000, total);
            }

            if (_random.Next(3) == 0)
            {
                // A trajectory names the turn, too.
                var named = new RuntimeTurn(thread, _random.Next(2) == 0 ? turn : null);
                Batches.Add(new Batch { Threads = [new ThreadSighting(Some.Session(session), RuntimeName.Codex, named, ms - 10, $"run-{turn}")] });
            }

            Totals.Add((turn, kind < 4 && total > 0 ? Math.Max(total, used) : used));
            if (Totals[^1].Total == 0)
            {
                Totals.RemoveAt(Totals.Count - 1);
            }
        }

        /// <summary>A session of Claude Code: its calls name no turn, and OpenClaw names it, or it is known by what its last calls used.</summary>
        void AddClaude(string thread, string session)
        {
            var ms = Some.Ms("12:00") + _random.Next(100) * 1000;
            if (_random.Next(2) == 0)
            {
                Batches.Add(new Batch { Sessions = [new SessionInfo(Some.Session(session)) { ClaudeSessionId = thread }] });
            }

            for (var turn = 0; turn < _random.Next(1, 4); turn++, ms += 60_000)
            {
                var calls = Enumerable.Range(0, _random.Next(4)).Select(i => MakeCall(new RuntimeTurn(thread, null), ms + i * 1000)).ToList();
                foreach (var call in calls)
                {
                    Batches.Add(new Batch { Events = [call with { Runtime = RuntimeName.ClaudeCode, ModelProvider = "claude-cli" }] });
                }

                // The last call, or the sum, or no account at all.
                var kind = _random.Next(3);
                var said = kind == 0 ? calls.TakeLast(1).ToList() : calls;
                if (kind < 2 && said.Count > 0)
                {
                    var row = new UsageEvent
                    {
                        Key = EventKey.FromEntry($"row-{thread}-{turn}", ms + 10_000),
                        EntryId = $"row-{thread}-{turn}",
                        Session = Some.Session(session),
                        EventMs = ms + 10_000,
                        ModelProvider = "claude-cli",
                        Model = "gpt-x",
                        RunId = $"run-{thread}-{turn}",
                        Runtime = RuntimeName.ClaudeCode,
                        Scope = EventScope.Turn,
                        Turn = new RuntimeTurn(null, $"run-{thread}-{turn}"),
                        Tokens = new TokenCounts(said.Sum(c => c.Tokens.Input), 1, said.Sum(c => c.Tokens.CacheRead), 0, 1 + said.Sum(c => c.Tokens.Input + c.Tokens.CacheRead), null),
                        Cost = new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded),
                        SourceFile = "/x/row.jsonl",
                    };
                    Batches.Add(new Batch { Events = [row] });
                    if (_random.Next(3) == 0)
                    {
                        Batches.Add(new Batch { Events = [row with { Session = Some.Session($"{session}-fork") }] });
                    }
                }
            }

            Batches.Add(new Batch { Sessions = [new SessionInfo(Some.Session(session)) { StartedMs = Some.Ms("11:00"), SessionKey = $"agent:main:{session}" }] });
            Batches.Add(new Batch { Sessions = [new SessionInfo(Some.Session($"{session}-fork")) { StartedMs = Some.Ms("23:00"), IsFork = true }] });
        }

        void AddCalls(List<UsageEvent> calls)
        {
            foreach (var call in calls)
            {
                Batches.Add(new Batch { Events = [call] });
                if (_random.Next(3) == 0)
                {
                    // A copy in the file of a fork, which knows neither thread nor time.
                    Batches.Add(new Batch { Events = [call with { EventMs = Some.Ms("09:00"), Model = "copied", Turn = call.Turn! with { ThreadId = null, RootThreadId = null } }] });
                }
            }
        }

        void AddRow(string thread, string turn, string session, long ms, long total)
        {
            var row = new UsageEvent
            {
                Key = EventKey.FromEntry($"row-{turn}", ms),
                EntryId = $"row-{turn}",
                Session = Some.Session(session),
                EventMs = ms,
                Model = "gpt-x",
                RunId = $"run-{turn}",
                Runtime = RuntimeName.Codex,
                Scope = EventScope.Turn,
                Turn = new RuntimeTurn(thread, turn),
                Tokens = Tokens(total),
                Cost = new Cost(0, 0, 0, 0, 0, CostClass.NoneRecorded),
                SourceFile = "/x/row.jsonl",
            };
            Batches.Add(new Batch { Events = [row] });
            if (_random.Next(2) == 0)
            {
                Batches.Add(new Batch { Events = [row with { Session = Some.Session($"{session}-fork") }] });
            }

            if (_random.Next(2) == 0)
            {
                Batches.Add(new Batch
                {
                    Events = [row with { Key = EventKey.FromEntry($"tool-{turn}", ms - 10), EventMs = ms - 10, Scope = EventScope.Part, Tokens = default, Cost = Cost.Unknown }],
                });
            }
        }

        UsageEvent MakeCall(RuntimeTurn turn, long ms) => new()
        {
            Key = EventKey.FromCall($"call-{_next}", null),
            Session = new SessionIdentity(Some.Home, "main", SessionIdentity.Unknown),
            EventMs = ms,
            Model = "gpt-x",
            ResponseId = $"response-{_next++}",
            Runtime = RuntimeName.Codex,
            Turn = turn,
            Tokens = Tokens(_random.Next(1, 50) * 10),
            SourceFile = "/x/rollout.jsonl",
        };

        static TokenCounts Tokens(long total) => new(total * 8 / 10, total / 10, total - total * 8 / 10 - total / 10, 0, total, 0);
    }
}
