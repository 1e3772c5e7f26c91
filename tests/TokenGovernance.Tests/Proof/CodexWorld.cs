using System.Globalization;
using TokenGovernance.Collection;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Files;
using TokenGovernance.Storage;

namespace TokenGovernance.Tests.Proof;

/// <summary>A home whose turns Codex carries out, the collector that reads it, and everything that can happen to both.</summary>
/// <remarks>Rollouts appear file by file and piece by piece, in any order; what must be stored in the end is what the simulated Codex says.</remarks>
sealed class CodexWorld : IDisposable
{
    const string Agent = "agents/main";

    /// <summary>What can happen, the usual more often.</summary>
    public static readonly IReadOnlyList<string> Actions =
    [
        "thread", "thread", "thread", "turn", "turn", "turn", "turn", "turn", "turn", "fork", "fork", "resume", "row", "row", "trajectory", "bind", "grow", "grow", "grow", "grow", "grow",
        "grow-all", "kill", "kill", "archive", "compress", "twin", "replace", "hide", "show", "tick", "tick", "pass", "pass", "pass", "pass", "pass",
        "restart", "reopen", "lose",
    ];

    static readonly TimeSpan FullLookEvery = TimeSpan.FromHours(1);

    readonly TempFolder _folder = new();
    readonly StepClock _clock = new();
    readonly SimulatedCodex _codex = new();
    readonly List<RolloutOnDisk> _rollouts = [];
    readonly Dictionary<string, long> _rows = new(StringComparer.Ordinal);

    /// <summary>Turns that a trajectory names.</summary>
    readonly HashSet<string> _told = new(StringComparer.Ordinal);

    /// <summary>Threads that the state database names.</summary>
    readonly HashSet<string> _bound = new(StringComparer.Ordinal);
    readonly Homes _homes;
    readonly IFolderNotices _notices;
    UsageStore _store;
    Collector _collector;

    public CodexWorld(IFolderNotices notices)
    {
        _notices = notices;
        Directory.CreateDirectory(_folder[$"{Agent}/sessions"]);
        _homes = new Homes([_folder.Path], new LookRules { FullLookEvery = FullLookEvery }).With(notices);
        _store = EmptyStore.Open(EmptyStore.CopyTo(_folder["usage.db"]), _clock);
        _collector = NewCollector();
    }

    /// <summary>Runs a sequence; returns what is wrong afterwards, or NULL.</summary>
    public static string? Run(IReadOnlyList<Step> sequence) => Run(sequence, NoNotices.Instance);

    /// <summary>As above, where passes look only at what the system tells of.</summary>
    public static string? RunWatched(IReadOnlyList<Step> sequence)
    {
        using var notices = FolderNotices.Open();

        return Run(sequence, notices);
    }

    /// <summary>As above, where some of what the system tells is dropped, doubled or late.</summary>
    public static string? RunFaultilyWatched(IReadOnlyList<Step> sequence)
    {
        using var notices = new FaultyNotices(FolderNotices.Open(), TestSeed.Value + sequence.Count);

        return Run(sequence, notices);
    }

    static string? Run(IReadOnlyList<Step> sequence, IFolderNotices notices)
    {
        using var world = new CodexWorld(notices);
        foreach (var step in sequence)
        {
            if (world.Do(step) is { } failure)
            {
                return $"{step}: {failure}";
            }
        }

        return world.End();
    }

    public void Dispose()
    {
        _store.Dispose();
        _folder.Dispose();
    }

    string? Do(Step step)
    {
        var random = new Random((step.A * 1000) + step.B);
        switch (step.Action)
        {
            case "tick":
                _clock.Advance(TimeSpan.FromMilliseconds(step.A % 3 == 0 ? 10 : 3000));
                break;
            case "pass":
                return Pass();
            case "restart":
                _collector = NewCollector();
                break;
            case "reopen":
                _store.Dispose();
                _store = EmptyStore.Open(_folder["usage.db"], _clock);
                _collector = NewCollector();
                break;
            case "lose":
                CheckpointDamage.Apply(_store, step);
                _collector = NewCollector();
                break;
            case "thread":
                _codex.Begin(random).RunTurn(random);
                break;
            case "turn" or "fork" or "resume" or "row" or "trajectory" or "bind" when _codex.Threads.Count > 0:
                Change(_codex.Threads[step.A % _codex.Threads.Count], step.Action, random);
                break;
            case "grow-all":
                _rollouts.ForEach(rollout => rollout.Grow(int.MaxValue));
                break;
            default:
                if (_rollouts.Count > 0)
                {
                    Change(_rollouts[step.A % _rollouts.Count], step);
                }

                break;
        }

        foreach (var thread in _codex.Threads.Skip(_rollouts.Count))
        {
            _rollouts.Add(new RolloutOnDisk(thread, _folder, _clock, $"{Agent}/agent/codex-home", $"2026/11/{20 + (_rollouts.Count % 3)}"));
        }

        return null;
    }

