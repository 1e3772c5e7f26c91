using System.Text;

namespace TokenGovernance.Tests.Proof;

/// <summary>One thread of a simulated Codex: what its rollout says, and how far it has come.</summary>
sealed class SimulatedThread(SimulatedCodex codex, string id, string version)
{
    readonly List<SimulatedLine> _lines = [];
    SimulatedUsage _total, _threadTotal, _last;
    string? _model;
    bool _anyCount, _wroteModel;

    public string Id { get; } = id;

    /// <summary>The Codex that wrote last.</summary>
    public string Version { get; private set; } = version;

    /// <summary>Began in a version that copies history: it stays so.</summary>
    public bool IsLegacy { get; init; } = !HasRecords(version);

    /// <summary>The thread that OpenClaw talks to; NULL is this one.</summary>
    public SimulatedThread? Root { get => field ?? this; init; }

    /// <summary>For a subagent the turn of the root that it works for.</summary>
    public string? RootTurn { get; init; }

    public bool IsSubagent => Root != this;

    /// <summary>The lines with their times, in order.</summary>
    public List<(string Text, SimulatedLineKind Kind)> Written { get; } = [];

    /// <summary>Its turns, and whether each came to its end.</summary>
    public List<(string Id, bool IsComplete, long EndMs)> Turns { get; } = [];

    /// <summary>A plan pays for its calls: it was logged in with ChatGPT.</summary>
    public bool IsPlanPaid { get; init; }

    string Plan => IsPlanPaid ? "\"plus\"" : "null";

    public string FileName => $"rollout-2026-11-21T08-00-00-{Id}.jsonl";

    public string MetaOf(string more) => $$"""
        "id":"{{Id}}","session_id":"{{Root!.Id}}","originator":"openclaw","cli_version":"{{Version}}","model_provider":"openai","history_mode":"{{(IsLegacy ? "legacy" : "paginated")}}"{{more}}
        """.Trim();

    public void WriteMeta(string meta) => Write(SimulatedLineKind.Meta, "session_meta", $"{{{meta}}}");

    /// <summary>Repeats the lines of another thread, as of now.</summary>
    public void Copy(SimulatedThread parent, bool withUsage)
    {
        var ms = codex.NextMs();
        foreach (var line in parent._lines.Where(line => withUsage || line.Kind is not SimulatedLineKind.Usage))
        {
            _lines.Add(line);
            Written.Add((line.At(ms), line.Kind));
        }

        (_model, _wroteModel) = (parent._model, parent._wroteModel);
    }

    /// <summary>Its totals go on from another's.</summary>
    public void GoOnFrom(SimulatedThread parent, bool withThreadTotal)
    {
        (_total, _last, _anyCount) = (parent._total, parent._last, parent._anyCount);
        _threadTotal = withThreadTotal ? parent._threadTotal : default;
    }

    /// <summary>A newer Codex takes the thread up.</summary>
    public void Resume(Random random)
    {
        var newer = SimulatedCodex.NewerThan(Version, random);
        if (HasRecords(newer) && !HasRecords(Version))
        {
            _threadTotal = default;
        }

        Version = newer;
        if (random.Next(3) == 0)
        {
            WriteMeta(MetaOf(""));
        }
    }

    /// <summary>One question, and all calls that it leads to.</summary>
    public void RunTurn(Random random, int depth = 0)
    {
        var turn = codex.NextId(isUuid: random.Next(15) != 0);
        var model = random.Next(3) == 0 || _model is null ? $"gpt-{random.Next(3)}" : _model;
        Event(SimulatedLineKind.Turn, "task_started", $"\"turn_id\":\"{turn}\"");
        if (_anyCount && random.Next(2) == 0)
        {
            WriteCount(_last);
        }

        if ((_wroteModel || HasRecords(Version)) && _anyCount && random.Next(5) == 0)
        {
            Compact(turn, random);
        }
        else if (random.Next(8) == 0)
        {
            // Something was rolled back: the total falls.
            (_total, _last, _anyCount) = (default, default, false);
        }

        Write(SimulatedLineKind.Turn, "turn_context", $$"""{"turn_id":"{{turn}}",{{(HasRecords(Version) ? $"\"root_turn_id\":\"{RootTurn ?? turn}\"," : "")}}"model":"{{model}}"}""");
        (_model, _wroteModel) = (model, true);
        var calls = random.Next(5);
        for (var i = 0; i < calls; i++)
        {
            WriteNoise(random);
            Call(turn, random);
            if (random.Next(8) == 0)
            {
                Compact(turn, random);
            }

            if (depth < 3 && random.Next(6) == 0)
            {
                codex.Spawn(this, turn, random).RunTurn(random, depth + 1);
            }
        }

        var isComplete = random.Next(5) > 0;
        Event(SimulatedLineKind.Turn, isComplete ? "task_complete" : "turn_aborted", $"\"turn_id\":\"{turn}\"");
        Turns.Add((turn, isComplete, codex.NextMs()));
    }

