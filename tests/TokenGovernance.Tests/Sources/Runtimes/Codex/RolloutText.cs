using System.Text;
using System.Text.Json;
using TokenGovernance.Sources.Runtimes.Codex;

namespace TokenGovernance.Tests.Sources.Runtimes.Codex;

/// <summary>Rollouts walked line by line, and what several of them hold together.</summary>
static class RolloutText
{
    /// <summary>Walks the lines of a file; its state is written out and read back before each line whose number is in <paramref name="splits" />.</summary>
    public static List<RolloutCall> Walk(IReadOnlyList<string> lines, Func<int, bool>? splits = null, string? threadId = null)
    {
        var state = new RolloutState { ThreadId = threadId };
        var calls = new List<RolloutCall>();
        for (var i = 0; i < lines.Count; i++)
        {
            if (splits?.Invoke(i) == true)
            {
                state = JsonSerializer.Deserialize(
                    JsonSerializer.Serialize(state, RolloutCheckpointJson.Default.RolloutState), RolloutCheckpointJson.Default.RolloutState)!;
            }

            new RolloutWalker(state).TryRead(Encoding.UTF8.GetBytes(lines[i]), out var call).Should().BeTrue($"of line {i}");
            if (call is { } found)
            {
                calls.Add(found);
            }
        }

        return calls;
    }

    /// <summary>Every call once: of several sightings the one that is no copy.</summary>
    public static List<RolloutCall> Distinct(IEnumerable<RolloutCall> calls) =>
        [.. calls.GroupBy(call => call.Key).Select(group => group.OrderBy(call => call.ThreadId is null).First())];

    public static long Total(IEnumerable<RolloutCall> calls) => calls.Sum(call => call.Tokens.Total!.Value);

    /// <summary>A line of a rollout.</summary>
    public static string Line(string type, string payload, string time = "10:05") =>
        $$"""{"timestamp":"{{Some.Time(time)}}","type":"{{type}}","payload":{{payload}}}""";

    public static string Meta(string thread, string more = "") => Line("session_meta", $$"""
        {"id":"{{thread}}","model_provider":"openai"{{more}}}
        """);

    public static string Started(string turn) => Line("event_msg", $$"""
        {"type":"task_started","turn_id":"{{turn}}"}
        """);

    public static string Context(string turn, string model = "gpt-x") => Line("turn_context", $$"""
        {"turn_id":"{{turn}}","model":"{{model}}"}
        """);

    public static string Record(string thread, string turn, string? response, long total, long threadTotal = 0) =>
        Line("token_usage_record", $$$"""
            {"thread_id":"{{{thread}}}","turn_id":"{{{turn}}}","root_turn_id":"{{{turn}}}"{{{(response is null ? "" : $",\"response_id\":\"{response}\"")}}},"usage":{{{Usage(total)}}},"thread_token_usage":{{{Usage(threadTotal)}}}}
            """);

    /// <summary>A `token_count` of a last call and the total after it; NULL leaves it out.</summary>
    public static string Count(long? last, long? total) => Line("event_msg", $$$"""
        {"type":"token_count","info":{{{{(last is { } l ? $"\"last_token_usage\":{Usage(l)}," : "")}}}{{{(total is { } t ? $"\"total_token_usage\":{Usage(t)}," : "")}}}"model_context_window":258400},"rate_limits":null}
        """);

    /// <summary>A tenth of the total is output, a fifth of the input comes from the cache.</summary>
    public static string Usage(long total) => $$"""
        {"input_tokens":{{total - total / 10}},"cached_input_tokens":{{(total - total / 10) / 5}},"cache_write_input_tokens":0,"output_tokens":{{total / 10}},"reasoning_output_tokens":{{total / 20}},"total_tokens":{{total}}}
        """;
}