    void Change(SimulatedThread thread, string action, Random random)
    {
        switch (action)
        {
            case "turn":
                thread.RunTurn(random);
                break;
            case "fork":
                _codex.Fork(thread, random).RunTurn(random);
                break;
            case "resume":
                thread.Resume(random);
                break;
            case "trajectory":
                AddTrajectory(thread);
                break;
            case "bind":
                Bind(thread);
                break;
            default:
                AddRow(thread, random);
                break;
        }
    }

    static void Change(RolloutOnDisk rollout, Step step)
    {
        switch (step.Action)
        {
            case "grow":
                rollout.Grow(1 + (step.B * step.B / 40));
                break;
            case "kill":
                rollout.Kill();
                break;
            case "archive":
                rollout.MoveTo(rollout.IsArchived ? null : "archived_sessions");
                break;
            case "compress":
                rollout.Compress(keepPlain: false);
                break;
            case "twin":
                rollout.Compress(keepPlain: true);
                break;
            case "replace":
                rollout.Replace();
                break;
            case "hide":
                rollout.Hide();
                break;
            case "show":
                rollout.Show();
                break;
            default:
                throw new InvalidOperationException(step.Action);
        }
    }

    /// <summary>OpenClaw's account of a turn that came to its end: the sum of the thread's own calls, what no rollout tells of included, or the last.</summary>
    void AddRow(SimulatedThread thread, Random random)
    {
        if (thread.IsSubagent || thread.Turns.Where(turn => turn.IsComplete && !_rows.ContainsKey(KeyOf(thread, turn.Id))).ToList() is not [_, ..] open)
        {
            return;
        }

        var (turn, _, ms) = open[random.Next(open.Count)];
        var calls = CallsOf(thread.Id, turn).ToList();
        var used = (random.Next(3) == 0 ? calls.TakeLast(1) : calls).Aggregate(default(SimulatedUsage), (sum, call) => sum + call.Used);
        if (used.Total == 0)
        {
            return;
        }

        _rows.Add(KeyOf(thread, turn), used.Total);
        AddLines(thread, ".jsonl", Row(thread, turn, used, ms));
    }

    /// <summary>OpenClaw notes each run, those that fail too; and their questions are in the transcript.</summary>
    void AddTrajectory(SimulatedThread thread)
    {
        foreach (var (turn, _, ms) in thread.IsSubagent ? [] : thread.Turns.Where(turn => _told.Add(KeyOf(thread, turn.Id))))
        {
            var about = $"\"ts\":\"{UtcTime.Format(ms - 3)}\",\"sessionId\":\"{SessionOf(thread.Id)}\",\"runId\":\"run-{turn}\"";
            AddLines(
                thread, ".trajectory.jsonl",
                $$$"""{"type":"session.started",{{{about}}},"data":{"threadId":"{{{thread.Id}}}","toolCount":52}}""",
                $$$"""{"type":"prompt.submitted",{{{about}}},"data":{"threadId":"{{{thread.Id}}}","turnId":"{{{turn}}}","prompt":"lorem \"session.started\""}}""");
            AddLines(thread, ".jsonl", Some.Question($"question-{turn}"));
        }
    }

    /// <summary>OpenClaw's plugin notes which thread answers in a session now.</summary>
    void Bind(SimulatedThread thread)
    {
        if (!thread.IsSubagent)
        {
            var state = _folder["state/openclaw.sqlite"];
            Directory.CreateDirectory(Path.GetDirectoryName(state)!);
            StoreRows.Execute(state, $$$"""
                CREATE TABLE IF NOT EXISTS plugin_state_entries (plugin_id, namespace, entry_key, value_json, created_at, PRIMARY KEY (plugin_id, namespace, entry_key));
                INSERT OR REPLACE INTO plugin_state_entries VALUES ('codex', 'app-server-thread-bindings', 'session-key:main:{{{thread.Id}}}',
                  '{"binding":{"threadId":"{{{thread.Id}}}"},"sessionId":"{{{SessionOf(thread.Id)}}}"}', {{{_clock.Now.ToUnixTimeMilliseconds()}}})
                """);
            _clock.Stamp(state);
            _bound.Add(thread.Id);
        }
    }

    void AddLines(SimulatedThread thread, string extension, params string[] lines)
    {
        var session = SessionOf(thread.Id);
        var path = _folder[$"{Agent}/sessions/{session}{extension}"];
        if (extension is ".jsonl" && !File.Exists(path))
        {
            File.WriteAllText(path, Some.Header(session, "07:00") + "\n");
        }

        File.AppendAllLines(path, lines);
        _clock.Stamp(path);
        _clock.Stamp(_folder[$"{Agent}/sessions"]);
    }