    void Call(string turn, Random random)
    {
        var used = Use(random);
        if (HasRecords(Version))
        {
            WriteRecord(turn, used);
            WriteNoise(random);
        }

        (_total, _last, _anyCount) = (_total + used, used, true);
        var ms = WriteCount(used);
        if (!HasRecords(Version))
        {
            codex.Calls.Add(new SimulatedCall(Id, turn, null, null, ms, _model, used, IsWritten: true));
        }

        if (random.Next(4) == 0)
        {
            // Said again, or with limits only.
            WriteCount(used);
            Event(SimulatedLineKind.Usage, "token_count", """
                "info":null,"rate_limits":null
                """.Trim());
        }
    }

    /// <summary>A compaction is a call, local or remote; of a remote one no count tells. Then follows an estimate that is none.</summary>
    void Compact(string turn, Random random)
    {
        var used = Use(random);
        var isRemote = random.Next(2) == 0;
        if (HasRecords(Version))
        {
            WriteRecord(turn, used);
        }
        else if (isRemote)
        {
            codex.Calls.Add(new SimulatedCall(Id, turn, null, null, codex.NextMs(), _model, used, IsWritten: false));
        }

        if (!isRemote)
        {
            (_total, _last) = (_total + used, used);
            var ms = WriteCount(used);
            if (!HasRecords(Version))
            {
                codex.Calls.Add(new SimulatedCall(Id, turn, null, null, ms, _model, used, IsWritten: true));
            }
        }

        Write(SimulatedLineKind.Other, "compacted", """{"message":"lorem"}""");
        Event(SimulatedLineKind.Usage, "token_count", $$$"""
            "info":{"total_token_usage":{{{_total}}},"last_token_usage":{"input_tokens":0,"cached_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":{{{random.Next(3000, 7000)}}} },"model_context_window":258400},"rate_limits":{"limit_id":"codex","plan_type":{{{Plan}}} }
            """.Trim());
    }

    void WriteRecord(string turn, SimulatedUsage used)
    {
        _threadTotal += used;
        var response = codex.NextResponse();
        var ms = Write(SimulatedLineKind.Usage, "token_usage_record", $$"""
            {"thread_id":"{{Id}}","turn_id":"{{turn}}","session_id":"{{Root!.Id}}","root_turn_id":"{{RootTurn ?? turn}}","response_id":"{{response}}","usage":{{used}},"turn_token_usage":{{used}},"thread_token_usage":{{_threadTotal}}}
            """.Trim());
        codex.Calls.Add(new SimulatedCall(Id, turn, RootTurn ?? turn, response, ms, _model, used, IsWritten: true));
    }

    long WriteCount(SimulatedUsage last) => Event(SimulatedLineKind.Usage, "token_count", $$"""
        "info":{"total_token_usage":{{_total}},"last_token_usage":{{last}},"model_context_window":258400},"rate_limits":{"limit_id":"codex","plan_type":{{Plan}}}
        """.Trim());

    void WriteNoise(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                var text = new StringBuilder().Insert(0, "lorem ipsum ", random.Next(4) == 0 ? 6000 : 3);
                Write(SimulatedLineKind.Other, "response_item", $$$"""{"type":"message","text":"{{{text}}} \"type\":\"token_usage_record\",\"usage\":{\"total_tokens\":9} ä"}""");
                break;
            case 1:
                Write(SimulatedLineKind.Other, "quantum_event", """{"token_count":{"total_token_usage":{"total_tokens":7,"input_tokens":7}}}""");
                break;
            case 2:
                Event(SimulatedLineKind.Other, "agent_message", """
                    "message":"token_count","info":{"total_token_usage":{"total_tokens":9,"input_tokens":9}}
                    """.Trim());
                break;
            default:
                break;
        }
    }

    static SimulatedUsage Use(Random random)
    {
        var input = random.Next(1, 5000);
        var cached = random.Next(input + 1);
        var output = random.Next(1, 500);

        return new SimulatedUsage(input, cached, random.Next(6) == 0 ? random.Next(input - cached + 1) : 0, output, random.Next(output + 1));
    }

    static bool HasRecords(string version) => version != "0.144.0";

    long Event(SimulatedLineKind kind, string type, string fields) => Write(kind, "event_msg", $"{{\"type\":\"{type}\",{fields}}}");

    long Write(SimulatedLineKind kind, string type, string payload)
    {
        var ms = codex.NextMs();
        var line = new SimulatedLine($"\"type\":\"{type}\",\"payload\":{payload}", kind);
        _lines.Add(line);
        Written.Add((line.At(ms), kind));

        return ms;
    }
}
