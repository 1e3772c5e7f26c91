using System.Text.RegularExpressions;
using TokenGovernance.Domain;

namespace TokenGovernance.Sources.OpenClaw.Status;

/// <summary>Makes text of other programs fit to be kept or shown: bounded, and without the e-mail address of anybody.</summary>
static partial class StatusText
{
    /// <summary>Names are kept up to this many characters: room for any real one, a bound for hostile ones.</summary>
    public const int MaxName = 1024;

    /// <summary>Room for what went wrong; the rest is detail.</summary>
    public const int MaxLine = 200;

    /// <summary>A plan's, window's or provider's name; NULL for none.</summary>
    public static string? Name(string? text) => Cut(text, MaxName);

    /// <summary>A message on one line, without control characters; NULL for none.</summary>
    public static string? Line(string? text) => text is null ? null : Cut(Blank().Replace(text, " ").Trim(), MaxLine);

    /// <summary>A reading that failed as a whole.</summary>
    /// <param name="blank">A snapshot with what all rows of the reading share.</param>
    /// <param name="reason">What failed.</param>
    public static StatusReading FailedReading(QuotaSnapshot blank, string reason) =>
        new([blank with { Kind = SnapshotKind.Error, Error = Line(reason) }], reason);

    static string? Cut(string? text, int length)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        // Masked before it is cut: half an address is one still.
        text = Email().Replace(text, "(e-mail)");

        return text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];
    }

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();

    // It begins where a word does, and the atomic group never looks at one twice: linear, however long the text is.
    [GeneratedRegex(@"(?<![^\s@""'<>(),;:=])(?>[^\s@""'<>(),;:=]+)@[^\s@""'<>(),;:=]+\.[^\s@""'<>(),;:=]+")]
    private static partial Regex Email();
}
