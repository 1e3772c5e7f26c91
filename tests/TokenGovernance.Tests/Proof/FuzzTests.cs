using System.Globalization;
using System.Text;
using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;
using TokenGovernance.Sources.OpenClaw;
using TokenGovernance.Sources.OpenClaw.Entries;
using TokenGovernance.Sources.OpenClaw.Status;
using TokenGovernance.Sources.OpenClaw.Transcripts;
using TokenGovernance.Sources.Runtimes.ClaudeCode;
using TokenGovernance.Sources.Runtimes.Codex;

namespace TokenGovernance.Tests.Proof;

/// <summary>Damaged inputs: whatever the bytes are, a reader of JSON or zstd throws nothing but what it says it throws.</summary>
/// <remarks>`TOKEN_GOVERNANCE_FUZZ=1000000` tries so many instead of a tenth of that; it takes a minute or two.</remarks>
[Trait("Category", "Slow")]
public sealed class FuzzTests
{
    static readonly int Inputs = int.Parse(Environment.GetEnvironmentVariable("TOKEN_GOVERNANCE_FUZZ") ?? "100000", NumberStyles.None, CultureInfo.InvariantCulture);

    static readonly byte[][] Pieces =
    [
        .. new[]
        {
            "\\ud83d", "\\udc00", "\\ud83d\\ude00", "\\u0000", "\\", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "1e309", "-1", "1e-400", "0.5",
            "99999999999999999999", "\n", "\r\n", " ", "\"id\":", "\"timestamp\":", "\"usage\":", "\"message\":", "\"provider\":\"\\udc00\"", "{\"\\ud800\":1}", "[[[[[[[[",
        }.Select(Encoding.UTF8.GetBytes),
        [0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xEF, 0xBB, 0xBF], [0],
    ];

