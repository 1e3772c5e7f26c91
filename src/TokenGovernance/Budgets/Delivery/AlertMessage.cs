using System.Text.Json;
using System.Text.Json.Serialization;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>A message as programs get it: the JSON of webhooks and of standard input. Fields may be added, never renamed.</summary>
/// <param name="Version">Of this schema.</param>
/// <param name="Id">The same for every attempt to deliver it: whoever got it twice can tell.</param>
/// <param name="Status">`firing`, `resolved`, or `test`.</param>
/// <param name="Kind">`budget`, `forecast`, `quota`, `runaway`, or `digest`.</param>
/// <param name="Instance">NULL: the budget as a whole.</param>
/// <param name="Threshold">Percent of the limit.</param>
/// <param name="Share">The value as a part of the limit.</param>
/// <param name="Unpriced">Responses without a price that the value does not hold.</param>
/// <param name="EstimatedUsd">Dollars of the value that are estimated at list prices; NULL: none.</param>
/// <param name="IsLate">It could not be delivered when it was news.</param>
/// <param name="IsRepeat">Perhaps it was delivered before: who tried that was killed before it could be noted.</param>
/// <param name="Text">What people read.</param>
sealed record AlertMessage(
    int Version, string Id, string Status, string Kind, string Budget, string? Instance, int Threshold, double Value, double Limit, string Unit,
    double Share, long Unpriced, double? EstimatedUsd, string PeriodStart, string? PeriodEnd, string FiredAt, string? ResolvedAt, [property: JsonPropertyName("late")] bool IsLate,
    [property: JsonPropertyName("repeat")] bool IsRepeat, string Text)
{
    /// <summary>After so long it is no news any more.</summary>
    const long NewsMs = 10 * 60_000;

    /// <summary>One alert as a message.</summary>
    /// <param name="delivery">The alert, and whether it is over.</param>
    /// <param name="nowMs">When it is sent.</param>
    public static AlertMessage Of(DueDelivery delivery, long nowMs)
    {
        var alert = delivery.Alert;
        var isLate = !delivery.IsResolution && nowMs - alert.FiredMs > NewsMs;
        var late = isLate ? $"(late, of {UtcTime.Format(alert.FiredMs)[..16]}Z) " : "";
        var text = $"{(delivery.IsRepeat ? "(perhaps sent before) " : "")}{late}{(delivery.IsResolution ? "Over: " : "")}{alert.Text}";

        return new AlertMessage(
            1, $"{alert.Id}{(delivery.IsResolution ? "-resolved" : "")}", delivery.IsResolution ? "resolved" : "firing",
            alert.Kind.ToString().ToLowerInvariant(), alert.Budget, alert.Instance.Length > 0 ? alert.Instance : null, alert.Threshold,
            alert.Value, alert.Limit, alert.Unit, alert.Limit > 0 ? Math.Round(alert.Value / alert.Limit, 4) : 0, alert.UnpricedEvents,
            alert.EstimatedUsd, UtcTime.Format(alert.PeriodStartMs), Format(alert.PeriodEndMs), UtcTime.Format(alert.FiredMs),
            delivery.IsResolution ? Format(alert.ResolvedMs) : null, isLate, delivery.IsRepeat, text);
    }

    /// <summary>Many messages as one.</summary>
    public static AlertMessage Digest(IReadOnlyList<AlertMessage> messages) => messages[0] with
    {
        Id = $"{messages[0].Id}+{messages.Count - 1}",
        Kind = "digest",
        IsRepeat = messages.Any(message => message.IsRepeat),
        Text = $"{messages.Count} alerts at once:\n" + string.Join('\n', messages.Take(MostInDigest).Select(message => $"- {message.Text}"))
            + (messages.Count > MostInDigest ? $"\n… and {messages.Count - MostInDigest} more; see 'token-governance budget'." : ""),
    };

    /// <summary>What `budget test` sends.</summary>
    public static AlertMessage Test(string budget, long nowMs) => new(
        1, $"test-{nowMs}", "test", "budget", budget, null, 100, 0, 0, "USD", 0, 0, null, UtcTime.Format(nowMs), null, UtcTime.Format(nowMs), null, false, false,
        $"Test of token-governance: messages about {budget} will come here. Nothing was exceeded.");

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, AlertJson.Default.AlertMessage);

    const int MostInDigest = 20;

    static string? Format(long? ms) => ms is { } known ? UtcTime.Format(known) : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AlertMessage))]
[JsonSerializable(typeof(SlackMessage))]
[JsonSerializable(typeof(DiscordMessage))]
sealed partial class AlertJson : JsonSerializerContext;

/// <summary>What Slack's incoming webhooks take.</summary>
sealed record SlackMessage(string Text);

/// <summary>What Discord's webhooks take; nobody is to be called by it.</summary>
sealed record DiscordMessage(string Content, DiscordMentions AllowedMentions);

sealed record DiscordMentions(IReadOnlyList<string> Parse);
