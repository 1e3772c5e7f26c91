namespace TokenGovernance.Configuration;

/// <summary>Reads `[notify.NAME]`.</summary>
static class DestinationReader
{
    public static IReadOnlyList<DestinationSettings> ReadAll(Section section)
    {
        var all = section.Keys.Select(name => (name, table: section.Table(name))).ToList()
            .Select(pair => pair.table is null ? null : Read(pair.name, pair.table));

        return [.. all.OfType<DestinationSettings>()];
    }

    static DestinationSettings? Read(string name, Section section)
    {
        var exec = section.Texts("exec");
        var webhook = ReadWebhook(section);
        var openClaw = section.Table("openclaw") is { } table ? ReadOpenClaw(table) : null;
        section.RejectUnknown();
        if (BudgetName.Parse(name) is null)
        {
            section.FailAll($"{name} is no {BudgetName.Form}");
        }

        if (new object?[] { exec, webhook, openClaw }.Count(way => way is not null) == 1 && exec is not { Count: 0 })
        {
            return new DestinationSettings(name) { Exec = exec, Webhook = webhook, OpenClaw = openClaw };
        }

        section.FailAll($"{section.Title} needs one of exec, webhook and openclaw");

        return null;
    }

    static WebhookSettings? ReadWebhook(Section section)
    {
        var url = ReadSecret(section, "webhook");
        var format = section.Parsed(
            "format",
            text => Enum.GetValues<WebhookFormat>().Cast<WebhookFormat?>().FirstOrDefault(format => string.Equals(format.ToString(), text, StringComparison.OrdinalIgnoreCase)),
            "generic, slack, discord, ntfy or alertmanager");
        var (secret, token) = (ReadSecret(section, "secret"), ReadSecret(section, "token"));
        if (url is null)
        {
            return null;
        }

        if (url.IsInConfiguration && !(Uri.TryCreate(url.Read(), UriKind.Absolute, out var address) && address.Scheme is "http" or "https"))
        {
            section.Fail("webhook", "takes an address that begins with https:// or http://");
        }

        return new WebhookSettings(url, format ?? WebhookFormat.Generic, secret, token);
    }

    static OpenClawSettings? ReadOpenClaw(Section section)
    {
        var channel = section.Required("channel", text => text, "a channel such as telegram");
        var target = section.Required("target", text => text, "a recipient, as OpenClaw writes it");
        var account = section.Text("account");
        section.RejectUnknown();

        return channel is null || target is null ? null : new OpenClawSettings(channel, target, account);
    }

    /// <summary>A text, `{ env = "NAME" }` or `{ file = "path" }`.</summary>
    static SecretText? ReadSecret(Section section, string key)
    {
        if (!section.IsTable(key))
        {
            return section.Text(key) is { } text ? SecretText.OfText(text) : null;
        }

        var table = section.Table(key)!;
        var (variable, file) = (table.Text("env"), table.Text("file"));
        table.RejectUnknown();
        if ((variable is null) == (file is null))
        {
            section.Fail(key, "takes a text, { env = \"NAME\" } or { file = \"path\" }");

            return null;
        }

        return variable is not null ? SecretText.OfVariable(variable) : SecretText.OfFile(file!);
    }
}
