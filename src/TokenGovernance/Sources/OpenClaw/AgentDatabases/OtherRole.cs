using System.Text.Json;
using TokenGovernance.Sources.Json;

namespace TokenGovernance.Sources.OpenClaw.AgentDatabases;

/// <summary>Knows, before a compressed entry is decoded, that it is a message of somebody else than the model: it holds no usage.</summary>
/// <remarks>Tool results, mostly: most of what OpenClaw compresses. Where anything is in doubt the answer is no, and the entry is decoded.</remarks>
static class OtherRole
{
    /// <summary>True if OpenClaw says so in a row's `navigation_json`, where it repeats an entry's ids, type and role.</summary>
    /// <param name="navigation">The column's text; empty for NULL. Known are version 1 and its spelling, without white space.</param>
    public static bool IsInNavigation(ReadOnlySpan<byte> navigation)
    {
        // Quotation marks within a string are escaped: this is the name of a member, wherever it stands.
        var name = "\"navigation\":"u8;
        var at = navigation.StartsWith("{\"version\":1,"u8) ? navigation.IndexOf(name) : -1;

        return at >= 0 && IsInPrefix(navigation[(at + name.Length)..]);
    }

    /// <summary>True if an entry's first bytes say so.</summary>
    public static bool IsInPrefix(ReadOnlySpan<byte> prefix)
    {
        try
        {
            var reader = new Utf8JsonReader(prefix, isFinalBlock: false, new JsonReaderState(JsonText.Options));
            if (!reader.Read() || reader.TokenType is not JsonTokenType.StartObject)
            {
                return false;
            }

            var inMessage = false;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var isMessage = !inMessage && JsonText.Is(ref reader, "message"u8);
                var isRole = inMessage && JsonText.Is(ref reader, "role"u8);
                if (!reader.Read())
                {
                    return false;
                }

                if (isRole)
                {
                    return reader.TokenType is JsonTokenType.String && !JsonText.Is(ref reader, "assistant"u8);
                }

                if (isMessage && reader.TokenType is JsonTokenType.StartObject)
                {
                    inMessage = true;
                }
                else if (!reader.TrySkip())
                {
                    return false;
                }
            }

            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
