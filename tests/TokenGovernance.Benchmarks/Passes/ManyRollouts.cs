using System.Globalization;
using TokenGovernance.Benchmarks.Corpora;

namespace TokenGovernance.Benchmarks.Passes;

/// <summary>One rollout of Codex a session, in folders of days, each with prompts that a reader should skip.</summary>
/// <param name="folder">The state directory.</param>
/// <param name="sessions">How many.</param>
sealed class ManyRollouts(string folder, int sessions) : ManySessions(folder, sessions)
{
    const int PerDay = 25;
    const int PromptBytes = 6_000;

    static readonly string Prompt = string.Concat(Enumerable.Repeat("lorem ipsum dolor ", PromptBytes / 18));

    public override void Write()
    {
        for (var session = 0; session < Sessions; session++)
        {
            var path = PathOf(session);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            using var file = new StreamWriter(path);
            file.Write(Line("session_meta", $$"""{"id":"{{IdOf(session)}}","session_id":"{{IdOf(session)}}","originator":"openclaw","cli_version":"0.169.0","model_provider":"openai"}"""));
            file.Write(Line("event_msg", $$"""{"type":"task_started","turn_id":"{{TurnOf(session)}}"}"""));
            file.Write(Line("response_item", $$"""{"type":"message","role":"user","content":[{"type":"input_text","text":"{{Prompt}}"}]}"""));
            file.Write(Line("turn_context", $$"""{"turn_id":"{{TurnOf(session)}}","model":"gpt-5"}"""));
            file.Write(NextCall(session));
        }
    }

    public override void AddResponse(int session) => File.AppendAllText(PathOf(session), NextCall(session));

    public override void Dispose()
    {
    }

    static string TurnOf(int session) => $"01a21257-e87c-73e0-bc7e-{session:x12}";

    static string Line(string type, string payload) => $"{{\"timestamp\":\"{Clock.Iso(Clock.StartMs)}\",\"type\":\"{type}\",\"payload\":{payload}}}\n";

    string PathOf(int session)
    {
        var day = new DateTime(2026, 1, 1).AddDays(session / PerDay).ToString("yyyy/MM/dd", CultureInfo.InvariantCulture);

        return Path.Combine(Folder, "agents", "main", "agent", "codex-home", "sessions", day, $"rollout-2026-01-01T00-00-00-{IdOf(session)}.jsonl");
    }

    /// <summary>A call: its record, and the count that follows.</summary>
    string NextCall(int session)
    {
        const string usage = """
            {"input_tokens":1318,"cached_input_tokens":217,"cache_write_input_tokens":0,"output_tokens":57,"reasoning_output_tokens":9,"total_tokens":1375}
            """;
        AddExpected(1_375);

        return Line("token_usage_record", $$"""{"thread_id":"{{IdOf(session)}}","turn_id":"{{TurnOf(session)}}","root_turn_id":"{{TurnOf(session)}}","response_id":"resp_{{Expected.Events}}","usage":{{usage}},"thread_token_usage":{{usage}}}""")
            + Line("event_msg", $$"""{"type":"token_count","info":{"total_token_usage":{{usage}},"last_token_usage":{{usage}} } }""");
    }
}
