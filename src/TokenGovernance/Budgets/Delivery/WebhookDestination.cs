using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TokenGovernance.Configuration;
using TokenGovernance.Domain;

namespace TokenGovernance.Budgets.Delivery;

/// <summary>Posts messages to a web address, in the form that whoever listens there understands.</summary>
sealed class WebhookDestination(WebhookSettings settings, HttpClient http) : IDestination
{
    /// <summary>Slack cuts off at 40,000, Discord refuses more than 2,000 characters, ntfy 4,096 bytes.</summary>
    const int MaxDiscord = 1900, MaxNtfyBytes = 4000;

    public TimeSpan TimeLimit => TimeSpan.FromSeconds(30);

    public bool WantsResolutions => settings.Format is WebhookFormat.Generic or WebhookFormat.Alertmanager;

    public async Task<string?> SendAsync(AlertMessage message, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(TimeLimit);
        try
        {
            using var request = Prepare(message);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limit.Token);

            return response.IsSuccessStatusCode ? null : $"the webhook answered {(int)response.StatusCode}";
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"the webhook did not answer within {TimeLimit.TotalSeconds} s";
        }
        catch (HttpRequestException e)
        {
            // Its message names host and port at most, never the path, which may be the secret.
            return $"the webhook cannot be reached: {e.Message}";
        }
        catch (Exception e) when (e is UserFacingException or UriFormatException or FormatException)
        {
            return e is UserFacingException ? e.Message : "the webhook's address or token is none";
        }
    }

    HttpRequestMessage Prepare(AlertMessage message)
    {
        var address = new Uri(settings.Url.Read(), UriKind.Absolute);
        var body = settings.Format switch
        {
            WebhookFormat.Slack => JsonSerializer.SerializeToUtf8Bytes(new SlackMessage(EscapeForSlack(message.Text)), AlertJson.Default.SlackMessage),
            WebhookFormat.Discord => JsonSerializer.SerializeToUtf8Bytes(
                new DiscordMessage(Cut(message.Text, MaxDiscord), new DiscordMentions([])), AlertJson.Default.DiscordMessage),
            WebhookFormat.Ntfy => Encoding.UTF8.GetBytes(Cut(message.Text, MaxNtfyBytes / 4)),
            WebhookFormat.Alertmanager => Alertmanager.ToJson(message),
            _ => message.ToJson(),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, settings.Format is WebhookFormat.Alertmanager ? Alertmanager.AddressOf(address) : address)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(
            settings.Format is WebhookFormat.Ntfy ? "text/plain; charset=utf-8" : "application/json");
        if (settings.Format is WebhookFormat.Generic)
        {
            request.Headers.Add("X-Token-Governance-Id", message.Id);
            if (settings.Secret is { } secret)
            {
                var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret.Read()), body);
                request.Headers.Add("X-Token-Governance-Signature", $"sha256={Convert.ToHexStringLower(signature)}");
            }
        }

        if (settings.Format is WebhookFormat.Ntfy)
        {
            request.Headers.Add("Title", $"Token Governance: {message.Budget}");
            request.Headers.Add("Priority", message.Kind is "runaway" || message.Threshold >= 100 ? "high" : "default");
        }

        if (settings.Token is { } token)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Read());
        }

        return request;
    }

    static string EscapeForSlack(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal).Replace(">", "&gt;", StringComparison.Ordinal);

    static string Cut(string text, int most) => text.Length <= most ? text : string.Concat(text.AsSpan(0, most - 1), "…");
}
