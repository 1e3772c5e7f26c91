using System.Globalization;
using System.Text.Json;
using TokenGovernance.Domain;

namespace TokenGovernance.Tests;

/// <summary>Lines and records in which only what a test names matters. Times are `10:05` of one day, UTC.</summary>
static class Some
{
    public const string Home = "/home/me/.openclaw";

    public const string About = """
        "api":"openai-completions","provider":"stubai","model":"stub-a","stopReason":"stop"
        """;

    public const string Usage = """
        {"input":100,"output":20,"cacheRead":3,"cacheWrite":0,"totalTokens":123,"cost":{"input":0.1,"output":0.2,"cacheRead":0.03,"cacheWrite":0,"total":0.33}}
        """;

    /// <summary>`2026-11-21T10:05:00.000Z` for `10:05`.</summary>
    public static string Time(string time) => $"2026-11-21T{time}{(time.Length == 5 ? ":00" : "")}{(time.Contains('.') ? "" : ".000")}Z";

    public static long Ms(string time) =>
        DateTimeOffset.Parse(Time(time), CultureInfo.InvariantCulture).ToUnixTimeMilliseconds();

    /// <summary>The first line of a transcript.</summary>
    public static string Header(string id, string time = "10:00", string? parent = null) =>
        $$"""{"type":"session","version":3,"id":"{{id}}","timestamp":"{{Time(time)}}","cwd":"/home/user/workspace"{{(parent is null ? "" : $",\"parentSession\":\"{parent}\"")}}}""";

    /// <summary>An assistant's message with usage.</summary>
    /// <param name="id">The entry's id; NULL leaves it out.</param>
    /// <param name="time">When it was written; NULL leaves it out. The call began in the same moment.</param>
    /// <param name="usage">Its usage object.</param>
    /// <param name="about">Further fields of the message.</param>
    /// <param name="text">What was said.</param>
    public static string Answer(
        string? id, string? time = "10:05", string usage = Usage, string about = About, string text = "lorem ipsum") =>
        Message(id, time, $$"""
            "role":"assistant","content":[{"type":"text","text":{{JsonSerializer.Serialize(text)}}}],{{about}}{{(about.Length > 0 ? "," : "")}}"usage":{{usage}}{{(time is null ? "" : $",\"timestamp\":{Ms(time)}")}}
            """);

    /// <summary>An entry of type `message` around a message's fields.</summary>
    public static string Message(string? id, string? time, string message, string entry = "") =>
        $$$"""{"type":"message",{{{(id is null ? "" : $"\"id\":\"{id}\",")}}}{{{(time is null ? "" : $"\"timestamp\":\"{Time(time)}\",")}}}{{{entry}}}"message":{{{{message}}}}}""";

    public static string Question(string id, string time = "10:04", string text = "lorem?") =>
        Message(id, time, $$"""
            "role":"user","content":{{JsonSerializer.Serialize(text)}}
            """);

    public static string ModelChange(string provider, string model) =>
        $$"""{"type":"model_change","id":"c1","timestamp":"{{Time("10:01")}}","provider":"{{provider}}","modelId":"{{model}}"}""";

    public static string ModelSnapshot(string provider, string model) =>
        $$"""{"type":"custom","customType":"model-snapshot","data":{"timestamp":1,"provider":"{{provider}}","modelApi":"x","modelId":"{{model}}"},"id":"c2","timestamp":"{{Time("10:01")}}"}""";

    /// <summary>A trajectory's record of what started a run.</summary>
    public static string SessionStarted(string session, string key, string trigger, string time = "10:04", string run = "run-1") =>
        $$$"""{"traceSchema":"openclaw-trajectory","type":"session.started","ts":"{{{Time(time)}}}","sessionId":"{{{session}}}","sessionKey":"{{{key}}}","runId":"{{{run}}}","provider":"stubai","modelId":"stub-a","data":{"trigger":"{{{trigger}}}","messageProvider":"webchat"}}""";

    public static SessionIdentity Session(string id = "s1", string agent = "main") => new(Home, agent, id);

    /// <summary>An event as a source hands it over.</summary>
    public static UsageEvent Event(string id = "a1", string session = "s1", string time = "10:05", string? model = "stub-a") => new()
    {
        Key = EventKey.FromEntry(id, Ms(time)),
        Session = Session(session),
        EntryId = id,
        EventMs = Ms(time),
        StartedMs = Ms(time),
        ModelProvider = "stubai",
        Model = model,
        Tokens = new TokenCounts(100, 20, 3, 0, 123, null),
        Cost = new Cost(0.1, 0.2, 0.03, 0, 0.33, CostClass.Recorded),
        SourceFile = $"{Home}/agents/main/sessions/{session}.jsonl",
        SourceLineNo = 2,
    };
}
