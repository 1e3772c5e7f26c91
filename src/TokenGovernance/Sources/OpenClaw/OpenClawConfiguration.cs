using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using TokenGovernance.Sources.Files;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw;

/// <summary>What of OpenClaw's `openclaw.json` matters to reading: where sessions are kept.</summary>
/// <param name="home">The state directory.</param>
sealed partial class OpenClawConfiguration(string home)
{
    // OpenClaw's configuration may have comments and trailing commas.
    static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    readonly string _path = PathOf(home);
    FileStat _stat;
    string? _sessionStore;

    public static string PathOf(string home) => Path.Combine(home, "openclaw.json");

    /// <summary>`session.store`: the path of an index, `{agentId}` in it standing for the agent; NULL if it is not set.</summary>
    public string? FindSessionStore()
    {
        var stat = FileStat.Of(_path);
        if (stat != _stat)
        {
            // What cannot be read or understood leaves sessions where they are by default; its rights are no source's business.
            _sessionStore = stat.Kind is FileKind.File ? ReadSessionStore() : null;
            _stat = stat;
        }

        return _sessionStore;
    }

    /// <summary>Reads a configuration.</summary>
    /// <exception cref="JsonException">It is no JSON.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public static JsonDocument Read(string home) => LenientJson.ParseDocument(SharedFile.ReadAll(PathOf(home)), Lenient);

    string? ReadSessionStore()
    {
        try
        {
            using var document = Read(home);

            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("session", out var session) && session.ValueKind is JsonValueKind.Object
                && session.TryGetProperty("store", out var store) && store.ValueKind is JsonValueKind.String
                    ? store.GetString()!.Trim() is { Length: > 0 } path ? path : null
                    : null;
        }
        catch (JsonException)
        {
            // OpenClaw reads the wider JSON5.
            return FindInText();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    string? FindInText()
    {
        try
        {
            var match = StoreOfJson5().Match(Encoding.UTF8.GetString(SharedFile.ReadAll(_path)));

            return match.Success ? match.Groups["path"].Value.Trim() : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [GeneratedRegex("""["']?\bsession["']?\s*:\s*\{[^{}]*?["']?\bstore["']?\s*:\s*(?<quote>["'])(?<path>[^"'\r\n]+)\k<quote>""", RegexOptions.ExplicitCapture)]
    private static partial Regex StoreOfJson5();
}
