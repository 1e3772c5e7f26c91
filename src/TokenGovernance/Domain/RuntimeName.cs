namespace TokenGovernance.Domain;

/// <summary>What carried out a turn, as the store names it.</summary>
static class RuntimeName
{
    /// <summary>OpenClaw itself.</summary>
    public const string OpenClaw = "openclaw";

    public const string Codex = "codex";

    public const string ClaudeCode = "claude-code";

    /// <summary>Any program that speaks the Agent Client Protocol.</summary>
    public const string Acp = "acp";

    /// <summary>The runtime behind a provider of OpenClaw's whose API is `cli`: `google-gemini-cli` is `gemini-cli`.</summary>
    public static string OfCli(string? provider) => provider switch
    {
        "claude-cli" => ClaudeCode,
        "codex-cli" => Codex,
        "google-gemini-cli" => "gemini-cli",
        _ => provider ?? "cli",
    };
}
