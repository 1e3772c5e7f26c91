using System.Globalization;

namespace TokenGovernance.Tests.Proof;

/// <summary>
///     Transcripts of the oldest version, whose entries have no ids, and what OpenClaw makes of them later: in whatever order and in
///     whatever portions the versions are met, every response counts once.
/// </summary>
public sealed class NamelessTests
{
    const int Rounds = 60;

    static readonly string[] Copies =
    [
        "s1.jsonl.corrupt-2026-11-22T08-00-00-000Z-1a2b3c4d.jsonl", "s1.jsonl.bak-4711-1795300000000", "s1.jsonl.bak.2026-11-22T09-00-00.000Z",
        "s1.jsonl.reset.2026-11-22T10-00-00.000Z",
    ];

    [Fact]
    public void WhateverTheOrderAndThePortionsEachResponseCountsOnce()
    {
        for (var round = 0; round < Rounds; round++)
        {
            var seed = TestSeed.Value + round;
            var random = new Random(seed);
            using var scene = new Scene();
            var session = new Session(random);

            foreach (var step in session.Steps(random))
            {
                step(scene);
                if (random.Next(2) == 0)
                {
                    scene.Collect();
                }
            }

            scene.Collect();
            scene.Collect(rescan: true).Stored.Added.Should().Be(0, $"of seed {seed}");

            scene.Events.Select(row => $"{row.Text("event_ts")} {row.Text("total_tokens")} {row.Text("session_id")}").Order().Should()
                .Equal(session.Expected, $"of seed {seed}");
            RollupRows.ShouldBeTheEvents(scene.Db, $"of seed {seed}");
        }
    }

    /// <summary>Every second response has a twin: the same instant, the same counts, another text.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TwinsOfOneTranscriptStayTwoAcrossARestartBetweenThem(bool namesFirst)
    {
        using var scene = new Scene();
        var nameless = new[] { Header, Some.Answer(null, "10:05", text: "a"), Some.Answer(null, "10:05", text: "b") };
        var named = new[] { Header, Some.Answer("a1", "10:05", text: "a"), Some.Answer("a2", "10:05", text: "b") };

        foreach (var lines in namesFirst ? new[] { named, nameless } : [nameless, named])
        {
            var name = lines == named ? "s1.jsonl" : Copies[0];
            scene.Home.Log(name, lines[..2]);
            scene.Collect();
            scene.Home.Append(name, lines[2]);
            scene.Collect();
        }

        scene.Events.Should().HaveCount(2);
    }

    [Fact]
    public void FailedCallsOfOneInstantInTwoSessionsStayTwo()
    {
        const string Nothing = """{"input":0,"output":0,"cost":{"total":0}}""";
        const string Failed = """
            "provider":"stubai","model":"stub-a","stopReason":"error"
            """;
        using var scene = new Scene();
        scene.Home.Log("s1.jsonl", Header, Some.Answer(null, usage: Nothing, about: Failed));
        scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("a1", usage: Nothing, about: Failed));
        scene.Home.Log(Copies[0], Header, Some.Answer("a2", usage: Nothing, about: Failed));

        scene.Collect();

        scene.Events.Select(row => row.Text("session_id")).Should().BeEquivalentTo("s1", "s2");
    }

    [Fact]
    public void AForkOfWhatGotIdsOwnsNothing()
    {
        using var scene = new Scene();
        scene.Home.Log("fork.jsonl", Some.Header("fork", "10:30", parent: "s1.jsonl"), Some.Answer("a1"), Some.Answer("a2", "10:40"));
        scene.Collect();
        scene.Home.Log("s1.jsonl", Header, Some.Answer(null));
        scene.Collect();

        scene.Events.Select(row => row.Text("session_id")).Should().Equal("s1", "fork");
    }

    [Fact]
    public void EntriesWithIdsAreStillToldApartByTheirIds()
    {
        using var scene = new Scene();
        scene.Home.Log("s1.jsonl", Header, Some.Answer(null, "10:59"));
        scene.Home.Log("s2.jsonl", Some.Header("s2"), Some.Answer("a1"));
        scene.Home.Log("s3.jsonl", Some.Header("s3"), Some.Answer("a2"));
        scene.Collect();

        scene.Events.Should().HaveCount(3);
    }

    /// <summary>A header of the first version.</summary>
    static string Header { get; } = $$"""{"type":"session","id":"s1","timestamp":"{{Some.Time("10:00")}}","cwd":"/x"}""";

    /// <summary>A session, and all versions of its transcript that there will be.</summary>
    sealed class Session
    {
        readonly List<(string Time, int Tokens, int Text)> _answers = [];

        public Session(Random random)
        {
            var count = random.Next(1, 7);
            for (var i = 0; i < count; i++)
            {
                var time = string.Create(CultureInfo.InvariantCulture, $"10:{10 + (i / 2 * 2)}");
                _answers.Add((time, random.Next(1, 3), i));
            }
        }

        public IEnumerable<string> Expected => _answers.Select(answer => $"{Some.Time(answer.Time)} {answer.Tokens} s1").Order();

        public IEnumerable<Action<Scene>> Steps(Random random)
        {
            string[] named = Lines(random, isNamed: true), again = Lines(random, isNamed: true), nameless = Lines(random, isNamed: false);
            var copies = Copies.ToArray();
            random.Shuffle(copies);
            var steps = new List<(string Name, string[] Lines)>
            {
                (copies[0], nameless), (copies[1], random.Next(2) == 0 ? nameless : named), ("s1.jsonl", named), (copies[2], named),
            };
            if (random.Next(2) == 0)
            {
                steps.Add((copies[3], again));
            }

            if (random.Next(2) == 0)
            {
                steps.Add(("fork.jsonl", [Some.Header("fork", "11:00", parent: "s1.jsonl"), .. named[1..]]));
            }

            var all = steps.ToArray();
            random.Shuffle(all);

            return all.SelectMany(step => Place(random, step.Name, step.Lines)).Prepend(scene => scene.Home.Log("s1.jsonl", nameless[..random.Next(nameless.Length + 1)]));
        }

        /// <summary>Writes a file in one or two portions.</summary>
        static IEnumerable<Action<Scene>> Place(Random random, string name, string[] lines)
        {
            if (random.Next(2) == 0)
            {
                var some = lines[..random.Next(lines.Length)];
                yield return scene => scene.Home.Log(name, some);
            }

            yield return scene => scene.Home.Log(name, lines);
        }

        string[] Lines(Random random, bool isNamed) =>
        [
            isNamed ? Some.Header("s1") : Header,
            .. _answers.Select(answer => Some.Answer(
                isNamed ? random.Next().ToString("x8", CultureInfo.InvariantCulture) : null, answer.Time, $$"""{"input":{{answer.Tokens}}}""", text: $"{answer.Text}")),
        ];
    }
}
