using TokenGovernance.Text;

namespace TokenGovernance.Reports;

/// <summary>Where a table goes.</summary>
/// <param name="Width">Cells in a line; NULL for a pipe or file: no limit and no charts.</param>
/// <param name="HasColor">Whether to use escape codes.</param>
readonly record struct Screen(int? Width, bool HasColor)
{
    /// <summary>Adds a colour or weight, where there are any.</summary>
    public string Paint(string text, string code) => HasColor && text.Length > 0 ? $"\e[{code}m{text}\e[0m" : text;

    /// <summary>Cuts a line off where the screen ends.</summary>
    public string Fit(string text) => Width is { } width ? TextWidth.Fit(text, width) : text;

    /// <summary>Writes a footnote, in as many lines as it needs.</summary>
    public void WriteNote(TextWriter output, string note)
    {
        foreach (var line in TextWidth.Wrap(note, Width))
        {
            output.WriteLine(Paint(line, "2"));
        }
    }

    /// <summary>Writes a text behind a heading; further lines begin below the text.</summary>
    public void WriteWrapped(TextWriter output, string heading, string text)
    {
        var indent = new string(' ', TextWidth.WidthOf(heading));
        foreach (var (i, line) in TextWidth.Wrap(text, Width is { } width ? Math.Max(10, width - indent.Length) : null).Index())
        {
            output.WriteLine(i == 0 ? Paint(heading, "2") + line : indent + line);
        }
    }

    /// <summary>Breaks a text into lines that fit.</summary>
    public IEnumerable<string> Wrap(string text) => TextWidth.Wrap(text, Width);
}
