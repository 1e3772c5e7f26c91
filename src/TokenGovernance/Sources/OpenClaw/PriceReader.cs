using System.Text.Json;
using TokenGovernance.Domain;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>Reads list prices; nothing else that is in the files leaves them.</summary>
static class PriceReader
{
    const int TokensOfOpenClaw = 1_000_000;

    /// <summary>Adds `models.providers.*.models[].cost` of a home's `openclaw.json`: US dollars per million tokens.</summary>
    public static void AddOpenClaw(PriceList list, string home)
    {
        var path = OpenClawConfiguration.PathOf(home);
        if (!File.Exists(path))
        {
            list.Notes.Add($"{path} is not there: no prices from it.");

            return;
        }

        try
        {
            using var document = Read(path, () => OpenClawConfiguration.Read(home));
            foreach (var provider in Members(Member(Member(document.RootElement, "models"), "providers")))
            {
                if (IsThisMachine(Member(provider.Value, "baseUrl")))
                {
                    list.AddLocalProvider(provider.Name);
                }

                foreach (var model in Items(Member(provider.Value, "models")))
                {
                    if (Member(model, "id") is { ValueKind: JsonValueKind.String } id && Member(model, "cost") is { ValueKind: JsonValueKind.Object } cost)
                    {
                        list.Add(new Price(
                            PerMillion(cost, "input") ?? 0, PerMillion(cost, "output") ?? 0, PerMillion(cost, "cacheRead"), PerMillion(cost, "cacheWrite"),
                            "openclaw.json", $"{provider.Name}/{id.GetString()}")
                        {
                            CacheWrite1h = PerMillion(cost, "cacheWrite1h"),
                        });
                    }
                }
            }
        }
        catch (UserFacingException e)
        {
            // A configuration in the wider JSON5 is no reason to give no answer at all.
            list.Notes.Add(e.Message);
        }
    }

    /// <summary>Adds a price file in LiteLLM's format: US dollars per token, by `model` or `provider/model`.</summary>
    /// <exception cref="UserFacingException">The file cannot be read.</exception>
    public static void AddPriceFile(PriceList list, string path)
    {
        using var document = Read(path, () => ReadPriceFile(path));
        if (document.RootElement.ValueKind is not JsonValueKind.Object)
        {
            throw new UserFacingException($"The price file {path} is not in LiteLLM's format: one JSON object, a member a model.");
        }

        foreach (var model in document.RootElement.EnumerateObject().Where(model => model.Value.ValueKind is JsonValueKind.Object))
        {
            if (Number(model.Value, "input_cost_per_token") is { } input)
            {
                list.Add(new Price(
                    input,
                    Number(model.Value, "output_cost_per_token") ?? 0,
                    Number(model.Value, "cache_read_input_token_cost"),
                    Number(model.Value, "cache_creation_input_token_cost"),
                    Path.GetFileName(path),
                    model.Name,
                    model.Value.EnumerateObject().Any(member => member.Name.Contains("_cost_per_token_above_", StringComparison.Ordinal)))
                {
                    CacheWrite1h = Number(model.Value, "cache_creation_input_token_cost_above_1hr"),
                });
            }
        }
    }

    /// <summary>It may be a pipe that the user made.</summary>
    static JsonDocument ReadPriceFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        file.CopyTo(bytes);

        return LenientJson.ParseDocument(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
    }

    static JsonDocument Read(string path, Func<JsonDocument> read)
    {
        try
        {
            return read();
        }
        catch (JsonException e)
        {
            // The message of the parser quotes no value, only where it stopped.
            throw new UserFacingException($"{path} cannot be read as JSON (line {e.LineNumber + 1}).", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserFacingException($"The prices in {path} cannot be read: {e.Message}", e);
        }
    }

    static JsonElement? Member(JsonElement? element, string name) =>
        element is { ValueKind: JsonValueKind.Object } parent && parent.TryGetProperty(name, out var member) ? member : null;

    static JsonElement.ObjectEnumerator Members(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Object } parent ? parent.EnumerateObject() : default;

    static IEnumerable<JsonElement?> Items(JsonElement? element) =>
        element is { ValueKind: JsonValueKind.Array } parent ? parent.EnumerateArray().Select(item => (JsonElement?)item) : [];

    static decimal? PerMillion(JsonElement? cost, string name) => Number(cost, name) / TokensOfOpenClaw;

    /// <summary>A server on this machine runs models of the user's own.</summary>
    static bool IsThisMachine(JsonElement? url) =>
        url is { ValueKind: JsonValueKind.String } text && Uri.TryCreate(text.GetString(), UriKind.Absolute, out var uri) && uri.IsLoopback;

    /// <summary>A price that is none is not said.</summary>
    static decimal? Number(JsonElement? element, string name) =>
        Member(element, name) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) && value is >= 0 and < 1_000_000
            ? value
            : null;
}
