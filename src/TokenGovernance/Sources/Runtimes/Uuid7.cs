using System.Globalization;

namespace TokenGovernance.Sources.Runtimes;

/// <summary>UUIDs of version 7, which begin with the time they were made.</summary>
static class Uuid7
{
    /// <summary>Returns that time in ms since 1970, or NULL if the text is no such UUID.</summary>
    public static long? TimeOf(string? text) =>
        text is { Length: 36 } && text[14] == '7' && Guid.TryParseExact(text, "D", out _)
            ? long.Parse(text[..8] + text[9..13], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)
            : null;
}