    static readonly byte[][] Lines =
    [
        .. new[]
        {
            Some.Header("s1", parent: "s0.jsonl"), Some.Answer("a1"), Some.Answer(null), Some.Question("q1"), Some.ModelChange("p", "m"), Some.ModelSnapshot("p", "m"),
            Some.SessionStarted("s1", "agent:main:cron:j1:run:s1", "cron"),
            Some.Message("a2", "10:05", """
                "role":"assistant","api":"cli","idempotencyKey":"codex-app-server:t:u:tool:x:call","usage":{"prompt_tokens":100,"prompt_tokens_details":{"cached_tokens":3},"cost":{"total":0.5,"totalOrigin":"provider-billed"},"timings":{"prompt_n":1}},"__openclaw":{"runId":"r"}
                """),
            $$$"""{"kind":"event","row":{"seq":1,"event_json":{{{JsonSerializer.Serialize(Some.Answer("a1"))}}},"created_at":1}}""",
            """{"agent:main:main":{"sessionId":"s1","sessionFile":"/h/s1.jsonl","chatType":"direct","deliveryContext":{"channel":"telegram"},"origin":{"provider":"telegram"},"updatedAt":1}}""",
            """{"usage":{"providers":[{"provider":"openai","plan":"plus","windows":[{"label":"5h","usedPercent":12.5,"resetAt":1795692389000}],"billing":[{"type":"balance","amount":7.25,"unit":"USD"}],"error":"x"}]}}""",
            """{"type":"session_meta","timestamp":"2026-11-21T10:05:00.000Z","payload":{"id":"0199aaaa-0000-7000-8000-000000000001","originator":"openclaw","forked_from_id":"x","model_provider":"openai"}}""",
            """{"type":"event_msg","timestamp":"2026-11-21T10:05:00.000Z","payload":{"type":"token_count","info":{"last_token_usage":{"input_tokens":5,"cached_input_tokens":1,"output_tokens":2,"total_tokens":7},"total_token_usage":{"input_tokens":5,"output_tokens":2,"total_tokens":7}}}}""",
            """{"type":"assistant","timestamp":"2026-11-21T10:05:00.000Z","sessionId":"0199aaaa-0000-7000-8000-000000000001","requestId":"req_1","cwd":"/x","message":{"id":"msg_1","model":"claude","role":"assistant","usage":{"input_tokens":5,"cache_creation_input_tokens":4,"cache_creation":{"ephemeral_1h_input_tokens":2},"output_tokens":2}}}""",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    static readonly byte[][] Frames =
    [
        RawFrame.Of(string.Join('\n', Enumerable.Range(0, 3).Select(i => Some.Answer($"a{i}")))), Archives.Cold("s1", Some.Header("s1"), Some.Answer("a1")),
        RawFrame.Of(""), RawFrame.Of(new string('x', 5000)), [.. RawFrame.Of("one"), .. RawFrame.Of("two")],
    ];

    static readonly SessionIdentity Session = Some.Session();
    static readonly SessionFolder Folder = new(Some.Home, "main", $"{Some.Home}/agents/main/sessions");

    [Fact]
    public void ReadersOfJsonTakeWhateverTheyGet() => ForEach(Inputs / 10 * 7, Lines, json =>
    {
        Entries(json);
        _ = TranscriptHeader.Parse(json)?.IsFork;
        _ = ColdLine.Parse(json)?.Row?.Entry?.Length;
        foreach (var run in RunRecord.ParseAll(json))
        {
            _ = run.ToInfo(Session);
            _ = run.ToRunStart(Session);
        }

        _ = StatusParser.Parse(json, new QuotaSnapshot { TakenMs = 1, Home = Some.Home });
        using (var stream = new MemoryStream(json))
        {
            _ = SessionIndex.Read(stream, Folder, isFallback: false, before: null).Sessions.Count;
        }

        _ = new ClaudeWalker(new ClaudeState()).TryRead(json, out _, out _);
        _ = new RolloutWalker(new RolloutState()).TryRead(json, out _);
        _ = TranscriptCheckpoint.Parse(Encoding.UTF8.GetString(json));
    });

    [Fact]
    public void ReadersOfZstdTakeWhateverTheyGet() => ForEach(Inputs / 10 * 3, Frames, bytes =>
    {
        using var decoder = new ZstdDecoder();
        var content = Array.Empty<byte>();
        var (whole, length) = (false, 0);
        try
        {
            length = decoder.Decompress(bytes, ref content, 1 << 20);
            whole = true;
        }
        catch (ZstdException)
        {
        }

        var (streamed, isDamaged) = (0, false);
        using var stream = new ZstdStream(new MemoryStream(bytes));
        var buffer = new byte[1000];
        try
        {
            for (var read = -1; read != 0 && streamed <= 1 << 20; streamed += read)
            {
                read = stream.Read(buffer);
            }
        }
        catch (ZstdException)
        {
            isDamaged = true;
        }

        if (whole && (isDamaged || streamed != length))
        {
            throw new InvalidOperationException($"{length} bytes at once, {streamed} in pieces");
        }

        using var lines = new JsonLineReader(new ZstdStream(new MemoryStream(bytes)));
        _ = ArchiveLines.Read(new ZstdStream(new MemoryStream(bytes)), Session, null, "x", isCold: true, new Checkpoint("x", "1"));
    });

    static void Entries(byte[] json)
    {
        var state = new TranscriptState();
        var batch = new EntryBatch(new EntryParser(), state, Session, "x");
        using var lines = new JsonLineReader(new MemoryStream(json));
        while (lines.Next())
        {
            if (!lines.Line.IsEmpty)
            {
                batch.Add(lines.Line, lines.TextHash, lines.LineNo);
            }
        }

        _ = new TranscriptState { LastResponses = state.LastResponses };
        foreach (var usage in batch.Events)
        {
            if (usage.Tokens is { Input: < 0 } or { Total: < 0 } || usage.Cost.Total < 0 || usage.Cost.Total > 1e9)
            {
                throw new InvalidOperationException($"read as {usage.Tokens}, {usage.Cost}");
            }
        }
    }

    /// <summary>Each input is one of the seeds with some bytes changed, cut out, repeated or put in.</summary>
    static void ForEach(int count, byte[][] seeds, Action<byte[]> read) => Parallel.For(0, count, i =>
    {
        var seed = TestSeed.Value + i;
        var random = new Random(seed);
        var bytes = new List<byte>(seeds[random.Next(seeds.Length)]);
        for (var changes = random.Next(1, 7); changes > 0; changes--)
        {
            Change(random, bytes, seeds);
        }

        byte[] input = [.. bytes];
        try
        {
            read(input);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException(
                string.Create(CultureInfo.InvariantCulture, $"Input of seed {seed}, {Convert.ToBase64String(input)}: {e.GetType().Name}: {e.Message}"), e);
        }
    });

    static void Change(Random random, List<byte> bytes, byte[][] seeds)
    {
        var at = random.Next(bytes.Count + 1);
        var length = Math.Min(random.Next(1, 40), bytes.Count - at);
        switch (random.Next(6))
        {
            case 0 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 1:
                bytes.RemoveRange(at, length);
                break;
            case 2:
                bytes.InsertRange(at, [.. bytes.GetRange(at, length)]);
                break;
            case 3:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 4:
                var other = seeds[random.Next(seeds.Length)];
                bytes.InsertRange(at, other[random.Next(other.Length)..]);
                break;
            default:
                bytes.InsertRange(at, Pieces[random.Next(Pieces.Length)]);
                break;
        }
    }
}
