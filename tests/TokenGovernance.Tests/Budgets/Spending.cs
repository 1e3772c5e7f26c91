using System.Globalization;

namespace TokenGovernance.Tests.Budgets;

/// <summary>Responses of now that cost something, in transcripts as OpenClaw writes them.</summary>
static class Spending
{
    /// <summary>Appends a response to a session of an agent, and begins that if it is not there.</summary>
    public static void Spend(this TestHome home, double dollars, string agent = "main") => home.Spend(DateTime.UtcNow, dollars, agent);

    /// <summary>A response of some time.</summary>
    public static void Spend(this TestHome home, DateTime at, double dollars, string agent = "main")
    {
        var path = Path.Combine(home.SessionsOf(agent), $"s-{agent}.jsonl");
        if (!File.Exists(path))
        {
            home.LogOf(agent, $"s-{agent}.jsonl", Header($"s-{agent}"));
        }

        File.AppendAllText(path, Answer(at, dollars) + "\n");
    }

    public static string Header(string session) => $$"""{"type":"session","version":3,"id":"{{session}}","timestamp":"2026-01-01T00:00:00.000Z","cwd":"/x"}""";

    public static string Answer(DateTime at, double dollars) => string.Create(CultureInfo.InvariantCulture, $$$$$$"""
        {"type":"message","id":"{{{{{{Guid.NewGuid():N}}}}}}","timestamp":"{{{{{{at:yyyy-MM-ddTHH:mm:ss.fffZ}}}}}}","message":{"role":"assistant","content":[],"provider":"stubai","model":"stub-a","stopReason":"stop","usage":{"input":10,"output":10,"cacheRead":0,"cacheWrite":0,"totalTokens":20,"cost":{"input":{{{{{{dollars}}}}}},"output":0,"cacheRead":0,"cacheWrite":0,"total":{{{{{{dollars}}}}}} }}}}
        """);
}
