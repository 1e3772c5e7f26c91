namespace TokenGovernance.Benchmarks.Corpora;

/// <summary>A model and what its tokens cost, in 1e-9 USD each.</summary>
/// <param name="HasCost">False where OpenClaw writes no cost object at all.</param>
sealed record ModelPrice(string Provider, string Id, string Api, int Input, int Output, int CacheRead, int CacheWrite, bool HasCost = true)
{
    public static readonly ModelPrice[] All =
    [
        new("openai-codex", "gpt-5.3-codex", "openai-codex-responses", 0, 0, 0, 0),
        new("anthropic", "claude-opus-4-6", "anthropic-messages", 5_000, 25_000, 500, 6_250),
        new("anthropic", "claude-sonnet-4-6", "anthropic-messages", 3_000, 15_000, 300, 3_750),
        new("openai", "gpt-5.2", "openai-responses", 1_750, 14_000, 175, 0),
        new("ollama", "qwen3:32b", "ollama", 0, 0, 0, 0, HasCost: false),
    ];
}