    static string Row(SimulatedThread thread, string turn, SimulatedUsage used, long ms)
    {
        var rest = used.Input - used.Cached - used.CacheWrite;

        return $$$"""
            {"type":"message","id":"row-{{{turn}}}","timestamp":"{{{UtcTime.Format(ms)}}}","message":{"role":"assistant","api":"openai-responses","provider":"openai","model":"gpt-x","stopReason":"stop","idempotencyKey":"codex-app-server:{{{thread.Id}}}:{{{turn}}}:assistant","__openclaw":{"runId":"run-{{{turn}}}"},"usage":{"input":{{{rest}}},"output":{{{used.Output}}},"cacheRead":{{{used.Cached}}},"cacheWrite":{{{used.CacheWrite}}},"totalTokens":{{{used.Total}}}},"timestamp":{{{ms}}}}}
            """;
    }

    string? End()
    {
        foreach (var rollout in _rollouts)
        {
            rollout.Show();
            rollout.Grow(int.MaxValue);
        }

        _clock.Advance(FullLookEvery * 2);
        if ((Pass() ?? Compare()) is { } difference)
        {
            return difference;
        }

        var rescan = NewCollector(rescan: true).RunPass(long.MaxValue, progress: null, CancellationToken.None);

        return rescan.Stored.Added != 0 ? $"a rescan adds {rescan.Stored.Added}" : Compare() is { } later ? $"after a rescan {later}" : null;
    }

    string? Pass()
    {
        _notices.Collect();
        var pass = _collector.RunPass(long.MaxValue, progress: null, CancellationToken.None);

        return pass.Failures.Count == 0 ? null : string.Join("; ", pass.Failures);
    }

    string? Compare()
    {
        var stored = new List<string>();
        using var command = _store.Connection.CreateCommand();
        command.CommandText = """
            SELECT scope, thread_id, turn_id, response_id, CASE scope WHEN 'call' THEN event_ts END, CASE scope WHEN 'call' THEN model END,
              CASE scope WHEN 'call' THEN input_tokens END, CASE scope WHEN 'call' THEN cache_read_tokens END, CASE scope WHEN 'call' THEN output_tokens END,
              total_tokens, session_id, CASE WHEN response_id IS NOT NULL OR scope <> 'call' THEN run_id END, CASE scope WHEN 'call' THEN cost_source END
            FROM usage_events
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            stored.Add(string.Join(' ', Enumerable.Range(0, row.FieldCount).Select(i => row.IsDBNull(i) ? "-" : Convert.ToString(row.GetValue(i), CultureInfo.InvariantCulture))));
        }

        var expected = Expected().ToList();
        stored.Sort(StringComparer.Ordinal);
        expected.Sort(StringComparer.Ordinal);
        if (stored.SequenceEqual(expected))
        {
            return null;
        }

        var (missing, odd) = (Without(expected, stored), Without(stored, expected));

        return $"{missing.Count} missing, {odd.Count} odd:\n  - {string.Join("\n  - ", missing.Take(4))}\n  + {string.Join("\n  + ", odd.Take(4))}";
    }

    static List<string> Without(List<string> list, List<string> other)
    {
        var rest = list.ToList();
        other.ForEach(item => rest.Remove(item));

        return rest;
    }

    IEnumerable<string> Expected()
    {
        foreach (var call in _codex.Calls.Where(call => call.IsWritten))
        {
            var used = call.Used;
            var root = _codex.Threads.Single(thread => thread.Id == call.Thread).Root!;
            var turn = call.Thread == root.Id ? call.Turn : call.RootTurn;
            var run = turn is not null && call.Response is not null && (_rows.ContainsKey($"{root.Id} {turn}") || _told.Contains($"{root.Id} {turn}")) ? $"run-{turn}" : "-";
            yield return $"call {call.Thread} {call.Turn} {call.Response ?? "-"} {UtcTime.Format(call.Ms)} {call.Model ?? "-"} {used.Input - used.Cached - used.CacheWrite} "
                + $"{used.Cached} {used.Output} {used.Total} {(IsKnown(root.Id) ? SessionOf(root.Id) : "-")} {run} {(root.IsPlanPaid ? "plan-paid" : "-")}";
        }

        foreach (var (key, total) in _rows)
        {
            var (thread, turn) = (key.Split(' ')[0], key.Split(' ')[1]);
            var calls = CallsOf(thread, turn).Where(call => call.IsWritten).ToList();
            var rest = total - calls.Sum(call => call.Used.Total);
            if (rest > 0)
            {
                yield return $"{(calls.Count == 0 ? "turn" : "remainder")} {thread} {turn} - - - - - - {rest} {SessionOf(thread)} run-{turn} -";
            }
        }
    }

    /// <summary>OpenClaw says in which session the thread answers.</summary>
    bool IsKnown(string thread) => _bound.Contains(thread) || _rows.Keys.Concat(_told).Any(key => key.StartsWith($"{thread} ", StringComparison.Ordinal));

    IEnumerable<SimulatedCall> CallsOf(string thread, string turn) => _codex.Calls.Where(call => call.Thread == thread && call.Turn == turn);

    static string KeyOf(SimulatedThread thread, string turn) => $"{thread.Id} {turn}";

    static string SessionOf(string thread) => $"session-{thread}";

    Collector NewCollector(bool rescan = false) =>
        new(_store, checkpoints => _homes.OpenSources(checkpoints, _clock), rescan, _clock);
}
