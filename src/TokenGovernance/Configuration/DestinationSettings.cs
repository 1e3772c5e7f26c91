namespace TokenGovernance.Configuration;

/// <summary>One `[notify.NAME]`: where messages go. Exactly one of the three ways is set.</summary>
sealed record DestinationSettings(string Name)
{
    /// <summary>A program and its arguments; it gets JSON on standard input.</summary>
    public IReadOnlyList<string>? Exec { get; init; }

    public WebhookSettings? Webhook { get; init; }

    public OpenClawSettings? OpenClaw { get; init; }

    /// <summary>In words, without secrets.</summary>
    public string Description =>
        Exec is { } command ? $"runs {command[0]}"
        : OpenClaw is { } message ? $"openclaw, {message.Channel} to {message.Target}"
        : $"webhook, {Webhook!.Format.ToString().ToLowerInvariant()}";
}

/// <param name="Url">Where to; with Slack and Discord it is a secret itself.</param>
/// <param name="Secret">Signs the body of a generic one.</param>
/// <param name="Token">Is sent as `Authorization: Bearer`.</param>
sealed record WebhookSettings(SecretText Url, WebhookFormat Format, SecretText? Secret, SecretText? Token);

/// <param name="Channel">Such as `telegram`.</param>
/// <param name="Target">Who, as OpenClaw writes it.</param>
/// <param name="Account">Which of several accounts of the channel; NULL is OpenClaw's default.</param>
sealed record OpenClawSettings(string Channel, string Target, string? Account);

/// <summary>What a webhook understands.</summary>
enum WebhookFormat
{
    /// <summary>Our own JSON, see docs/budgets.md.</summary>
    Generic,
    Slack,
    Discord,
    Ntfy,

    /// <summary>Alertmanager's API v2.</summary>
    Alertmanager,
}
